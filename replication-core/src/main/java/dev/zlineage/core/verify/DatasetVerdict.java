// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

import dev.zlineage.core.lineage.Relation;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.verify.SnapshotVerdict.Outcome;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Snapshot;
import java.util.List;

/**
 * How the two sides of one dataset compare.
 *
 * @param source the dataset of the source
 * @param target its target
 * @param relation how their histories stand to each other, by GUID
 * @param decision what a run of the same request would do, and why
 * @param common how many snapshots both have
 * @param missing selected snapshots of the source, newer than what both have, that the target lacks
 * @param deep whether contents were to be compared
 * @param snapshots those whose contents were, from old to new
 */
public record DatasetVerdict(
        DatasetName source,
        DatasetName target,
        Relation relation,
        Decision decision,
        int common,
        List<Snapshot> missing,
        boolean deep,
        List<SnapshotVerdict> snapshots) {

    /** Copies the lists. */
    public DatasetVerdict {
        missing = List.copyOf(missing);
        snapshots = List.copyOf(snapshots);
    }

    /** How it stands, in a word. */
    public enum Standing {
        /** The target has what it should have, and what was read is the same. */
        SAME,
        /** The target lacks something or has something else. */
        DIFFERENT,
        /** No difference was found, but what was to be read could not be, or is not there. */
        NOT_COMPARED
    }

    /**
     * How it stands.
     *
     * @return a difference, where there is one; something that could not be read next
     */
    public Standing standing() {
        boolean asPlanned = decision instanceof Decision.UpToDate || decision instanceof Decision.Skip;
        if (!asPlanned || snapshots.stream().anyMatch(s -> s.outcome() instanceof Outcome.Different)) {
            return Standing.DIFFERENT;
        }
        return snapshots.stream().allMatch(SnapshotVerdict::same) && !nothingToRead()
                ? Standing.SAME
                : Standing.NOT_COMPARED;
    }

    /** Both have snapshots in common, and the one that was to be read is not among them. */
    boolean nothingToRead() {
        return deep && snapshots.isEmpty() && decision instanceof Decision.UpToDate;
    }
}
