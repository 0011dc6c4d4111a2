// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.lineage;

import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out how a source and its replica relate. */
public final class Lineage {

    private Lineage() {}

    /**
     * Compares two histories. Time and memory are linear in their lengths.
     *
     * @param source the history of the source
     * @param target what is known of the target; empty when it does not exist
     * @return how the target stands to the source
     */
    public static Relation relate(History source, Optional<Replica> target) {
        if (target.isEmpty()) {
            return new Relation.Absent();
        }
        Replica replica = target.get();
        Optional<Snapshot> newest = replica.history().newestSnapshot();
        if (newest.isEmpty()) {
            return replica.empty() ? new Relation.Empty() : new Relation.DataWithoutSnapshots(replica.written());
        }
        Optional<Base> base = base(source, replica.history());
        List<NameClash> clashes = clashes(source, replica.history(), base);
        if (!clashes.isEmpty()) {
            return new Relation.Clashing(base, clashes);
        }
        return base.<Relation>map(common -> fromBase(source, replica, common))
                .orElseGet(() -> new Relation.Unrelated(newest.get()));
    }

    private static Relation fromBase(History source, Replica replica, Base base) {
        List<Snapshot> targetOnly = newerThan(replica.history(), base.onTarget());
        boolean sourceWentOn = hasSnapshotAfter(source, base.sourceIndex());
        long bytes = replica.written();
        boolean written = bytes > 0;
        for (Snapshot own : targetOnly) {
            Long wrote = replica.writtenBySnapshot().get(own.label());
            written |= wrote == null || wrote > 0;
            bytes += wrote == null ? 0 : wrote;
        }
        if (written) {
            return sourceWentOn
                    ? new Relation.Diverged(base, targetOnly, bytes)
                    : new Relation.AheadWritten(base, targetOnly, bytes);
        }
        if (!targetOnly.isEmpty()) {
            return new Relation.AheadHarmless(base, targetOnly);
        }
        return sourceWentOn ? new Relation.Behind(base) : new Relation.Equal(base);
    }

    /**
     * The newest snapshot of the target that the source has as a snapshot or, failing that, as a bookmark.
     *
     * @param source the history of the source
     * @param target the history of the target
     * @return the incremental base, if there is one
     */
    public static Optional<Base> base(History source, History target) {
        GuidIndex onSource = new GuidIndex(source.size());
        for (int i = 0; i < source.size(); i++) {
            if (!source.isBookmark(i)) {
                onSource.putFirst(source.guidBits(i), i);
            }
        }
        for (int i = 0; i < source.size(); i++) {
            onSource.putFirst(source.guidBits(i), i);
        }
        for (int i = target.size() - 1; i >= 0; i--) {
            if (!target.isBookmark(i)) {
                int place = onSource.get(target.guidBits(i));
                if (place >= 0) {
                    return Optional.of(new Base(source.point(place), place, (Snapshot) target.point(i)));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Which snapshots of the source the target holds, by GUID.
     *
     * @param source the history of the source
     * @param target the history of the target
     * @return their places in the history of the source
     */
    public static BitSet held(History source, History target) {
        GuidIndex onTarget = new GuidIndex(target.size());
        for (int i = 0; i < target.size(); i++) {
            if (!target.isBookmark(i)) {
                onTarget.putFirst(target.guidBits(i), i);
            }
        }
        BitSet held = new BitSet(source.size());
        for (int i = 0; i < source.size(); i++) {
            held.set(i, !source.isBookmark(i) && onTarget.get(source.guidBits(i)) >= 0);
        }
        return held;
    }

    /**
     * The snapshots of the target that are newer than its base: those whose {@link Replica#writtenBySnapshot} matters.
     *
     * @param source the history of the source
     * @param target the history of the target
     * @return from old to new; empty also when there is no base
     */
    public static List<Snapshot> targetOnly(History source, History target) {
        return base(source, target)
                .map(common -> newerThan(target, common.onTarget()))
                .orElse(List.of());
    }

    private static List<Snapshot> newerThan(History target, Snapshot base) {
        List<Snapshot> newer = new ArrayList<>();
        for (int i = target.size() - 1; i >= 0; i--) {
            if (target.isBookmark(i)) {
                continue;
            }
            if (target.guidBits(i) == base.guid().bits()) {
                break;
            }
            newer.add((Snapshot) target.point(i));
        }
        Collections.reverse(newer);
        return List.copyOf(newer);
    }

    private static boolean hasSnapshotAfter(History source, int index) {
        for (int i = index + 1; i < source.size(); i++) {
            if (!source.isBookmark(i)) {
                return true;
            }
        }
        return false;
    }

    /** Names among what would be sent, everything behind the base, that the target has for another snapshot. */
    private static List<NameClash> clashes(History source, History target, Optional<Base> base) {
        int from = base.map(b -> b.sourceIndex() + 1).orElse(0);
        if (from >= source.size()) {
            return List.of();
        }
        Map<String, Long> onTarget = new HashMap<>();
        for (int i = 0; i < target.size(); i++) {
            if (!target.isBookmark(i)) {
                onTarget.put(target.label(i), target.guidBits(i));
            }
        }
        List<NameClash> found = new ArrayList<>();
        for (int i = from; i < source.size(); i++) {
            Long theirs = source.isBookmark(i) ? null : onTarget.get(source.label(i));
            if (theirs != null && theirs != source.guidBits(i)) {
                found.add(new NameClash(source.label(i), new Guid(source.guidBits(i)), new Guid(theirs)));
            }
        }
        return List.copyOf(found);
    }
}
