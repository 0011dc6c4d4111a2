// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.plan.Approval;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.run.KeySink;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The door: runs what is due. Snapshots are taken first, then the replication tasks run one after another, then the snapshots
 * go that nobody wants any more, and copies of datasets that are gone where a task asks for that. What fails stops nothing else, and is in the report.
 *
 * <pre>{@code
 * TickRun run = TickRun.of(definition, hosts);
 * TickReport report = run.run(Tick.at(definition, clock.instant()));
 * System.out.print(report);
 * }</pre>
 *
 * <p>Calls block. The object is immutable and does not close the hosts; it is as safe for use by several threads as its
 * {@link TaskHosts} are.
 */
public final class TickRun {

    private final Definition definition;
    private final TaskHosts hosts;
    private final Concurrency concurrency;
    private final double maximumShare;
    private final Function<ReplicationTask, Optional<KeySink>> sinks;
    private final Optional<Approval> approval;
    private final ObservationStore memory;
    private final Function<PeriodicSnapshotTask, Optional<SnapshotHook>> hooks;
    private final Optional<TargetLocks> locks;

    private TickRun(
            Definition definition,
            TaskHosts hosts,
            Concurrency concurrency,
            double maximumShare,
            Function<ReplicationTask, Optional<KeySink>> sinks,
            Optional<Approval> approval,
            ObservationStore memory,
            Function<PeriodicSnapshotTask, Optional<SnapshotHook>> hooks,
            Optional<TargetLocks> locks) {
        this.sinks = sinks;
        this.definition = definition;
        this.hosts = hosts;
        this.concurrency = concurrency;
        this.maximumShare = maximumShare;
        this.approval = approval;
        this.memory = memory;
        this.hooks = hooks;
        this.locks = locks;
    }

    /**
     * Runs in real time.
     *
     * @param definition all tasks, also those that are not due: what they go on from is kept
     * @param hosts opens the hosts
     * @return a door
     */
    public static TickRun of(Definition definition, TaskHosts hosts) {
        return new TickRun(
                definition,
                hosts,
                Concurrency.system(),
                RetentionRequest.DEFAULT_SHARE,
                task -> Optional.empty(),
                Optional.empty(),
                ObservationStore.NONE,
                task -> Optional.empty(),
                Optional.empty());
    }

    /**
     * The same with time and threads of another origin, for tests.
     *
     * @param other where to take them from
     * @return a door
     */
    public TickRun with(Concurrency other) {
        return new TickRun(definition, hosts, other, maximumShare, sinks, approval, memory, hooks, locks);
    }

    /**
     * The same with consent to destroy more snapshots at once.
     *
     * @param share see {@link RetentionRequest#maximumShare}
     * @return a door
     */
    public TickRun withMaximumShare(double share) {
        return new TickRun(definition, hosts, concurrency, share, sinks, approval, memory, hooks, locks);
    }

    /**
     * The same with somebody who keeps the keys of targets whose {@code key-location} is {@code $TrueNAS}. Without, such tasks
     * are refused.
     *
     * @param keepers who is told of the keys of a task's targets
     * @return a door
     */
    public TickRun withKeySinks(Function<ReplicationTask, Optional<KeySink>> keepers) {
        return new TickRun(definition, hosts, concurrency, maximumShare, keepers, approval, memory, hooks, locks);
    }

    /**
     * The same, where a plan that destroys anything else on its target is not carried out, and what retention and pruning would
     * destroy beside it stays. Without it, the policies of the tasks are the consent.
     *
     * @param looked consent to a preview, {@link TickReport#approval}
     * @return a door
     */
    public TickRun approving(Approval looked) {
        return new TickRun(
                definition, hosts, concurrency, maximumShare, sinks, Optional.of(looked), memory, hooks, locks);
    }

    /**
     * The same with a memory: see {@link dev.zlineage.core.Replication#remembering(ObservationStore)}.
     *
     * @param store where it is kept
     * @return a door
     */
    public TickRun remembering(ObservationStore store) {
        return new TickRun(definition, hosts, concurrency, maximumShare, sinks, approval, store, hooks, locks);
    }

    /**
     * The same with somebody who is told before and after the snapshots of a task are taken.
     *
     * @param told who is told of a task's snapshots
     * @return a door
     */
    public TickRun withHooks(Function<PeriodicSnapshotTask, Optional<SnapshotHook>> told) {
        return new TickRun(definition, hosts, concurrency, maximumShare, sinks, approval, memory, told, locks);
    }

