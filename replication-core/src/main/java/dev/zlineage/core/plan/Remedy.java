// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Base;
import dev.zlineage.core.lineage.Lineage;
import dev.zlineage.core.lineage.Relation;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.zfs.Bookmark;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.HistoryPoint;
import dev.zlineage.core.zfs.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is done where a target has gone its own way, as far as the request names a remedy for that. */
sealed interface Remedy {

    /** There is nothing to remedy, or nothing that the request allows. */
    record None() implements Remedy {}

    /** The target's own snapshots hold no changes and stay. */
    record Tolerate() implements Remedy {}

    /**
     * The target goes back to the base.
     *
     * @param step by this
     */
    record RollBack(TargetStep.RollBack step) implements Remedy {}

    /**
     * Finds it.
     *
     * @param policy what the request allows
     * @param relation how the two stand
     * @param source the history of the source
     * @param target the target
     * @param history the history of the target
     * @param raw whether increments are raw; OpenZFS takes those only onto the newest snapshot
     */
    static Remedy of(
            DivergencePolicy policy, Relation relation, History source, Dataset target, History history, boolean raw) {
        if (relation instanceof Relation.AheadHarmless harmless) {
            if (policy == DivergencePolicy.REFUSE) {
                return new None();
            }
            if (policy.rollsBack()) {
                return rollBack(target, history, harmless.base(), 0);
            }
            return raw ? new None() : new Tolerate();
        }
        if (policy != DivergencePolicy.ROLL_BACK) {
            return new None();
        }
        if (relation instanceof Relation.AheadWritten written) {
            return rollBack(target, history, written.base(), written.bytes());
        }
        if (relation instanceof Relation.Diverged diverged) {
            return rollBack(target, history, diverged.base(), diverged.bytes());
        }
        if (relation instanceof Relation.Clashing clashing && clashing.base().isPresent()) {
            List<Snapshot> own = Lineage.targetOnly(source, history);
            boolean allNewer = clashing.clashes().stream()
                    .allMatch(c -> own.stream().anyMatch(s -> s.guid().equals(c.onTarget())));
            return allNewer ? rollBack(target, history, clashing.base().get(), target.written()) : new None();
        }
        return new None();
    }

    private static Remedy rollBack(Dataset target, History history, Base base, long bytes) {
        List<Snapshot> snapshots = new ArrayList<>();
        List<Bookmark> bookmarks = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            HistoryPoint point = history.point(i);
            if (point.createtxg() > base.onTarget().createtxg()) {
                if (point instanceof Snapshot snapshot) {
                    snapshots.add(snapshot);
                } else {
                    bookmarks.add((Bookmark) point);
                }
            }
        }
        return new RollBack(new TargetStep.RollBack(target.name(), base.onTarget(), snapshots, bookmarks, bytes));
    }

    /** The base that streams go on from, if this remedy leads to one that the relation alone does not. */
    static Optional<Base> base(Relation relation) {
        if (relation instanceof Relation.AheadHarmless harmless) {
            return Optional.of(harmless.base());
        }
        if (relation instanceof Relation.AheadWritten written) {
            return Optional.of(written.base());
        }
        if (relation instanceof Relation.Diverged diverged) {
            return Optional.of(diverged.base());
        }
        if (relation instanceof Relation.Equal equal) {
            return Optional.of(equal.base());
        }
        if (relation instanceof Relation.Behind behind) {
            return Optional.of(behind.base());
        }
        return relation instanceof Relation.Clashing clashing ? clashing.base() : Optional.empty();
    }
}
