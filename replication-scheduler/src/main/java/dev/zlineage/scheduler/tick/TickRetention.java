// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.Retention;
import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.memory.Memory;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.memory.RetentionMemory;
import dev.zlineage.core.retain.RetentionPlan;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.TargetRetention;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.scheduler.tick.RetentionReport.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Lets go of snapshots after a tick, host by host. Only the tasks of the tick let go of any, and only in their own trees; all
 * others of the definition have their say for what they keep.
 */
final class TickRetention {

    private final Definition definition;
    private final TaskHosts hosts;
    private final Tick tick;
    private final double maximumShare;
    private final List<Replica> replicas;

    /** By task and source: what was run in this tick, or would be. */
    private final Set<String> seen;

    /** Whether the tick itself has changed something, so that there is no use in asking whether anything did. */
    private final boolean changed;

    TickRetention(Definition definition, TaskHosts hosts, Tick tick, List<TaskReport> tasks, double maximumShare) {
        this.definition = definition;
        this.hosts = hosts;
        this.tick = tick;
        this.maximumShare = maximumShare;
        this.replicas = Replica.all(definition);
        this.changed = !tick.snapshots().isEmpty() || tasks.stream().anyMatch(TickRetention::sent);
        this.seen = new HashSet<>();
        for (TaskReport task : tasks) {
            task.sources().stream()
                    .filter(SourceReport::seen)
                    .forEach(source -> seen.add(task.task() + " " + source.source()));
        }
    }

    private static boolean sent(TaskReport task) {
        return task.sources().stream()
                .anyMatch(source -> source.outcome() instanceof SourceReport.Outcome.Ran ran
                        && ran.result().count(DatasetResult.Outcome.Replicated.class) > 0);
    }

    List<RetentionReport> preview() {
        return onEachHost(roots(), (retention, plan) -> new Outcome.Planned(plan));
    }

    /** Destroys what may be lost of what owners let go. */
    List<RetentionReport> run(
            Predicate<String> agreed, BooleanSupplier stop, ObservationStore store, Concurrency concurrency) {
        Map<HostKey, Set<DatasetName>> roots = roots();
        Map<HostKey, Set<DatasetName>> trees = trees(roots);
        Optional<QuietHosts> looked =
                changed || roots.isEmpty() || !definition.problems().isEmpty()
                        ? Optional.empty()
                        : RetentionMemory.of(store, Memory.AUDIT, asked(roots, trees), concurrency)
                                .flatMap(memory -> QuietHosts.look(memory, trees, this::open));
        Optional<Instant> quiet = looked.flatMap(hosts -> hosts.until(tick.now().toInstant()));
        if (quiet.isPresent()) {
            return roots.keySet().stream()
                    .map(host -> new RetentionReport(host.toString(), new Outcome.Unchanged(quiet.get())))
                    .toList();
        }
        List<RetentionReport> reports = onEachHost(roots, (retention, plan) -> {
            RetentionPlan approved = plan.within(agreed);
            return new Outcome.Ran(approved, retention.run(approved, stop));
        });
        looked.ifPresent(hosts -> hosts.keep(reports));
        return reports;
    }

    /** All that the owners and what they say depend on, but for the snapshots and the time; no snapshot task is due here. */
    private String asked(Map<HostKey, Set<DatasetName>> roots, Map<HostKey, Set<DatasetName>> trees) {
        return String.join(
                "\n",
                inOrder(roots),
                inOrder(trees),
                new TreeSet<>(seen).toString(),
                Double.toString(maximumShare),
                definition.toString());
    }

    private static String inOrder(Map<HostKey, Set<DatasetName>> byHost) {
        return new TreeMap<>(byHost.entrySet().stream()
                        .collect(Collectors.toMap(
                                host -> host.getKey().toString(), host -> new TreeSet<>(host.getValue()))))
                .toString();
    }

    /** The trees that are judged, and those at the other sides of their replications. */
    private Map<HostKey, Set<DatasetName>> trees(Map<HostKey, Set<DatasetName>> roots) {
        Map<HostKey, Set<DatasetName>> trees = new HashMap<>();
        roots.forEach((host, names) -> trees.put(host, new TreeSet<>(names)));
        for (Replica replica : replicas) {
            if (roots.containsKey(replica.sourceHost())) {
                trees.computeIfAbsent(replica.targetHost(), host -> new TreeSet<>())
                        .add(replica.request().target());
            }
            if (roots.containsKey(replica.targetHost())) {
                trees.computeIfAbsent(replica.sourceHost(), host -> new TreeSet<>())
                        .add(replica.request().source());
            }
        }
        return trees;
    }

    private interface Act {
        Outcome on(Retention retention, RetentionPlan plan);
    }

    private List<RetentionReport> onEachHost(Map<HostKey, Set<DatasetName>> roots, Act act) {
        List<RetentionReport> reports = new ArrayList<>();
        roots.forEach((host, names) -> reports.add(new RetentionReport(host.toString(), on(host, names, act))));
        return reports;
    }

    private Outcome on(HostKey host, Set<DatasetName> roots, Act act) {
        if (!definition.problems().isEmpty()) {
            // what a task that can't be read goes on from is not known
            return new Outcome.Failed("nothing is destroyed as long as something is wrong with the definition: "
                    + definition.problems().get(0));
        }
        try {
            Retention retention = Retention.on(open(host));
            for (Replica replica : replicas) {
                if (replica.sends(host)) {
                    retention = retention.tied(replica.fromSource(), open(replica.targetHost()));
                }
                if (replica.receives(host)) {
                    retention = retention.tied(replica.fromTarget(), open(replica.sourceHost()));
                }
            }
            RetentionRequest request = new RetentionRequest(
                            Owners.on(host, definition, tick, this::letsGo),
                            tick.now().toInstant(),
                            definition.zone())
                    .withMaximumShare(maximumShare);
            return act.on(retention, retention.plan(request, List.copyOf(roots)));
        } catch (ZfsException e) {
            return new Outcome.Failed(e.failure().text().strip());
        } catch (InvalidRequestException e) {
            return new Outcome.Failed(String.valueOf(e.getMessage()));
        }
    }

    private Zfs open(HostKey host) {
        return host.transport() instanceof TaskTransport.Local ? hosts.here() : hosts.there(host.transport());
    }

    /** The trees of the tasks that let go of something; none that lies in another. */
    private Map<HostKey, Set<DatasetName>> roots() {
        Map<HostKey, Set<DatasetName>> roots = new LinkedHashMap<>();
        for (PeriodicSnapshotTask task : definition.snapshotTasks()) {
            if (tick.snapshots().contains(task)
                    && definition.problems(task).isEmpty()
                    && (task.keep().isPresent() || task.own().keep().isPresent() || definition.removalDates())) {
                roots.computeIfAbsent(HostKey.HERE, host -> new TreeSet<>()).add(DatasetName.of(task.dataset()));
            }
        }
        for (Replica replica : replicas) {
            if (letsGo(replica) && replica.task().retention().policy() != TargetRetention.Policy.NONE) {
                roots.computeIfAbsent(replica.targetHost(), host -> new TreeSet<>())
                        .add(replica.request().target());
            }
        }
        roots.replaceAll((host, names) -> QuietHosts.tops(names));
        return roots;
    }

    private boolean letsGo(Replica replica) {
        return seen.contains(replica.task().id() + " " + replica.request().source());
    }
}
