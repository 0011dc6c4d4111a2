// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.prune.PrunePlan;
import dev.zlineage.core.prune.PruneRequest;
import dev.zlineage.core.prune.Pruning;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.scheduler.tick.PruneReport.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Looks for copies of datasets that are gone, after a tick: only of sources that were replicated in it without a failure, and
 * only where the task asks for it. A full filesystem that does not is told what is gone.
 */
final class TickPruning {

    private final Definition definition;
    private final TaskHosts hosts;
    private final Tick tick;
    private final double maximumShare;
    private final List<Replica> replicas;

    /** By task and source: what was replicated without a failure, or would be. */
    private final Set<String> good = new HashSet<>();

    TickPruning(Definition definition, TaskHosts hosts, Tick tick, List<TaskReport> tasks, double maximumShare) {
        this.definition = definition;
        this.hosts = hosts;
        this.tick = tick;
        this.maximumShare = maximumShare;
        this.replicas = Replica.all(definition);
        for (TaskReport task : tasks) {
            task.sources().stream()
                    .filter(TickPruning::good)
                    .forEach(source -> good.add(task.task() + " " + source.source()));
        }
    }

    private static boolean good(SourceReport source) {
        return source.outcome() instanceof SourceReport.Outcome.Planned planned
                        && planned.plan().refused() == 0
                || source.outcome() instanceof SourceReport.Outcome.Ran ran
                        && ran.result().success();
    }

    List<PruneReport> preview() {
        return each((pruning, plan) -> new Outcome.Planned(plan));
    }

    /** Destroys what may be lost of what is gone. */
    List<PruneReport> run(Predicate<String> agreed, BooleanSupplier stop) {
        return each((pruning, plan) -> {
            PrunePlan seen = plan.within(agreed);
            return plan.request().grace().isEmpty()
                    ? new Outcome.Planned(seen)
                    : new Outcome.Ran(seen, pruning.run(seen, stop));
        });
    }

    private interface Act {
        Outcome on(Pruning pruning, PrunePlan plan);
    }

    private List<PruneReport> each(Act act) {
        List<PruneReport> reports = new ArrayList<>();
        for (Replica replica : replicas) {
            boolean asked = replica.task().own().prune().isPresent()
                    || replica.task().streams().fullFilesystem();
            if (asked
                    && good.contains(
                            replica.task().id() + " " + replica.request().source())) {
                reports.add(
                        new PruneReport(replica.task().id(), replica.request().target(), on(replica, act)));
            }
        }
        return reports;
    }

    private Outcome on(Replica replica, Act act) {
        if (!definition.problems().isEmpty()) {
            // where a task that can't be read has its copies is not known
            return new Outcome.Failed("nothing is destroyed as long as something is wrong with the definition: "
                    + definition.problems().get(0));
        }
        try {
            Pruning pruning = Pruning.between(open(replica.sourceHost()), open(replica.targetHost()));
            return act.on(
                    pruning,
                    pruning.plan(new PruneRequest(
                            replica.request(),
                            others(replica),
                            replica.task().own().prune(),
                            tick.now().toInstant(),
                            maximumShare)));
        } catch (ZfsException e) {
            return new Outcome.Failed(e.failure().text().strip());
        }
    }

    private List<DatasetName> others(Replica replica) {
        return replicas.stream()
                .filter(other -> !other.equals(replica) && other.targetHost().equals(replica.targetHost()))
                .map(other -> other.request().target())
                .filter(replica.request().target()::contains)
                .toList();
    }

    private Zfs open(HostKey host) {
        return host.transport() instanceof TaskTransport.Local ? hosts.here() : hosts.there(host.transport());
    }
}
