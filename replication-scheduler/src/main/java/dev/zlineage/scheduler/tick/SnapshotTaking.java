// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.select.NamingSchema;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.Problem;
import dev.zlineage.scheduler.tick.SnapshotReport.Outcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Takes the snapshots of a tick. Each task takes its own in one transaction group; what another task of the tick took under
 * the same name is not taken twice.
 */
final class SnapshotTaking {

    private final Zfs zfs;
    private final Tick tick;
    private final Definition definition;
    private final SnapshotHooks hooks;
    private final Cancellation cancellation;
    private final Set<DatasetName> datasets = new LinkedHashSet<>();
    private final Set<SnapshotName> taken = new LinkedHashSet<>();
    private final Set<DatasetName> keepEmpty = new HashSet<>();
    private final List<String> warnings = new ArrayList<>();

    SnapshotTaking(
            Zfs zfs,
            Tick tick,
            Definition definition,
            Function<PeriodicSnapshotTask, Optional<SnapshotHook>> hooks,
            Cancellation cancellation) {
        this.cancellation = cancellation;
        this.zfs = zfs;
        this.tick = tick;
        this.definition = definition;
        this.hooks = new SnapshotHooks(hooks, warnings, cancellation);
    }

    /** What should be known beside the reports. */
    List<String> warnings() {
        return warnings;
    }

    List<SnapshotReport> preview() {
        return inOrder().stream()
                .map(task -> refusal(task, definition.problems(task), new Outcome.Due()))
                .toList();
    }

    List<SnapshotReport> run() throws InterruptedException {
        List<SnapshotReport> reports = new ArrayList<>();
        List<SnapshotSet> sets = new ArrayList<>();
        for (PeriodicSnapshotTask task : inOrder()) {
            List<Problem> problems = definition.problems(task);
            if (problems.isEmpty()) {
                sets.add(SnapshotSet.of(task, label(task)));
            } else {
                reports.add(refusal(task, problems, new Outcome.Due()));
            }
        }
        if (!sets.isEmpty()) {
            List<SnapshotReport> ran = run(sets);
            EmptySnapshots.Removal removal = EmptySnapshots.remove(zfs, taken, keepEmpty);
            warnings.addAll(removal.warnings());
            ran.forEach(report -> reports.add(report.withEmpty(removal.destroyed())));
        }
        return reports;
    }

    /** Those that wait for nobody first; trees before what lies in them, so that as few commands as can be do. */
    private List<PeriodicSnapshotTask> inOrder() {
        return tick.snapshots().stream()
                .sorted(Comparator.comparing(hooks::has)
                        .thenComparing(task -> !task.recursive())
                        .thenComparing(task -> !task.exclude().isEmpty())
                        .thenComparing(PeriodicSnapshotTask::dataset))
                .toList();
    }

    private String label(PeriodicSnapshotTask task) {
        return NamingSchema.of(task.namingSchema()).label(tick.now());
    }

    private SnapshotReport refusal(PeriodicSnapshotTask task, List<Problem> problems, Outcome otherwise) {
        return problems.isEmpty()
                ? SnapshotReport.of(task.id(), task.dataset() + "@" + label(task), otherwise)
                : SnapshotReport.of(task.id(), task.dataset(), new Outcome.Refused(problems));
    }

    private List<SnapshotReport> run(List<SnapshotSet> sets) throws InterruptedException {
        Map<DatasetName, ZfsFailure> unlisted =
                list(sets.stream().map(SnapshotSet::top).distinct().toList());
        List<SnapshotReport> reports = new ArrayList<>();
        for (SnapshotSet set : sets) {
            ZfsFailure failure = unlisted.get(set.top());
            if (cancellation.isCancelled()) {
                reports.add(SnapshotReport.of(set.task().id(), set.top() + "@" + set.label(), new Outcome.Cancelled()));
            } else {
                reports.add(failure == null ? take(set) : failed(set, failure));
            }
        }
        return reports;
    }

    /** All at once, and where that fails each by itself: one pool that can't be used is in nobody else's way. */
    private Map<DatasetName, ZfsFailure> list(List<DatasetName> tops) {
        List<Dataset> all = new ArrayList<>();
        Map<DatasetName, ZfsFailure> unlisted = new HashMap<>();
        Answer<List<Dataset>> together = zfs.execute(new ZfsCommand.ListDatasets(tops, Scope.SUBTREE));
        if (together instanceof Answer.Done<List<Dataset>> done) {
            all.addAll(done.value());
        } else {
            for (DatasetName top : tops) {
                Answer<List<Dataset>> alone = zfs.execute(new ZfsCommand.ListDatasets(List.of(top), Scope.SUBTREE));
                if (alone instanceof Answer.Failed<List<Dataset>> failed) {
                    unlisted.put(top, failed.failure());
                } else {
                    all.addAll(alone.orThrow());
                }
            }
        }
        Set<DatasetName> unfinished = unfinished(all);
        all.stream()
                .map(Dataset::name)
                .filter(name -> !unfinished.contains(name))
                .forEach(datasets::add);
        return unlisted;
    }

