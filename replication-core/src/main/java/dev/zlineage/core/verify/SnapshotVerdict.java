// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;

/**
 * How the copies of one snapshot compare.
 *
 * @param source its name on the source
 * @param target its name on the target
 * @param guid the identity that both have
 * @param outcome what came of the comparison
 * @param remedy what fits the outcome
 */
public record SnapshotVerdict(SnapshotName source, SnapshotName target, Guid guid, Outcome outcome, Remedy remedy) {

    /** What can come of it. */
    public sealed interface Outcome {

        /**
         * Both hold the same.
         *
         * @param parts how many entries of a filesystem, or pieces of a volume, were compared
         */
        record Same(long parts) implements Outcome {}

        /**
         * They do not hold the same, or one of them can't be read whole.
         *
         * @param differences the first 1000, in the order of their paths
         * @param total how many there are
         */
        record Different(List<Difference> differences, long total) implements Outcome {

            /** Copies the list. */
            public Different {
                differences = List.copyOf(differences);
            }
        }

        /**
         * One side could not be read at all.
         *
         * @param side which
         * @param failure why
         */
        record NotCompared(Side side, ZfsFailure failure) implements Outcome {}
    }

    /** What helps. None of it is done here. */
    public enum Remedy {
        /** Nothing is wrong, or nothing is known. */
        NONE,
        /** The target's blocks are damaged, and the source is whole: it can give them what they lost. */
        HEAL_TARGET,
        /** The source's blocks are damaged, and the target is whole where that is so. */
        HEAL_SOURCE,
        /** The target holds something else; an older snapshot is the same on both, so that it can go back to that. */
        ROLL_BACK,
        /** The target holds something else, and no snapshot is known that is the same on both: it is to be made anew. */
        NEW_BASE
    }

    /**
     * Whether both were read and hold the same.
     *
     * @return true for {@link Outcome.Same}
     */
    public boolean same() {
        return outcome instanceof Outcome.Same;
    }
}
