// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.retain.RetentionResult.Cause;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries a plan of deletions out, some datasets at a time. Before each such batch its datasets are listed again: what goes by a
 * planned name must still have the planned GUID, and what a guard keeps must still be there.
 *
 * <p>A batch takes one listing and one command for each 250 snapshots of a dataset. Where snapshots are in use, which fails
 * the command as a whole, it takes two more for all datasets together, to learn which are held or cloned, and then
 * up to {@value #HALVINGS} for each command that still fails.
 */
public final class RetentionRun {

    private static final int BATCH = 2000;
    private static final int TOGETHER = 250;
    private static final int HALVINGS = 24;

    private final RetentionPlan plan;
    private final Zfs zfs;
    private final BooleanSupplier stop;

    /**
     * A run.
     *
     * @param plan what to destroy
     * @param zfs the host that the plan was made for
     * @param stop asked before each batch; once it is true no further one is begun
     */
    public RetentionRun(RetentionPlan plan, Zfs zfs, BooleanSupplier stop) {
        this.plan = plan;
        this.zfs = zfs;
        this.stop = stop;
    }

    /**
     * Destroys what is planned.
     *
     * @return what became of each snapshot that was to go
     */
    public RetentionResult run() {
        List<Pruning> all = new ArrayList<>();
        List<Pruning> batch = new ArrayList<>();
        int size = 0;
        for (DatasetRetention dataset : plan.datasets()) {
            Pruning pruning = new Pruning(dataset);
            dataset.leftAlone().ifPresent(left -> pruning.spareAll(Cause.LEFT_ALONE, left.why()));
            if (!dataset.wanted().isEmpty()) {
                all.add(pruning);
            }
            if (pruning.left().isEmpty()) {
                continue;
            }
            batch.add(pruning);
            size += pruning.left().size();
            if (size >= BATCH) {
                run(batch);
                batch.clear();
                size = 0;
            }
        }
        run(batch);
        return new RetentionResult(all.stream().map(Pruning::result).toList());
    }

    private void run(List<Pruning> batch) {
        if (batch.isEmpty()) {
            return;
        }
        if (stop.getAsBoolean()) {
            batch.forEach(p -> p.spareAll(Cause.STOPPED, "the run was stopped"));
            return;
        }
        Answer<Map<DatasetName, History>> fresh = histories(batch);
        if (fresh instanceof Answer.Failed<Map<DatasetName, History>> failed) {
            batch.forEach(p -> p.spareAll(
                    Cause.FAILED,
                    "it could not be looked at again: "
                            + failed.failure().text().strip()));
            return;
        }
        Map<DatasetName, History> now = fresh.orThrow();
        batch.forEach(p -> p.recheck(now.getOrDefault(p.dataset(), History.EMPTY)));
        List<Piece> refused = destroy(pieces(batch));
        if (!refused.isEmpty()) {
            spareHeldAndCloned(refused);
            halve(destroy(refused.stream().filter(Piece::hasWork).toList()));
        }
        readBack(batch);
    }

    private Answer<Map<DatasetName, History>> histories(List<Pruning> batch) {
        return zfs.execute(new ZfsCommand.ListHistories(
                batch.stream().map(Pruning::dataset).toList(), Scope.SELF));
    }

    private static List<Piece> pieces(List<Pruning> batch) {
        List<Piece> pieces = new ArrayList<>();
        for (Pruning pruning : batch) {
            List<Snapshot> left = pruning.left();
            for (int from = 0; from < left.size(); from += TOGETHER) {
                pieces.add(new Piece(pruning, left.subList(from, Math.min(left.size(), from + TOGETHER))));
            }
        }
        return pieces;
    }

    /** Destroys pieces in one round trip, and answers those that were refused because something in them is in use. */
    private List<Piece> destroy(List<Piece> pieces) {
        List<Answer<?>> answers =
                zfs.execute(pieces.stream().map(Piece::command).toList());
        List<Piece> refused = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (answers.get(i) instanceof Answer.Failed<?> failed) {
                piece.failure = failed.failure();
                if (mayBeInUse(failed.failure().kind())) {
                    refused.add(piece);
                } else {
                    piece.left()
                            .forEach(s -> piece.pruning.spare(
                                    s, Cause.FAILED, failed.failure().text().strip()));
                }
            } else {
                piece.left().forEach(piece.pruning::destroyed);
            }
        }
        return refused;
    }

    /** Texts change between versions, so one that is not understood may mean that too. */
    private static boolean mayBeInUse(ZfsFailure.Kind kind) {
        return kind == ZfsFailure.Kind.HELD
                || kind == ZfsFailure.Kind.HAS_CLONES
                || kind == ZfsFailure.Kind.BUSY
                || kind == ZfsFailure.Kind.UNKNOWN;
    }

    private void spareHeldAndCloned(List<Piece> refused) {
        List<SnapshotName> names =
                refused.stream().flatMap(p -> p.names().stream()).toList();
        List<DatasetName> pools =
                names.stream().map(n -> n.dataset().pool()).distinct().toList();
        List<Answer<?>> answers = zfs.execute(
                List.of(new ZfsCommand.ListHolds(names), new ZfsCommand.ListDatasets(pools, Scope.SUBTREE)));
        Set<SnapshotName> held = new HashSet<>();
        if (answers.get(0) instanceof Answer.Done<?> done) {
            ((Map<?, ?>) done.value()).forEach((name, tags) -> {
                if (!((Set<?>) tags).isEmpty()) {
                    held.add((SnapshotName) name);
                }
            });
        }
        Set<SnapshotName> cloned = new HashSet<>();
        if (answers.get(1) instanceof Answer.Done<?> done) {
            ((List<?>) done.value()).forEach(row -> ((Dataset) row).origin().ifPresent(cloned::add));
        }
        for (Piece piece : refused) {
            for (Snapshot snapshot : List.copyOf(piece.left())) {
                SnapshotName name = piece.pruning.dataset().snapshot(snapshot.label());
                if (held.contains(name)) {
                    piece.pruning.spare(snapshot, Cause.IN_USE, "it is held");
                } else if (cloned.contains(name)) {
                    piece.pruning.spare(snapshot, Cause.IN_USE, "it has clones");
                }
            }
        }
    }

    /** Finds what is in the way of the rest by halves. */
    private void halve(List<Piece> refused) {
        List<Piece> round = refused;
        int allowed = refused.size() * HALVINGS;
        while (!round.isEmpty()) {
            List<Piece> next = new ArrayList<>();
            for (Piece piece : round) {
                List<Snapshot> left = piece.left();
                ZfsFailure failure = piece.failure;
                if (left.size() == 1 || allowed < 2) {
                    String among = left.size() == 1 ? "" : "it or one of " + (left.size() - 1) + " others: ";
                    Cause cause =
                            failure != null && failure.kind() == ZfsFailure.Kind.UNKNOWN ? Cause.FAILED : Cause.IN_USE;
                    String text = failure == null ? "in use" : failure.text().strip();
                    left.forEach(s -> piece.pruning.spare(s, cause, among + text));
                } else {
                    allowed -= 2;
                    next.add(new Piece(piece.pruning, left.subList(0, left.size() / 2)));
                    next.add(new Piece(piece.pruning, left.subList(left.size() / 2, left.size())));
                }
            }
            round = destroy(next);
        }
    }

    /** After a failure nobody knows what it left: a command that ran out of time may have done its work. */
    private void readBack(List<Pruning> batch) {
        List<Pruning> failed = batch.stream().filter(Pruning::failed).toList();
        if (!failed.isEmpty() && histories(failed) instanceof Answer.Done<Map<DatasetName, History>> done) {
            failed.forEach(p -> p.readBack(done.value().getOrDefault(p.dataset(), History.EMPTY)));
        }
    }

    /** Snapshots of one dataset that are destroyed by one command. */
    private static final class Piece {
        private final Pruning pruning;
        private final List<Snapshot> snapshots;
        private @Nullable ZfsFailure failure;

        Piece(Pruning pruning, List<Snapshot> snapshots) {
            this.pruning = pruning;
            this.snapshots = List.copyOf(snapshots);
        }

        /** Those whose fate is still open. */
        List<Snapshot> left() {
            return snapshots.stream().filter(pruning::isOpen).toList();
        }

        boolean hasWork() {
            return !left().isEmpty();
        }

        List<SnapshotName> names() {
            return left().stream()
                    .map(s -> pruning.dataset().snapshot(s.label()))
                    .toList();
        }

        ZfsCommand<Effect> command() {
            return new ZfsCommand.DestroySnapshots(
                    pruning.dataset(), left().stream().map(Snapshot::label).toList());
        }
    }
}
