// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.prune;

import dev.zlineage.core.prune.CopyFate.Act;
import java.util.List;

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
