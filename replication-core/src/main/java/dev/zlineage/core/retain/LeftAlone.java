// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

/**
 * Why nothing of a dataset is destroyed, whatever its owners want.
 *
 * @param reason for programs
 * @param why what was found
 * @param wayOut what the user can do
 */
public record LeftAlone(Reason reason, String why, String wayOut) {

    /** The classes of reasons. */
    public enum Reason {
        /** A label tells two times. */
        AMBIGUOUS_NAME,
        /** The other side of a replication could not be looked at. */
        OTHER_SIDE_UNKNOWN,
        /** The source of a replication into it is not there. */
        SOURCE_MISSING,
        /** The source of a replication into it has no snapshots. */
        SOURCE_EMPTY,
        /** Nothing that both sides have was seen. */
        NO_BASE,
        /** It is taking the place of another dataset, or was set aside. */
        SWAPPED,
        /** Too many of its snapshots would go at once. */
        TOO_MANY
    }
}
