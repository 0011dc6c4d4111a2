// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.retain.RetentionPolicy.Buckets;
import dev.zlineage.scheduler.task.RunRules.Missed;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a periodic snapshot task can say here that no other format of tasks has: the block {@code zlineage} of a definition file.
 * Change one of the {@link #DEFAULTS}; more will be added.
 *
 * @param properties user properties that its snapshots are given, by name; a snapshot that was there already gets none
 * @param missed what becomes of times at which the service was not there, or asleep
 * @param staleness how late a snapshot may be taken; one that is due for longer is not. Empty for any time
 * @param keep of which periods the newest snapshot stays, also when the lifetime of the task is over; without a lifetime, what
 *     is the newest of none of them goes
 * @param include of which of the excluded datasets snapshots are taken all the same, in the syntax of
 *     {@link dev.zlineage.core.select.Excludes}
 * @param hooks what is run beside each snapshot
 */
public record SnapshotOptions(
        Map<String, String> properties,
        Missed missed,
        Optional<Duration> staleness,
        Optional<Buckets> keep,
        List<String> include,
        HookPrograms hooks) {

    /** No properties and hooks; missed times are caught up once. */
    public static final SnapshotOptions DEFAULTS = new SnapshotOptions(
            Map.of(), RunRules.DEFAULT.missed(), Optional.empty(), Optional.empty(), List.of(), HookPrograms.NONE);

    /** Copies the collections. */
    public SnapshotOptions {
        include = List.copyOf(include);
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    /**
     * The same with user properties on the snapshots.
     *
     * @param values by name, which has a colon
     * @return a changed copy
     */
    public SnapshotOptions withProperties(Map<String, String> values) {
        return new SnapshotOptions(values, missed, staleness, keep, include, hooks);
    }

    /**
     * The same with another rule for missed times.
     *
     * @param rule which
     * @return a changed copy
     */
    public SnapshotOptions withMissed(Missed rule) {
        return new SnapshotOptions(properties, rule, staleness, keep, include, hooks);
    }

    /**
     * The same with a bound for how late a snapshot may be taken.
     *
     * @param longest after its time
     * @return a changed copy
     */
    public SnapshotOptions withStaleness(Duration longest) {
        return new SnapshotOptions(properties, missed, Optional.of(longest), keep, include, hooks);
    }

    /**
     * The same, keeping the newest snapshots of some periods.
     *
     * @param periods how many hours, days, weeks, months and years
     * @return a changed copy
     */
    public SnapshotOptions withKeep(Buckets periods) {
        return new SnapshotOptions(properties, missed, staleness, Optional.of(periods), include, hooks);
    }

    /**
     * The same, taking snapshots of some of what is excluded.
     *
     * @param patterns in the syntax of {@link dev.zlineage.core.select.Excludes}
     * @return a changed copy
     */
    public SnapshotOptions withInclude(List<String> patterns) {
        return new SnapshotOptions(properties, missed, staleness, keep, patterns, hooks);
    }

    /**
     * The same with programs that are run beside each snapshot.
     *
     * @param programs which
     * @return a changed copy
     */
    public SnapshotOptions withHooks(HookPrograms programs) {
        return new SnapshotOptions(properties, missed, staleness, keep, include, programs);
    }

    /** How a service runs the task: snapshots wait for nothing and take no time, so there is not much to say. */
    public RunRules rules() {
        RunRules rules = RunRules.DEFAULT.missed(missed);
        return staleness.map(rules::staleness).orElse(rules);
    }

    /** Appends what can't be meant of them in this task. */
    void check(PeriodicSnapshotTask task, Checks checks) {
        new Includes(include, task.excludes(), List.of(task.dataset())).check(task.recursive(), "taken", checks);
        properties.forEach((name, value) -> UserProperty.check(name, value, checks));
        staleness.ifPresent(longest -> checks.positive("staleness", longest, "PT6H"));
        hooks.check(checks);
    }
}
