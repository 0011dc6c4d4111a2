// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells where each task stands. */
final class Statuses {

    /** How far back the last snapshot of a task is looked for. */
    private static final int RUNS = 20;

    private final Dispatcher dispatcher;
    private final TaskStore store;
    private final Instant now;

    Statuses(Dispatcher dispatcher, TaskStore store, Instant now) {
        this.dispatcher = dispatcher;
        this.store = store;
        this.now = now;
    }

    /** In the order of the definition. */
    List<TaskStatus> all() {
        Definition definition = dispatcher.tasks().definition();
        List<TaskStatus> all = new ArrayList<>();
        for (PeriodicSnapshotTask task : definition.snapshotTasks()) {
            all.add(status(JobKind.SNAPSHOTS, task.id(), Optional.of(task.schedule()).filter(s -> task.enabled())));
        }
        for (ReplicationTask task : definition.replicationTasks()) {
            all.add(status(
                    JobKind.REPLICATION, task.id(), task.schedule().filter(s -> task.enabled() && task.auto())));
        }
        return all;
    }

    private TaskStatus status(JobKind kind, String task, Optional<CronSchedule> schedule) {
        List<JobRecord> runs = store.history(Optional.of(task), RUNS).stream()
                .filter(ended -> ended.job().kind() == kind)
                .toList();
        return new TaskStatus(
                task,
                kind,
                state(kind, task, runs),
                store.paused().contains(task),
                schedule.flatMap(s -> s.next(now.atZone(
                                dispatcher.tasks().definition().zone())))
                        .map(next -> next.toInstant()),
                runs.stream()
                        .flatMap(ended -> ended.outcome().lastSnapshot().stream())
                        .findFirst(),
                runs.stream().findFirst());
    }

    private TaskState state(JobKind kind, String task, List<JobRecord> runs) {
        for (StartedJob job : dispatcher.started()) {
            if (is(job.job(), kind, task)) {
                return new TaskState.Running(job.since(), job.progress());
            }
        }
        for (WaitingJob job : dispatcher.waiting()) {
            if (is(job.job(), kind, task)) {
                return new TaskState.Waiting(job.since(), job.reason());
            }
        }
        return runs.stream()
                .filter(ended -> ended.outcome().ending() != JobOutcome.Ending.SKIPPED)
                .findFirst()
                .<TaskState>map(Statuses::ended)
                .orElseGet(() -> new TaskState.Pending(now));
    }

    private static boolean is(Job job, JobKind kind, String task) {
        return job.kind() == kind && job.tasks().contains(task);
    }

    private static TaskState ended(JobRecord run) {
        JobOutcome outcome = run.outcome();
        return switch (outcome.ending()) {
            case FINISHED -> new TaskState.Finished(run.ended(), outcome.warnings());
            case HOLD -> new TaskState.Held(run.ended(), outcome.text());
            case ERROR, CANCELLED, SKIPPED -> new TaskState.Failed(run.ended(), outcome.text());
        };
    }
}
