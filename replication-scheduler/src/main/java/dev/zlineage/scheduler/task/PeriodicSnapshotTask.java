// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.retain.Lifetime;
import dev.zlineage.core.select.Excludes;
import dev.zlineage.scheduler.cron.CronSchedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Snapshots that are taken again and again.
 *
 * @param id what to call it; unique among its kind
 * @param dataset what snapshots are taken of
 * @param recursive whether of everything below it too, at one moment
 * @param exclude what is left out below it, in the syntax of {@link Excludes}
 * @param keep how long its snapshots are kept; for ever if empty
 * @param namingSchema how they are called
 * @param schedule when they are taken, by the clock of the definition's zone
 * @param allowEmpty whether a snapshot stays although nothing was written since the one before
 * @param enabled whether any are taken
 * @param own what no other format of tasks has
 */
public record PeriodicSnapshotTask(
        String id,
        String dataset,
        boolean recursive,
        List<String> exclude,
        Optional<Lifetime> keep,
        String namingSchema,
        CronSchedule schedule,
        boolean allowEmpty,
        boolean enabled,
        SnapshotOptions own) {

    /** Copies the list. */
    public PeriodicSnapshotTask {
        exclude = List.copyOf(exclude);
    }

    /**
     * Snapshots of one dataset, kept for ever.
     *
     * @param id what to call the task
     * @param dataset what they are taken of
     * @param namingSchema how they are called
     * @param schedule when they are taken
     * @return an enabled task that keeps empty snapshots
     */
    public static PeriodicSnapshotTask of(String id, String dataset, String namingSchema, CronSchedule schedule) {
        return new PeriodicSnapshotTask(
                id,
                dataset,
                false,
                List.of(),
                Optional.empty(),
                namingSchema,
                schedule,
                true,
                true,
                SnapshotOptions.DEFAULTS);
    }

    /**
     * The same of a whole tree.
     *
     * @param leftOut what is left out of it
     * @return a recursive copy
     */
    public PeriodicSnapshotTask ofTree(String... leftOut) {
        return new PeriodicSnapshotTask(
                id, dataset, true, List.of(leftOut), keep, namingSchema, schedule, allowEmpty, enabled, own);
    }

    /**
     * The same, not to be run.
     *
     * @return a disabled copy
     */
    public PeriodicSnapshotTask disabled() {
        return new PeriodicSnapshotTask(
                id, dataset, recursive, exclude, keep, namingSchema, schedule, allowEmpty, false, own);
    }

    /**
     * The same with user properties on its snapshots.
     *
     * @param values by name, which has a colon
     * @return a copy
     */
    public PeriodicSnapshotTask withProperties(Map<String, String> values) {
        return with(own.withProperties(values));
    }

    /**
     * The same with other options.
     *
     * @param other what no other format of tasks has
     * @return a copy
     */
    public PeriodicSnapshotTask with(SnapshotOptions other) {
        return new PeriodicSnapshotTask(
                id, dataset, recursive, exclude, keep, namingSchema, schedule, allowEmpty, enabled, other);
    }

    /**
     * What is left out below the dataset.
     *
     * @return by {@link #exclude}, and what the task's own options take in again
     */
    public Excludes excludes() {
        return new Excludes(exclude, own.include());
    }

    void check(Checks checks) {
        checks.dataset("dataset", dataset);
        checks.schema("naming-schema", namingSchema);
        own.check(this, checks.below("zlineage"));
        if (!recursive && !exclude.isEmpty()) {
            checks.refuse("exclude", exclude, "nothing below is taken anyway", "set recursive: true, or remove it");
        }
        for (int i = 0; i < exclude.size(); i++) {
            if (!exclude.get(i).startsWith(dataset + "/")) {
                checks.refuse(
                        "exclude[" + i + "]",
                        exclude.get(i),
                        "it lies not below " + dataset,
                        "begin it with " + dataset + "/");
            }
        }
    }
}
