// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tells where each task stands, by two questions to the store whatever the number of tasks. */
final class Statuses {

    private final Dispatcher dispatcher;
    private final Instant now;
    private final Set<String> paused;
    private final Map<String, TaskStore.Memory> memories = new HashMap<>();
    private final Map<String, TaskState> states = new TreeMap<>();

    Statuses(Dispatcher dispatcher, TaskStore store, Instant now) {
        this.dispatcher = dispatcher;
        this.now = now;
        this.paused = store.paused();
        store.memories().forEach(memory -> memories.put(key(memory.kind(), memory.task()), memory));
        dispatcher.waiting().forEach(job -> put(job.job(), new TaskState.Waiting(job.since(), job.reason())));
        dispatcher.started().forEach(job -> put(job.job(), running(job)));
    }

    private static TaskState running(StartedJob job) {
        return job.waitsFor()
                .<TaskState>map(why -> new TaskState.Waiting(job.since(), why))
                .orElseGet(() -> new TaskState.Running(job.since(), job.progress()));
    }

    private void put(Job job, TaskState state) {
        job.tasks().forEach(task -> states.put(key(job.kind(), task), state));
    }

    private static String key(JobKind kind, String task) {
        return kind + " " + task;
    }

    /** In the order of the definition. */
    List<TaskStatus> all() {
        Definition definition = dispatcher.tasks().definition();
        List<TaskStatus> all = new ArrayList<>();
        for (PeriodicSnapshotTask task : definition.snapshotTasks()) {
            all.add(status(JobKind.SNAPSHOTS, task.id()));
        }
        for (ReplicationTask task : definition.replicationTasks()) {
            all.add(status(JobKind.REPLICATION, task.id()));
        }
        // what runs on although its task is not defined any more
        Set<String> defined =
                all.stream().map(status -> key(status.kind(), status.task())).collect(Collectors.toSet());
        states.forEach((key, state) -> {
            if (!defined.contains(key)) {
                int blank = key.indexOf(' ');
                JobKind kind = JobKind.valueOf(key.substring(0, blank));
                all.add(status(kind, key.substring(blank + 1)));
            }
        });
        return all;
    }

    private TaskStatus status(JobKind kind, String task) {
        Optional<TaskStore.Memory> memory = Optional.ofNullable(memories.get(key(kind, task)));
        Optional<JobRecord> last = memory.map(TaskStore.Memory::last);
        TaskState state = Optional.ofNullable(states.get(key(kind, task)))
                .or(() -> last.map(Statuses::ended))
                .orElseGet(() -> new TaskState.Pending(now));
        return new TaskStatus(
                task,
                kind,
                state,
                paused.contains(task),
                dispatcher.next(kind, task),
                memory.flatMap(TaskStore.Memory::lastSnapshot),
                last);
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
