// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.retain.Claim;
import dev.zlineage.core.retain.Owner;
import dev.zlineage.core.retain.RetentionPolicy;
import dev.zlineage.core.select.NamingSchemas;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.TargetRetention;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What tasks have to say about snapshots. A task that has not run now keeps what it owns. */
final class Owners {

    private Owners() {}

    /**
     * Everyone who has a say on a host.
     *
     * @param ran which replications have run
     */
    static List<Owner> on(HostKey host, Definition definition, Tick tick, Predicate<Replica> ran) {
        List<Owner> owners = new ArrayList<>();
        if (host.equals(HostKey.HERE)) {
            List<PeriodicSnapshotTask> good = definition.snapshotTasks().stream()
                    .filter(task -> definition.problems(task).isEmpty())
                    .toList();
            good.forEach(task -> owners.addAll(of(task, tick.snapshots().contains(task))));
            if (definition.removalDates()) {
                owners.add(removalDates(good));
            }
        }
        Replica.all(definition).stream()
                .filter(replica -> replica.receives(host))
                .forEach(replica -> owners.addAll(of(replica, ran.test(replica))));
        return owners;
    }

    /** It owns what it took: by its schema, in a minute of its schedule, in its tree. */
    private static List<Owner> of(PeriodicSnapshotTask task, boolean ran) {
        List<RetentionPolicy> policies = new ArrayList<>();
        task.keep().ifPresent(lifetime -> policies.add(new RetentionPolicy.Lifetimes(lifetime)));
        task.own().keep().ifPresent(policies::add);
        return each(policies, ran)
                .map(policy -> new Owner(
                        task.id(),
                        task.enabled(),
                        SnapshotSet.of(task, "")::covers,
                        new Claim.Named(NamingSchemas.strict(task.namingSchema())),
                        Optional.of(task.schedule()),
                        policy))
                .toList();
    }

    /** One owner a policy: a snapshot goes when none of them keeps it. */
    private static Stream<RetentionPolicy> each(List<RetentionPolicy> policies, boolean ran) {
        return ran && !policies.isEmpty() ? policies.stream() : Stream.of(new RetentionPolicy.Never());
    }

    /** It owns the copies of what it selects. */
    private static List<Owner> of(Replica replica, boolean ran) {
        List<RetentionPolicy> policies =
                new ArrayList<>(List.of(policy(replica.task().retention())));
        replica.task().own().keep().ifPresent(policies::add);
        return each(policies, ran)
                .map(policy -> new Owner(
                        replica.task().id(),
                        replica.task().enabled(),
                        replica::coversTarget,
                        claim(replica.request().snapshots()),
                        Optional.empty(),
                        policy))
                .toList();
    }

    private static Owner removalDates(List<PeriodicSnapshotTask> tasks) {
        List<SnapshotSet> sets = tasks.stream()
                .filter(PeriodicSnapshotTask::enabled)
                .map(task -> SnapshotSet.of(task, ""))
                .toList();
        return new Owner(
                "use-removal-dates",
                dataset -> sets.stream().anyMatch(set -> set.covers(dataset)),
                new Claim.All(),
                new RetentionPolicy.ExpiryProperty(RetentionPolicy.ExpiryProperty.DESTROY_AT));
    }

    private static Claim claim(SnapshotSelection selection) {
        if (selection instanceof SnapshotSelection.OnSchedule scheduled) {
            return claim(scheduled.selection());
        }
        if (selection instanceof SnapshotSelection.Named named) {
            return new Claim.Named(named.schemas());
        }
        return selection instanceof SnapshotSelection.Matching matching
                ? new Claim.Matching(matching.regex())
                : new Claim.All();
    }

    private static RetentionPolicy policy(TargetRetention retention) {
        return switch (retention.policy()) {
            case SOURCE -> new RetentionPolicy.SameAsSource();
            case CUSTOM ->
                retention
                        .keep()
                        .<RetentionPolicy>map(lifetime -> new RetentionPolicy.Lifetimes(
                                lifetime, List.copyOf(retention.lifetimes().values())))
                        .orElse(new RetentionPolicy.Never());
            case NONE -> new RetentionPolicy.Never();
        };
    }
}
