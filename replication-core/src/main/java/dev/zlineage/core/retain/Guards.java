// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.lineage.Base;
import dev.zlineage.core.lineage.Lineage;
import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.retain.LeftAlone.Reason;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What no owner is asked about: without it the next replication would have to start anew, or a backup be lost. */
final class Guards {

    private Guards() {}

    /** Pins what the replications of a dataset go on from, and what they still have to send. */
    static void pin(Judging judging, History history, List<Link> links) {
        int newest = lastSnapshot(history);
        if (newest >= 0) {
            judging.guard(newest, "newest", "the newest of its dataset");
        }
        for (Link link : links) {
            int base = -1;
            if (link.sight() instanceof Link.Sight.Seen seen) {
                base = base(history, link.role(), seen.history());
                // a base that is left as a bookmark here pins nothing: snapshots are what retention destroys
                if (base >= 0 && !history.isBookmark(base)) {
                    judging.guard(base, "base", link.task() + " goes on from it to or from " + link.there());
                }
            }
            if (link.role() == Link.Role.SENDS && link.pending().isPresent()) {
                BitSet sent = link.pending().get().in(history);
                for (int i = sent.nextSetBit(base + 1); i >= 0; i = sent.nextSetBit(i + 1)) {
                    judging.guard(i, "pending", link.task() + " has not sent it to " + link.there() + " yet");
                }
            }
        }
    }

    /** The place here of the newest snapshot of the target that the source knows, or -1. */
    static int base(History here, Link.Role role, History there) {
        if (role == Link.Role.SENDS) {
            return Lineage.base(here, there).map(Base::sourceIndex).orElse(-1);
        }
        Optional<Base> base = Lineage.base(there, here);
        for (int i = here.size() - 1; i >= 0; i--) {
            if (base.isPresent()
                    && !here.isBookmark(i)
                    && here.guidBits(i) == base.get().onTarget().guid().bits()) {
                return i;
            }
        }
        return -1;
    }

    static Set<Long> snapshotGuids(History history) {
        Set<Long> guids = new HashSet<>();
        for (int i = 0; i < history.size(); i++) {
            if (!history.isBookmark(i)) {
                guids.add(history.guidBits(i));
            }
        }
        return guids;
    }

    private static int lastSnapshot(History history) {
        for (int i = history.size() - 1; i >= 0; i--) {
            if (!history.isBookmark(i)) {
                return i;
            }
        }
        return -1;
    }

    /** Why nothing of a dataset may be destroyed. */
    static Optional<LeftAlone> alone(DatasetName dataset, History history, List<Link> links, boolean beforeSending) {
        if (SetAside.isAside(dataset) || SetAside.target(dataset).isPresent()) {
            return Optional.of(new LeftAlone(
                    Reason.SWAPPED,
                    "it takes another dataset's place, or was set aside",
                    "finish the replication, or destroy the dataset as a whole when it is not needed"));
        }
        boolean proven = false;
        for (Link link : links) {
            Optional<LeftAlone> why = alone(link, history);
            if (why.isPresent()) {
                return why;
            }
            proven |= link.role() == Link.Role.RECEIVES;
        }
        return beforeSending && !proven
                ? Optional.of(new LeftAlone(
                        Reason.NO_BASE,
                        "no replication into it was seen, so nothing is proven to be of no use",
                        "run the retention after the replication"))
                : Optional.empty();
    }

    private static Optional<LeftAlone> alone(Link link, History history) {
        String there = link.there() + ", which " + link.task()
                + (link.role() == Link.Role.SENDS ? " sends to" : " receives from");
        if (link.sight() instanceof Link.Sight.Unknown unknown) {
            return Optional.of(new LeftAlone(
                    Reason.OTHER_SIDE_UNKNOWN,
                    there + ", could not be looked at: " + unknown.why(),
                    "make that host reachable, or give the task up"));
        }
        if (link.role() == Link.Role.SENDS) {
            return Optional.empty();
        }
        if (!(link.sight() instanceof Link.Sight.Seen seen)) {
            return Optional.of(new LeftAlone(
                    Reason.SOURCE_MISSING,
                    there + ", is not there",
                    "bring it back, or give the task up if this copy is not needed"));
        }
        if (seen.history().newestSnapshot().isEmpty()) {
            return Optional.of(new LeftAlone(
                    Reason.SOURCE_EMPTY, there + ", has no snapshots", "take one there, and replicate it"));
        }
        return base(history, link.role(), seen.history()) >= 0
                ? Optional.empty()
                : Optional.of(new LeftAlone(
                        Reason.NO_BASE,
                        there + ", has none of its snapshots",
                        "decide what becomes of this copy first: replicate with a policy for targets that diverged"));
    }
}
