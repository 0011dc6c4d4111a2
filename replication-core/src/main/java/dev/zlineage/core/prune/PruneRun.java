// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.prune;

import dev.zlineage.core.mark.CopyMark;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Carries a plan out. Snapshots go by name, then the dataset, which must hold nothing then: never what is below it. */
final class PruneRun {

    /** As many as retention destroys with one command. */
    private static final int BATCH = 250;

    private static final String CHANGED = "it is not what it was when this was planned";

    private final Zfs source;
    private final Zfs target;
    private final List<DatasetName> destroyed = new ArrayList<>();
    private final Map<DatasetName, String> failed = new LinkedHashMap<>();

    /** What is planned alike by now. */
    private final Set<CopyFate> still;

    PruneRun(Zfs source, Zfs target, Set<CopyFate> still) {
        this.source = source;
        this.target = target;
        this.still = still;
    }

    PruneResult run(PrunePlan plan, BooleanSupplier stop) {
        for (CopyFate copy : plan.copies()) {
            if (stop.getAsBoolean()) {
                break;
            }
            switch (copy.act()) {
                case KNOW -> mark(copy, CopyMark.COPY);
                case NOTE -> mark(copy, CopyMark.GONE);
                case FORGET -> done(copy, new ZfsCommand.InheritProperty(copy.dataset(), CopyMark.GONE));
                case DESTROY -> destroy(copy, plan.request().replication());
                case WAIT, LEAVE -> {}
            }
        }
        return new PruneResult(destroyed, failed);
    }

    private void mark(CopyFate copy, String property) {
        set(copy, property, copy.mark().orElseThrow());
    }

    private boolean set(CopyFate copy, String property, String value) {
        return done(copy, new ZfsCommand.SetProperties(copy.dataset(), Map.of(property, value)));
    }

    private void destroy(CopyFate copy, ReplicationRequest replication) {
        if (!still.contains(copy)) {
            failed.put(copy.dataset(), CHANGED);
            return;
        }
        Optional<String> alive = alive(copy, replication);
        if (alive.isPresent()) {
            failed.put(copy.dataset(), alive.get());
            return;
        }
        Optional<Dataset> there = unchanged(copy);
        if (there.isEmpty()) {
            failed.put(copy.dataset(), CHANGED);
            return;
        }
        List<String> labels = copy.snapshots().stream().map(Snapshot::label).toList();
        for (int from = 0; from < labels.size(); from += BATCH) {
            int to = Math.min(labels.size(), from + BATCH);
            if (to == labels.size()
                    && !set(
                            copy,
                            CopyMark.EMPTIED,
                            CopyMark.emptied(copy.guid(), there.get().referenced()))) {
                return;
            }
            if (!done(copy, new ZfsCommand.DestroySnapshots(copy.dataset(), labels.subList(from, to)))) {
                return;
            }
        }
        if (done(copy, new ZfsCommand.DestroyDataset(copy.dataset(), Scope.SELF))) {
            destroyed.add(copy.dataset());
        }
    }

    /** What speaks against it on the source, right before: it may have come back, or the source be gone as a whole. */
    private Optional<String> alive(CopyFate copy, ReplicationRequest replication) {
        Answer<List<Dataset>> listed = source.execute(
                new ZfsCommand.ListDatasets(List.of(replication.source().pool()), Scope.SUBTREE));
        if (!(listed instanceof Answer.Done<List<Dataset>> pool)
                || pool.value().stream().noneMatch(d -> d.name().equals(replication.source()))) {
            return Optional.of("the source can't be listed any more");
        }
        Optional<DatasetName> name = PrunePlanner.sourceOf(replication, copy.dataset());
        return pool.value().stream()
                .filter(d -> Optional.of(d.guid()).equals(copy.source())
                        || Optional.of(d.name()).equals(name))
                .map(d -> "its source " + d.name() + " is there again")
                .findFirst();
    }

    /** Looked at once more, since what is destroyed has to be what was listed. */
    private Optional<Dataset> unchanged(CopyFate copy) {
        List<DatasetName> names = List.of(copy.dataset());
        Answer<List<Dataset>> datasets = target.execute(new ZfsCommand.ListDatasets(names, Scope.SELF));
        Answer<Map<DatasetName, History>> histories = target.execute(new ZfsCommand.ListHistories(names, Scope.SELF));
        if (!(datasets instanceof Answer.Done<List<Dataset>> there)
                || !(histories instanceof Answer.Done<Map<DatasetName, History>> points)
                || !points.value()
                        .getOrDefault(copy.dataset(), History.EMPTY)
                        .snapshots()
                        .equals(copy.snapshots())) {
            return Optional.empty();
        }
        // without snapshots all counts as written; that it is as it was has just been planned anew
        return there.value().stream()
                .filter(d -> d.guid().equals(copy.guid())
                        && (d.written() == 0 || copy.snapshots().isEmpty())
                        && d.resumeToken().isEmpty())
                .findFirst();
    }

    private boolean done(CopyFate copy, ZfsCommand<?> command) {
        if (target.execute(command) instanceof Answer.Failed<?> answer) {
            failed.put(copy.dataset(), answer.failure().text().strip());
            return false;
        }
        return true;
    }
}
