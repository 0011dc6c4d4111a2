// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Chain;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.RunRules;
import dev.zlineage.scheduler.tick.Tick;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tasks of a definition by their ids, and how each is run. */
final class Tasks {

    private final Definition definition;
    private final Map<String, PeriodicSnapshotTask> snapshots;
    private final Map<String, ReplicationTask> replications;
    private final Chain chain;

    Tasks(Definition definition) {
        this.definition = definition;
        this.snapshots = byId(definition.snapshotTasks(), PeriodicSnapshotTask::id);
        this.replications = byId(definition.replicationTasks(), ReplicationTask::id);
        this.chain = definition.chain();
    }

    private static <T> Map<String, T> byId(List<T> tasks, Function<T, String> id) {
        return tasks.stream().collect(Collectors.toMap(id, task -> task, (one, other) -> one));
    }

    Definition definition() {
        return definition;
    }

    /** The ids of all tasks. */
    Set<String> ids() {
        Set<String> ids = new HashSet<>(snapshots.keySet());
        ids.addAll(replications.keySet());
        return ids;
    }

    /** The snapshot tasks of these ids, those that there are. */
    List<PeriodicSnapshotTask> snapshots(List<String> ids) {
        return ids.stream()
                .flatMap(id -> Optional.ofNullable(snapshots.get(id)).stream())
                .toList();
    }

    /** Why a job must not be begun any more; empty if it may. */
    Optional<String> obsolete(Job job) {
        return job.tasks().stream().anyMatch(id -> enabled(job.kind(), id))
                ? Optional.empty()
                : Optional.of("the task is disabled, or not defined any more");
    }

    private boolean enabled(JobKind kind, String id) {
        return kind == JobKind.SNAPSHOTS
                ? Optional.ofNullable(snapshots.get(id))
                        .filter(PeriodicSnapshotTask::enabled)
                        .isPresent()
                : Optional.ofNullable(replications.get(id))
                        .filter(ReplicationTask::enabled)
                        .isPresent();
    }

    RunRules rules(PeriodicSnapshotTask task) {
        return task.own().rules();
    }

    RunRules rules(ReplicationTask task) {
        return task.own().rules();
    }

    /** The rules of a job. Of several snapshot tasks, the most patient counts: it is taken late or not at all for all of them. */
    RunRules rules(Job job) {
        if (job.kind() == JobKind.REPLICATION) {
            return Optional.ofNullable(replications.get(job.tasks().get(0)))
                    .map(this::rules)
                    .orElse(RunRules.DEFAULT);
        }
        List<Optional<Duration>> patience = snapshots(job.tasks()).stream()
                .map(task -> rules(task).staleness())
                .toList();
        return patience.isEmpty() || patience.stream().anyMatch(Optional::isEmpty)
                ? RunRules.DEFAULT
                : RunRules.DEFAULT.staleness(patience.stream()
                        .flatMap(Optional::stream)
                        .max(Duration::compareTo)
                        .orElseThrow());
    }

    /** When a run that begins now must end, if ever. */
    StartedJob.End endOf(Job job, Instant now, long nanos) {
        return new StartedJob.End(windowEnd(job, now), rules(job).deadline().map(longest -> nanos + longest.toNanos()));
    }

    private Optional<Instant> windowEnd(Job job, Instant began) {
        return job.kind() == JobKind.SNAPSHOTS || !rules(job).endsWithWindow()
                ? Optional.empty()
                : Optional.ofNullable(replications.get(job.tasks().get(0)))
                        .flatMap(ReplicationTask::schedule)
                        .flatMap(schedule -> windowEnd(schedule, began));
    }

    /** A run that would have to end with its window does not begin outside of it, unless somebody asks for it. */
    boolean outsideOfWindow(Job job, Instant now) {
        return job.kind() == JobKind.REPLICATION
                && job.origin() != Origin.BY_HAND
                && rules(job).endsWithWindow()
                && Optional.ofNullable(replications.get(job.tasks().get(0)))
                        .flatMap(ReplicationTask::schedule)
                        .filter(schedule ->
                                !schedule.inWindow(now.atZone(definition.zone()).toLocalTime()))
                        .isPresent();
    }

    private Optional<Instant> windowEnd(CronSchedule schedule, Instant began) {
        return schedule.windowEnd(began.atZone(definition.zone())).map(end -> end.toInstant());
    }

    /** The enabled replication tasks after which a job is run; none if somebody asks for it all the same. */
    List<String> before(Job job) {
        return job.origin() != Origin.AFTER_REPLICATIONS
                ? List.of()
                : job.tasks().stream()
                        .flatMap(id -> Optional.ofNullable(replications.get(id)).stream())
                        .flatMap(task -> chain.before(task).stream())
                        .map(ReplicationTask::id)
                        .toList();
    }

    /**
     * What has to be run when a job has ended: the replications that send what it took, or that run after it. Those are asked for
     * however it ended, so that it is told why they are not run, and each behind those that it runs after: what is asked for later is
     * not waited for. They are due now, and not when that job was, which may have taken hours.
     */
    List<JobRequest> following(Job job, Instant now) {
        if (job.kind() == JobKind.REPLICATION) {
            return job.tasks().stream()
                    .flatMap(id -> chain.after(id).stream())
                    .filter(task -> definition.problems(task).isEmpty()) // such as a circle, which would never end
                    .map(task -> new JobRequest(
                            JobKind.REPLICATION, List.of(task.id()), now, now, Origin.AFTER_REPLICATIONS, true))
                    .toList();
        }
        return Tick.following(definition, snapshots(job.tasks())).stream()
                .map(task -> new JobRequest(
                        JobKind.REPLICATION, List.of(task.id()), job.moment(), now, Origin.AFTER_SNAPSHOTS, true))
                .toList();
    }

    /** What has to be run when somebody asks for a task by its id; a job for each kind that has one. */
    List<JobRequest> byHand(String id, Instant now) {
        Tick tick = Tick.of(definition, now, id);
        List<JobRequest> asked = new ArrayList<>();
        tick.snapshots()
                .forEach(task ->
                        asked.add(new JobRequest(JobKind.SNAPSHOTS, List.of(id), now, now, Origin.BY_HAND, true)));
        tick.replications().stream()
                .filter(task -> task.id().equals(id))
                .forEach(task ->
                        asked.add(new JobRequest(JobKind.REPLICATION, List.of(id), now, now, Origin.BY_HAND, true)));
        return asked;
    }
}
