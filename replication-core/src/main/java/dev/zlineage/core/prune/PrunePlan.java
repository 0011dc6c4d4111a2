// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.prune;

import dev.zlineage.core.prune.CopyFate.Act;
import dev.zlineage.core.zfs.DatasetName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is to be done with the copies of one replication. Equal requests and observations give equal plans.
 *
 * @param request what was asked for
 * @param host what to call the target's host
 * @param copies the copies of which there is something to say; what is destroyed is in the order in which that happens. Empty
 *     too where the source is not there or holds no snapshot
 */
public record PrunePlan(PruneRequest request, String host, List<CopyFate> copies) {

    /** Copies the list. */
    public PrunePlan {
        copies = List.copyOf(copies);
    }

    /**
     * Those with which one thing is done.
     *
     * @param act what is done
     * @return in their order
     */
    public List<CopyFate> with(Act act) {
        return copies.stream().filter(copy -> copy.act() == act).toList();
    }

    /**
     * What will be destroyed.
     *
     * @return one entry for each copy, by host, name and GUID, and by its snapshots
     */
    public List<String> destroys() {
        return with(Act.DESTROY).stream().map(this::lost).toList();
    }

    /**
     * The part of this plan that somebody has seen.
     *
     * @param agreed tells of an entry of {@link #destroys} whether it may be lost
     * @return this plan, where all other copies stay, and what is above one that stays, or is what that is a clone of
     */
    public PrunePlan within(Predicate<String> agreed) {
        List<CopyFate> kept = new ArrayList<>();
        List<CopyFate> fates = new ArrayList<>();
        for (CopyFate copy : copies) {
            boolean stays = copy.act() == Act.DESTROY
                    && (!agreed.test(lost(copy)) || kept.stream().anyMatch(other -> needs(other, copy.dataset())));
            if (stays) {
                kept.add(copy);
                fates.add(copy.left("it is not in the plan that was approved"));
            } else {
                fates.add(copy);
            }
        }
        return new PrunePlan(request, host, fates);
    }

    private static boolean needs(CopyFate stays, DatasetName other) {
        return other.contains(stays.dataset()) || stays.origin().equals(Optional.of(other));
    }

    private String lost(CopyFate copy) {
        return host + " dataset " + copy.dataset() + " (GUID " + copy.guid() + ") with "
                + copy.snapshots().stream()
                        .map(snapshot -> snapshot.guid().toString())
                        .collect(Collectors.joining(","));
    }

    /** The plan as a text that a human follows. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("copies on " + host + " below "
                + request.replication().target() + ": " + with(Act.DESTROY).size() + " will be destroyed\n");
        for (CopyFate copy : copies) {
            out.append("  ").append(copy.dataset()).append(": ");
            out.append(copy.act().word()).append(", ").append(copy.why()).append('\n');
            if (copy.act() == Act.DESTROY) {
                copy.snapshots()
                        .forEach(snapshot ->
                                out.append("      destroy ").append(snapshot).append('\n'));
            }
        }
        return out.toString();
    }
}
