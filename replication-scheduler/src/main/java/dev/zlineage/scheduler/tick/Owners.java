// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.retain.Claim;
import dev.zlineage.core.retain.Owner;
import dev.zlineage.core.retain.RetentionPolicy;
import dev.zlineage.core.select.NamingSchemas;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.TargetRetention;
import java.util.List;
import java.util.Optional;

/** What tasks have to say about snapshots. A task that has not run now keeps what it owns. */
final class Owners {

    private Owners() {}

    /** It owns what it took: by its schema, in a minute of its schedule, in its tree. */
    static Owner of(PeriodicSnapshotTask task, boolean ran) {
        RetentionPolicy policy = task.keep()
                .filter(lifetime -> ran)
                .<RetentionPolicy>map(RetentionPolicy.Lifetimes::new)
                .orElse(new RetentionPolicy.Never());
        return new Owner(
                task.id(),
                task.enabled(),
                dataset -> covers(task, dataset),
                new Claim.Named(NamingSchemas.strict(task.namingSchema())),
                Optional.of(task.schedule()),
                policy);
    }

    /** It owns the copies of what it selects. */
    static Owner of(Replica replica, boolean ran) {
        return new Owner(
                replica.task().id(),
                replica.task().enabled(),
                replica::coversTarget,
                claim(replica.request().snapshots()),
                Optional.empty(),
                ran ? policy(replica.task().retention()) : new RetentionPolicy.Never());
    }

    static Owner removalDates(List<PeriodicSnapshotTask> tasks) {
        return new Owner(
                "use-removal-dates",
                dataset -> tasks.stream().anyMatch(task -> task.enabled() && covers(task, dataset)),
                new Claim.All(),
                new RetentionPolicy.ExpiryProperty(RetentionPolicy.ExpiryProperty.DESTROY_AT));
    }

    private static boolean covers(PeriodicSnapshotTask task, DatasetName dataset) {
        return new SnapshotSet(task, DatasetName.of(task.dataset()), "").covers(dataset);
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
