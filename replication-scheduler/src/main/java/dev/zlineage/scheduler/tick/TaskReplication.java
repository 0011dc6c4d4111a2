// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.Replication;
import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.plan.Approval;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.run.KeySink;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.TargetRetention;
import dev.zlineage.scheduler.tick.SourceReport.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One task in a tick: plans and runs its requests. */
record TaskReplication(
        ReplicationTask task,
        Tick tick,
        Definition definition,
        TaskHosts hosts,
        Concurrency concurrency,
        Optional<KeySink> sink,
        ObservationStore memory) {

    List<SourceReport> plan(List<ReplicationRequest> requests) {
        return requests.stream().map(request -> report(request, plan(request))).toList();
    }

    private static SourceReport report(ReplicationRequest request, Outcome outcome) {
        return new SourceReport(request.source(), request.target(), outcome);
    }

    private Outcome plan(ReplicationRequest request) {
        try {
            return new Outcome.Planned(
                    task.retention().policy() == TargetRetention.Policy.CUSTOM
                            ? engine().plan(request, plan -> WorthSending.dropped(plan, onTarget()))
                            : engine().plan(request));
        } catch (ZfsException e) {
            return new Outcome.Failed(e.failure());
        } catch (InvalidRequestException e) {
            return new Outcome.Failed(new ZfsFailure(
                    ZfsFailure.Kind.INVALID, "replication-tasks." + task.id(), String.valueOf(e.getMessage())));
        }
    }

    List<SourceReport> run(
            List<ReplicationRequest> requests,
            Optional<Approval> approval,
            TargetsOfRun targets,
            TickListener listener,
            Cancellation cancellation)
            throws InterruptedException {
        Map<DatasetName, Outcome> kept = cancellation.isCancelled()
                ? Map.of()
                : targets.take(
                        task, requests.stream().map(ReplicationRequest::target).toList(), hosts);
        List<SourceReport> reports = new ArrayList<>();
        for (ReplicationRequest request : requests) {
            Outcome outcome = cancellation.isCancelled() ? new Outcome.Cancelled() : kept.get(request.target());
            reports.add(report(request, outcome == null ? run(request, approval, listener, cancellation) : outcome));
        }
        return reports;
    }

    private Outcome run(
            ReplicationRequest request, Optional<Approval> approval, TickListener listener, Cancellation cancellation)
            throws InterruptedException {
        Outcome outcome = plan(request);
        if (outcome instanceof Outcome.Planned planned) {
            ReplicationPlan plan = planned.plan();
            if (approval.filter(looked -> !looked.covers(plan)).isPresent()) {
                return new Outcome.NotApproved(plan);
            }
            try {
                return new Outcome.Ran(plan, engine().run(plan, listener.starting(task, plan), cancellation));
            } catch (ZfsException e) {
                return new Outcome.Failed(e.failure());
            }
        }
        return outcome;
    }

    private Replication engine() {
        Zfs here = hosts.here();
        Zfs there = hosts.there(task.transport());
        boolean push = task.direction() == Direction.PUSH;
        Replication engine = Replication.between(push ? here : there, push ? there : here);
        return sink.map(engine::with)
                .orElse(engine)
                .with(concurrency)
                .remembering(memory)
                .with(Patience.DEFAULT
                        .withAttempts(task.attempts())
                        .withStall(task.own().stall()));
    }

    /** Who has a say about what arrives, once the task has run. */
    private RetentionRequest onTarget() {
        HostKey target = task.direction() == Direction.PUSH ? HostKey.of(task.transport()) : HostKey.HERE;
        return new RetentionRequest(
                Owners.on(
                        target, definition, tick, replica -> replica.task().id().equals(task.id())),
                tick.now().toInstant(),
                definition.zone());
    }
}
