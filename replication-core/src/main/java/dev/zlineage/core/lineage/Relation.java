// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.lineage;

import dev.zlineage.core.zfs.Snapshot;
import java.util.List;
import java.util.Optional;

/**
 * How the target of a replication stands to its source. Snapshots are matched by GUID alone, ordered by {@code createtxg}
 * alone.
 */
public sealed interface Relation {

    /** The target does not exist. */
    record Absent() implements Relation {}

    /** The target exists, and was shown to hold neither snapshots nor data. */
    record Empty() implements Relation {}

    /**
     * The target has no snapshots, but data, or may have.
     *
     * @param bytes how much was written to it
     */
    record DataWithoutSnapshots(long bytes) implements Relation {}

    /**
     * Both end in the same snapshot, and the target was not written to since.
     *
     * @param base that snapshot
     */
    record Equal(Base base) implements Relation {}

    /** Neither has changed since there was nothing to do, and their snapshots were not looked at again. */
    record Unchanged() implements Relation {}

    /**
     * The target lacks the source's newer snapshots and has nothing of its own.
     *
     * @param base the newest that both know
     */
    record Behind(Base base) implements Relation {}

    /**
     * The target has newer snapshots of its own, but they hold no changes, and it was not written to. OpenZFS receives an
     * increment onto it, unless that is raw.
     *
     * @param base the newest snapshot that both know
     * @param targetOnly the target's own newer ones
     */
    record AheadHarmless(Base base, List<Snapshot> targetOnly) implements Relation {}

    /**
     * The target was written to since the base, and the source has no newer snapshot.
     *
     * @param base the newest snapshot that both know
     * @param targetOnly the target's own newer snapshots
     * @param bytes how much was written to it, as far as that is known
     */
    record AheadWritten(Base base, List<Snapshot> targetOnly, long bytes) implements Relation {}

    /**
     * Both went on from the base in ways of their own.
     *
     * @param base the newest snapshot that both know
     * @param targetOnly the target's own newer snapshots
     * @param bytes how much was written to the target since, as far as that is known
     */
    record Diverged(Base base, List<Snapshot> targetOnly, long bytes) implements Relation {}

    /**
     * Both have snapshots, and not one in common.
     *
     * @param newestOnTarget the target's newest
     */
    record Unrelated(Snapshot newestOnTarget) implements Relation {}

    /**
     * The target has a snapshot of its own under a name that the source would send.
     *
     * @param base the newest snapshot that both know, if there is one
     * @param clashes those names, in the order of the source
     */
    record Clashing(Optional<Base> base, List<NameClash> clashes) implements Relation {}
}
