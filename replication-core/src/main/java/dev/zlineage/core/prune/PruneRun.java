// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.prune;

import dev.zlineage.core.mark.CopyMark;
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

    private final Zfs target;
    private final List<DatasetName> destroyed = new ArrayList<>();
    private final Map<DatasetName, String> failed = new LinkedHashMap<>();

    /** What is planned alike by now. */
    private final Set<CopyFate> still;

    PruneRun(Zfs target, Set<CopyFate> still) {
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
                case DESTROY -> destroy(copy);
                case WAIT, LEAVE -> {}
            }
        }
        return new PruneResult(destroyed, failed);
    }

    private void mark(CopyFate copy, String property) {
        done(
                copy,
                new ZfsCommand.SetProperties(
                        copy.dataset(), Map.of(property, copy.mark().orElseThrow())));
    }

    private void destroy(CopyFate copy) {
        Optional<String> changed = still.contains(copy) ? changed(copy) : Optional.of(CHANGED);
        if (changed.isPresent()) {
            failed.put(copy.dataset(), changed.get());
            return;
        }
        List<String> labels = copy.snapshots().stream().map(Snapshot::label).toList();
        for (int from = 0; from < labels.size(); from += BATCH) {
            List<String> batch = labels.subList(from, Math.min(labels.size(), from + BATCH));
            if (!done(copy, new ZfsCommand.DestroySnapshots(copy.dataset(), batch))) {
                return;
            }
        }
        if (done(copy, new ZfsCommand.DestroyDataset(copy.dataset(), Scope.SELF))) {
            destroyed.add(copy.dataset());
        }
    }

    /** Looked at once more, since what is destroyed has to be what was listed. */
    private Optional<String> changed(CopyFate copy) {
        List<DatasetName> names = List.of(copy.dataset());
        Answer<List<Dataset>> datasets = target.execute(new ZfsCommand.ListDatasets(names, Scope.SELF));
        Answer<Map<DatasetName, History>> histories = target.execute(new ZfsCommand.ListHistories(names, Scope.SELF));
        if (!(datasets instanceof Answer.Done<List<Dataset>> there)
                || !(histories instanceof Answer.Done<Map<DatasetName, History>> points)) {
            return Optional.of("it can't be listed any more");
        }
        boolean same = there.value().stream()
                .anyMatch(d -> d.guid().equals(copy.guid())
                        && d.written() == 0
                        && d.resumeToken().isEmpty());
        List<Snapshot> snapshots =
                points.value().getOrDefault(copy.dataset(), History.EMPTY).snapshots();
        return same && snapshots.equals(copy.snapshots()) ? Optional.empty() : Optional.of(CHANGED);
    }

    private boolean done(CopyFate copy, ZfsCommand<?> command) {
        if (target.execute(command) instanceof Answer.Failed<?> answer) {
            failed.put(copy.dataset(), answer.failure().text().strip());
            return false;
        }
        return true;
    }
}