    /**
     * The same, keeping off what another run writes into. Each task takes all its targets before it looks at them, and has them until
     * the whole run has ended, since retention comes last. One that can't is told as {@link SourceReport.Outcome.Busy}, and
     * stops nothing else. That takes one small question to the host of each target's pool.
     *
     * @param shared with the other runs
     * @return a door
     */
    public TickRun locking(TargetLocks shared) {
        return new TickRun(
                definition, hosts, concurrency, maximumShare, sinks, approval, memory, hooks, Optional.of(shared));
    }

    /**
     * Tells what would be done, as both sides stand now: without the snapshots that would be taken first, and what would come of
     * them. Changes nothing.
     *
     * @param tick what is due
     * @return a preview
     */
    public TickReport plan(Tick tick) {
        List<SnapshotReport> snapshots =
                new SnapshotTaking(hosts.here(), tick, definition, hooks, new Cancellation()).preview();
        List<TaskReport> tasks = eachTask(tick, TaskReplication::plan);
        List<RetentionReport> retention = new TickRetention(definition, hosts, tick, tasks, maximumShare).preview();
        List<PruneReport> pruning = new TickPruning(definition, hosts, tick, tasks, maximumShare).preview();
        return new TickReport(tick.now(), snapshots, tasks, retention, pruning, List.of());
    }

    /**
     * Runs what is due.
     *
     * @param tick what is due
     * @return what came of it
     * @throws InterruptedException if the thread was interrupted; streams under way were cut and their processes are gone
     */
    public TickReport run(Tick tick) throws InterruptedException {
        return run(tick, TickListener.NONE, new Cancellation());
    }

    /**
     * Runs what is due.
     *
     * @param tick what is due
     * @param listener told when a replication begins
     * @param cancellation ends the run from any thread: nothing further is begun, and nothing destroyed by retention
     * @return what came of it
     * @throws InterruptedException if the thread was interrupted; streams under way were cut and their processes are gone
     */
    public TickReport run(Tick tick, TickListener listener, Cancellation cancellation) throws InterruptedException {
        try (TargetsOfRun targets = new TargetsOfRun(locks, listener, cancellation)) {
            return run(tick, targets, listener, cancellation);
        }
    }

    private TickReport run(Tick tick, TargetsOfRun targets, TickListener listener, Cancellation cancellation)
            throws InterruptedException {
        SnapshotTaking taking = new SnapshotTaking(hosts.here(), tick, definition, hooks, cancellation);
        List<SnapshotReport> snapshots = taking.run();
        List<TaskReport> tasks =
                eachTask(tick, (task, requests) -> task.run(requests, approval, targets, listener, cancellation));
        List<RetentionReport> retention = cancellation.isCancelled()
                ? List.of()
                : new TickRetention(definition, hosts, tick, tasks, maximumShare)
                        .run(this::mayBeLost, cancellation::isCancelled, memory, concurrency);
        List<PruneReport> pruning = cancellation.isCancelled()
                ? List.of()
                : new TickPruning(definition, hosts, tick, tasks, maximumShare)
                        .run(this::mayBeLost, cancellation::isCancelled);
        return new TickReport(tick.now(), snapshots, tasks, retention, pruning, taking.warnings());
    }

    private boolean mayBeLost(String what) {
        return approval.map(looked -> looked.covers(List.of(what))).orElse(true);
    }

    private interface Act<E extends Exception> {
        List<SourceReport> on(TaskReplication task, List<ReplicationRequest> requests) throws E;
    }

    private <E extends Exception> List<TaskReport> eachTask(Tick tick, Act<E> act) throws E {
        List<TaskReport> reports = new ArrayList<>();
        for (ReplicationTask task : tick.replications()) {
            Optional<KeySink> sink = sinks.apply(task);
            TaskRequests mapped = TaskRequests.of(task, definition);
            TaskRequests kept = sink.isPresent() ? mapped : mapped.withoutKeySink(task);
            TaskRequests asked = kept.after(task, reports);
            TaskReplication replication = new TaskReplication(task, tick, definition, hosts, concurrency, sink, memory);
            List<SourceReport> sources = asked.refused() ? List.of() : act.on(replication, asked.requests());
            reports.add(new TaskReport(task.id(), asked.refusals(), sources));
        }
        return reports;
    }
}