    /** What is being received for the first time has no snapshots yet, and none can be taken of it. */
    private Set<DatasetName> unfinished(List<Dataset> all) {
        List<DatasetName> receiving = all.stream()
                .filter(dataset -> dataset.resumeToken().isPresent())
                .map(Dataset::name)
                .toList();
        Set<DatasetName> unfinished = new HashSet<>(receiving);
        if (!receiving.isEmpty()
                && zfs.execute(new ZfsCommand.ListHistories(receiving, Scope.SELF))
                        instanceof Answer.Done<Map<DatasetName, History>> histories) {
            histories
                    .value()
                    .forEach(
                            (name, history) -> history.newestSnapshot().ifPresent(snapshot -> unfinished.remove(name)));
        }
        return unfinished;
    }

    private SnapshotReport take(SnapshotSet set) throws InterruptedException {
        List<SnapshotName> names;
        try {
            names = set.of(datasets);
        } catch (InvalidNameException e) {
            return failed(set, new ZfsFailure(Kind.INVALID, "zfs snapshot", String.valueOf(e.getMessage())));
        }
        if (!datasets.contains(set.top())) {
            return failed(
                    set,
                    new ZfsFailure(
                            Kind.NO_SUCH_DATASET,
                            "zfs snapshot " + set.name(),
                            "cannot take a snapshot of " + set.top() + ": it does not exist"));
        }
        if (set.task().allowEmpty()) {
            names.forEach(name -> keepEmpty.add(name.dataset()));
        }
        List<SnapshotName> missing =
                names.stream().filter(name -> !taken.contains(name)).toList();
        if (missing.isEmpty()) {
            return SnapshotReport.of(
                    set.task().id(),
                    set.name().toString(),
                    new Outcome.Existed("another task of this tick has taken it"));
        }
        return hooks.beside(set, () -> take(set, missing, missing.size() == names.size()));
    }

    private SnapshotReport take(SnapshotSet set, List<SnapshotName> missing, boolean all) {
        Answer<?> answer = zfs.execute(set.command(missing, all));
        return answer.failedWith(Kind.ALREADY_EXISTS) ? takeTheRest(set, missing) : report(set, answer, missing);
    }

    private SnapshotReport report(SnapshotSet set, Answer<?> answer, List<SnapshotName> names) {
        if (answer instanceof Answer.Failed<?> failed) {
            return failed(set, failed.failure());
        }
        taken.addAll(names);
        return new SnapshotReport(set.task().id(), set.name().toString(), new Outcome.Taken(), names, List.of());
    }

    private static SnapshotReport failed(SnapshotSet set, ZfsFailure failure) {
        return SnapshotReport.of(set.task().id(), set.top() + "@" + set.label(), new Outcome.Failed(failure));
    }

    /** Some of the names are there. Where that is as it should be, the others are taken. */
    private SnapshotReport takeTheRest(SnapshotSet set, List<SnapshotName> missing) {
        Answer<Map<DatasetName, History>> histories = zfs.execute(new ZfsCommand.ListHistories(
                missing.stream().map(SnapshotName::dataset).toList(), Scope.SELF));
        if (histories instanceof Answer.Failed<Map<DatasetName, History>> failed) {
            return failed(set, failed.failure());
        }
        List<SnapshotName> there = new ArrayList<>();
        boolean ofThisMinute = true;
        for (SnapshotName name : missing) {
            History history = histories.orThrow().getOrDefault(name.dataset(), History.EMPTY);
            for (int i = 0; i < history.size(); i++) {
                if (!history.isBookmark(i) && history.label(i).equals(name.label())) {
                    there.add(name);
                    ofThisMinute &= isOfThisMinute(history.creation(i));
                }
            }
        }
        String why = tick.byHand()
                ? "it was there already"
                : ofThisMinute ? "it was taken in this minute" : "the clock has shown this time before";
        boolean ambiguous =
                tick.shownAgain() && !NamingSchema.of(set.task().namingSchema()).tellsOffset();
        if (!tick.byHand() && !ofThisMinute && !ambiguous) {
            return failed(set, exists(set, there));
        }
        List<SnapshotName> rest =
                missing.stream().filter(name -> !there.contains(name)).toList();
        return rest.isEmpty()
                ? SnapshotReport.of(set.task().id(), set.name().toString(), new Outcome.Existed(why))
                : report(set, zfs.execute(set.command(rest, false)), rest);
    }

    private boolean isOfThisMinute(long creation) {
        Instant minute = tick.now().toInstant().truncatedTo(ChronoUnit.MINUTES);
        return Instant.ofEpochSecond(creation).truncatedTo(ChronoUnit.MINUTES).equals(minute);
    }

    private static ZfsFailure exists(SnapshotSet set, List<SnapshotName> there) {
        return new ZfsFailure(
                Kind.ALREADY_EXISTS,
                "zfs snapshot " + set.name(),
                there.get(0) + " exists, and was not taken in this tick"
                        + (there.size() > 1 ? ", and so do " + (there.size() - 1) + " more" : "")
                        + "; nothing of the task was taken. Rename it, or give the task a naming schema of its own");
    }
}
