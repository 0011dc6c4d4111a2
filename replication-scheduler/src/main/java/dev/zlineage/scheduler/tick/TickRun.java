// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.Replication;
import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.TargetRetention;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The door: runs what is due. Snapshots are taken first, then the replication tasks run one after another, then the snapshots
 * go that nobody wants any more. What fails stops nothing else, and is in the report.
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

    private TickRun(Definition definition, TaskHosts hosts, Concurrency concurrency, double maximumShare) {
        this.definition = definition;
        this.hosts = hosts;
        this.concurrency = concurrency;
        this.maximumShare = maximumShare;
    }

    /**
     * Runs in real time.
     *
     * @param definition all tasks, also those that are not due: what they go on from is kept
     * @param hosts opens the hosts
     * @return a door
     */
    public static TickRun of(Definition definition, TaskHosts hosts) {
        return new TickRun(definition, hosts, Concurrency.system(), RetentionRequest.DEFAULT_SHARE);
    }

    /**
     * The same with time and threads of another origin, for tests.
     *
     * @param other where to take them from
     * @return a door
     */
    public TickRun with(Concurrency other) {
        return new TickRun(definition, hosts, other, maximumShare);
    }

    /**
     * The same with consent to destroy more snapshots at once.
     *
     * @param share see {@link RetentionRequest#maximumShare}
     * @return a door
     */
    public TickRun withMaximumShare(double share) {
        return new TickRun(definition, hosts, concurrency, share);
    }

    /**
     * Tells what would be done, as both sides stand now: without the snapshots that would be taken first, and what would come of
     * them. Changes nothing.
     *
     * @param tick what is due
     * @return a preview
     */
    public TickReport plan(Tick tick) {
        SnapshotTaking snapshots = new SnapshotTaking(hosts.here(), tick, definition);
        List<TaskReport> tasks = new ArrayList<>();
        for (ReplicationTask task : tick.replications()) {
            TaskRequests requests = TaskRequests.of(task, definition);
            List<SourceReport> sources = new ArrayList<>();
            for (ReplicationRequest request :
                    requests.refused() ? List.<ReplicationRequest>of() : requests.requests()) {
                sources.add(report(request, planned(task, request, tick)));
            }
            tasks.add(new TaskReport(task.id(), requests.refusals(), sources, requests.warnings()));
        }
        List<RetentionReport> retention = new TickRetention(definition, hosts, tick, tasks, maximumShare).preview();
        return new TickReport(tick.now(), snapshots.preview(), tasks, retention, List.of());
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
        SnapshotTaking taking = new SnapshotTaking(hosts.here(), tick, definition);
        List<SnapshotReport> snapshots = taking.run();
        List<TaskReport> tasks = new ArrayList<>();
        for (ReplicationTask task : tick.replications()) {
            TaskRequests requests = TaskRequests.of(task, definition);
            List<SourceReport> sources = new ArrayList<>();
            for (ReplicationRequest request :
                    requests.refused() ? List.<ReplicationRequest>of() : requests.requests()) {
                sources.add(report(
                        request,
                        cancellation.isCancelled()
                                ? new SourceReport.Outcome.Cancelled()
                                : ran(task, request, tick, listener, cancellation)));
            }
            tasks.add(new TaskReport(task.id(), requests.refusals(), sources, requests.warnings()));
        }
        List<RetentionReport> retention = cancellation.isCancelled()
                ? List.of()
                : new TickRetention(definition, hosts, tick, tasks, maximumShare).run(cancellation::isCancelled);
        return new TickReport(tick.now(), snapshots, tasks, retention, taking.warnings());
    }

    private static SourceReport report(ReplicationRequest request, SourceReport.Outcome outcome) {
        return new SourceReport(request.source(), request.target(), outcome);
    }

    private SourceReport.Outcome planned(ReplicationTask task, ReplicationRequest request, Tick tick) {
        try {
            ReplicationPlan plan = replication(task).plan(request);
            Set<Guid> dropped = task.retention().policy() == TargetRetention.Policy.CUSTOM
                    ? WorthSending.dropped(plan, onTarget(task, tick))
                    : Set.of();
            return new SourceReport.Outcome.Planned(
                    dropped.isEmpty()
                            ? plan
                            : replication(task)
                                    .plan(new RequestMapping(task, definition)
                                            .request(
                                                    request.source(),
                                                    request.target(),
                                                    new SnapshotSelection.Without(request.snapshots(), dropped))));
        } catch (ZfsException e) {
            return new SourceReport.Outcome.Failed(e.failure());
        } catch (InvalidRequestException e) {
            return invalid(task, e);
        }
    }

    /** Who has a say about what arrives, once the task has run. */
    private RetentionRequest onTarget(ReplicationTask task, Tick tick) {
        HostKey target = task.direction() == Direction.PUSH ? HostKey.of(task.transport()) : HostKey.HERE;
        return new RetentionRequest(
                Owners.on(
                        target, definition, tick, replica -> replica.task().id().equals(task.id())),
                tick.now().toInstant(),
                definition.zone());
    }

    private SourceReport.Outcome ran(
            ReplicationTask task,
            ReplicationRequest request,
            Tick tick,
            TickListener listener,
            Cancellation cancellation)
            throws InterruptedException {
        SourceReport.Outcome first = planned(task, request, tick);
        if (!(first instanceof SourceReport.Outcome.Planned planned)) {
            return first;
        }
        ReplicationPlan plan = planned.plan();
        try {
            ReplicationResult result = replication(task).run(plan, listener.starting(task, plan), cancellation);
            return new SourceReport.Outcome.Ran(plan, result);
        } catch (ZfsException e) {
            return new SourceReport.Outcome.Failed(e.failure());
        }
    }

    private Replication replication(ReplicationTask task) {
        Zfs here = hosts.here();
        Zfs there = hosts.there(task.transport());
        boolean push = task.direction() == Direction.PUSH;
        return Replication.between(push ? here : there, push ? there : here)
                .with(concurrency)
                .with(Patience.DEFAULT.withAttempts(task.attempts()));
    }

    private static SourceReport.Outcome invalid(ReplicationTask task, InvalidRequestException e) {
        return new SourceReport.Outcome.Failed(new ZfsFailure(
                ZfsFailure.Kind.INVALID, "replication-tasks." + task.id(), String.valueOf(e.getMessage())));
    }
}
