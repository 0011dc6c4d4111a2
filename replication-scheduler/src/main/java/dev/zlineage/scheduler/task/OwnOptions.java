// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.retain.RetentionPolicy.Buckets;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.select.DailyRates;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.SnapshotSelection;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a replication task can say here that no other format of tasks has: the block {@code zlineage} of a definition file.
 * Change one of the {@link #DEFAULTS}; more will be added.
 *
 * @param parallel how many datasets are sent at the same time, 1 to 64
 * @param stall for how long no byte of a stream may move before it is cut and carried on
 * @param onDivergence what is done where the target has something of its own; without it that is refused, or what
 *     {@link ReplicationTask#fromScratch} says
 * @param trustBookmarks whether a bookmark alone is a base although the source is read-only, and so may be a replica that was
 *     rolled back
 * @param ignoreRoom whether a new dataset is sent in full although the target has less room than it takes on the source
 * @param tagged the user property of the snapshots that are sent, {@code NAME} or {@code NAME=VALUE}, in place of schemas and
 *     expressions
 * @param clones whether clones stay clones, where what they are clones of is replicated too
 * @param keySink the absolute path of a program of this host that keeps the keys of targets, where {@code key-location} is
 *     {@code $TrueNAS}. It is for the command line; an embedder gives {@link dev.zlineage.scheduler.tick.TickRun} a sink
 * @param keepEncryptionRoots whether what shares a key on the source comes to share it on the target, where both keys are loaded
 * @param letThrough which of {@code mountpoint}, {@code sharenfs} and {@code sharesmb} targets take from their source, where
 *     properties go along
 * @param prune how long a dataset has to be gone on the source before its copy is destroyed; without it, copies stay
 * @param keep with {@link TargetRetention.Policy#CUSTOM}, of which periods the newest snapshot stays on the target when its lifetime
 *     is over
 * @param include what of the excluded is sent all the same, in the syntax of {@link dev.zlineage.core.select.Excludes}
 * @param targets by source, where it goes in the place of {@link ReplicationTask#target}, which may be empty if all have one
 * @param speedLimits how many bytes a second may move by the time of the day; outside of them the task's speed limit holds
 * @param after the ids of the replication tasks after which the task runs by itself, in the place of a schedule
 * @param rules how a service that is always there runs the task
 */
public record OwnOptions(
        int parallel,
        Duration stall,
        Optional<DivergencePolicy> onDivergence,
        boolean trustBookmarks,
        boolean ignoreRoom,
        Optional<String> tagged,
        boolean clones,
        Optional<String> keySink,
        boolean keepEncryptionRoots,
        List<String> letThrough,
        Optional<Duration> prune,
        Optional<Buckets> keep,
        List<String> include,
        Map<String, String> targets,
        List<DailyRates.Window> speedLimits,
        List<String> after,
        RunRules rules) {

    /** The most streams that a task may have at the same time. */
    public static final int MOST_PARALLEL = 64;

    /** Four datasets at a time, a quarter of an hour without a byte, nothing given up or risked. */
    public static final OwnOptions DEFAULTS = new OwnOptions(
            4,
            Patience.DEFAULT.stall(),
            Optional.empty(),
            false,
            false,
            Optional.empty(),
            true,
            Optional.empty(),
            false,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Map.of(),
            List.of(),
            List.of(),
            RunRules.DEFAULT);

    /** Copies the collections. */
    public OwnOptions {
        letThrough = List.copyOf(letThrough);
        include = List.copyOf(include);
        targets = Collections.unmodifiableMap(new TreeMap<>(targets));
        speedLimits = List.copyOf(speedLimits);
        after = List.copyOf(after);
    }

    /**
     * The same with another number of streams.
     *
     * @param streams at the same time, 1 to {@link #MOST_PARALLEL}
     * @return a changed copy
     */
    public OwnOptions withParallel(int streams) {
        return with(copy -> copy.parallel = streams);
    }

    /**
     * The same with another bound for streams that stand still.
     *
     * @param without for how long no byte may move
     * @return a changed copy
     */
    public OwnOptions withStall(Duration without) {
        return with(copy -> copy.stall = without);
    }

    /**
     * The same with a remedy for targets that have something of their own.
     *
     * @param policy which
     * @return a changed copy
     */
    public OwnOptions withOnDivergence(DivergencePolicy policy) {
        return with(copy -> copy.onDivergence = Optional.of(policy));
    }

    /**
     * The same, trusting the bookmarks of a read-only source or not.
     *
     * @param trust true only if the source never was rolled back
     * @return a changed copy
     */
    public OwnOptions withTrustBookmarks(boolean trust) {
        return with(copy -> copy.trustBookmarks = trust);
    }

    /**
     * The same, beginning full streams that may not fit or not.
     *
     * @param ignore true to begin them
     * @return a changed copy
     */
    public OwnOptions withIgnoreRoom(boolean ignore) {
        return with(copy -> copy.ignoreRoom = ignore);
    }

    /**
     * The same, sending the snapshots that carry a user property.
     *
     * @param property {@code NAME} for any value, or {@code NAME=VALUE}
     * @return a changed copy
     */
    public OwnOptions withTagged(String property) {
        return with(copy -> copy.tagged = Optional.of(property));
    }

    /**
     * The same with a program that keeps keys.
     *
     * @param program its absolute path
     * @return a changed copy
     */
    public OwnOptions withKeySink(String program) {
        return with(copy -> copy.keySink = Optional.of(program));
    }

    /**
     * The same, keeping the encryption roots of the source or not.
     *
     * @param keep true to keep them
     * @return a changed copy
     */
    public OwnOptions withKeepEncryptionRoots(boolean keep) {
        return with(copy -> copy.keepEncryptionRoots = keep);
    }

    /**
     * The same, with targets that take the place or the shares of their source.
     *
     * @param properties of {@link PropertyChoice#GUARDED}
     * @return a changed copy
     */
    public OwnOptions withLetThrough(List<String> properties) {
        return with(copy -> copy.letThrough = properties);
    }

    /**
     * The same, pruning copies of what is gone.
     *
     * @param grace how long it has to be gone
     * @return a changed copy
     */
    public OwnOptions withPrune(Duration grace) {
        return with(copy -> copy.prune = Optional.of(grace));
    }

    /**
     * The same, keeping the newest snapshots of some periods on the target.
     *
     * @param periods how many hours, days, weeks, months and years
     * @return a changed copy
     */
    public OwnOptions withKeep(Buckets periods) {
        return with(copy -> copy.keep = Optional.of(periods));
    }

    /**
     * The same, sending some of what is excluded.
     *
     * @param patterns in the syntax of {@link dev.zlineage.core.select.Excludes}
     * @return a changed copy
     */
    public OwnOptions withInclude(List<String> patterns) {
        return with(copy -> copy.include = patterns);
    }

    /**
     * The same, with a target of its own for each of some sources.
     *
     * @param bySource where they go
     * @return a changed copy
     */
    public OwnOptions withTargets(Map<String, String> bySource) {
        return with(copy -> copy.targets = bySource);
    }

    /**
     * The same with limits of the rate by the time of the day.
     *
     * @param windows by the clock of the definition's zone
     * @return a changed copy
     */
    public OwnOptions withSpeedLimits(List<DailyRates.Window> windows) {
        return with(copy -> copy.speedLimits = windows);
    }

    /**
     * The same, running after other replication tasks.
     *
     * @param ids theirs; the task has to be one that runs by itself, and has no schedule
     * @return a changed copy
     */
    public OwnOptions withAfter(List<String> ids) {
        return with(copy -> copy.after = ids);
    }

    /** Appends what can't be meant of them in this task. */
    void check(ReplicationTask task, Checks checks) {
        tagged.ifPresent(property -> checkTagged(property, task, checks));
        checks.number("parallel", parallel, 1, MOST_PARALLEL);
        checks.positive("stall", stall, "PT15M");
        keySink.filter(path -> !path.startsWith("/"))
                .ifPresent(path ->
                        checks.refuse("key-sink", path, "it is no absolute path of a program", "begin it with /"));
        if (keepEncryptionRoots && task.encryption().isPresent()) {
            checks.refuse(
                    "keep-encryption-roots",
                    true,
                    "targets that are encrypted anew keep nothing of the source's encryption",
                    "remove it, or the encryption");
        }
        checkLetThrough(task, checks);
        new Includes(include, task.excludes(), task.sources()).check(task.recursive(), "sent", checks);
        checkSpeedLimits(checks);
        checkAfter(task, checks);
        prune.ifPresent(grace -> checks.positive("prune", grace, "P7D"));
        if (prune.isPresent() && !task.recursive()) {
            checks.refuse(
                    "prune",
                    prune.get(),
                    "nothing below the source is replicated, so nothing there can be gone",
                    "make the task recursive, or remove it");
        }
        if (keep.isPresent() && task.retention().policy() != TargetRetention.Policy.CUSTOM) {
            checks.refuse(
                    "keep",
                    keep.get(),
                    "only custom retention keeps by the time that a snapshot was taken at",
                    "remove it, or set retention-policy: custom and a lifetime");
        }
        if (onDivergence.isPresent() && task.fromScratch()) {
            checks.refuse(
                    "on-divergence",
                    word(onDivergence.get()),
                    "allow-from-scratch says what is done where nothing is in common",
                    "say one of the two; on-divergence: start-over-unrelated is the same");
        } else if (onDivergence.isPresent() && task.onlyFromScratch()) {
            checks.refuse(
                    "on-divergence",
                    word(onDivergence.get()),
                    "only-from-scratch fails every target that is there",
                    "say one of the two");
        }
    }

    private void checkAfter(ReplicationTask task, Checks checks) {
        if (after.isEmpty()) {
            return;
        }
        if (!task.auto()) {
            checks.refuse("after", after, "the task does not run by itself", "set auto: true, or remove it");
        } else if (task.schedule().isPresent()) {
            checks.refuse("after", after, "a schedule says when it runs", "say one of the two");
        }
    }

    private void checkSpeedLimits(Checks checks) {
        for (int i = 0; i < speedLimits.size(); i++) {
            DailyRates.Window window = speedLimits.get(i);
            String field = "speed-limits." + window.begin() + "-" + window.end();
            String value = window.bytesPerSecond().map(String::valueOf).orElse("none");
            if (window.begin().equals(window.end())) {
                checks.refuse(field, value, "it is over when it begins", "use speed-limit for the whole day");
            }
            window.bytesPerSecond()
                    .filter(limit -> limit < ReplicationRequest.LEAST_BYTES_PER_SECOND)
                    .ifPresent(limit -> checks.refuse(
                            field, value, "so slow a stream is taken for dead", "give at least 1024 bytes a second"));
            speedLimits.subList(0, i).stream()
                    .filter(window::overlaps)
                    .findFirst()
                    .ifPresent(other -> checks.refuse(
                            field,
                            value,
                            "it overlaps with " + other.begin() + "-" + other.end(),
                            "let one begin where the other ends"));
        }
    }

    private void checkLetThrough(ReplicationTask task, Checks checks) {
        for (String name : letThrough) {
            if (!PropertyChoice.GUARDED.contains(name)) {
                checks.refuse(
                        "let-through",
                        name,
                        "only mountpoint, sharenfs and sharesmb are held back",
                        "remove it: all else is taken unless it is in properties-exclude");
            } else if (task.streams().propertiesExclude().contains(name)
                    || task.streams().propertiesOverride().containsKey(name)) {
                checks.refuse("let-through", name, "it is excluded or overridden as well", "say one of them");
            } else if (!task.streams().properties()) {
                checks.refuse("let-through", name, "no properties are sent", "remove it, or set properties: true");
            }
        }
    }

    /** Copies do not carry the property themselves, and the source is not asked for it before retention. */
    private static void checkTagged(String property, ReplicationTask task, Checks checks) {
        try {
            SnapshotSelection.Tagged.parse(property);
        } catch (IllegalArgumentException e) {
            checks.refuse("tagged", property, String.valueOf(e.getMessage()), "name one such as org.example:keep=yes");
        }
        if (task.snapshots().choosesByName()) {
            checks.refuse(
                    "tagged",
                    property,
                    "it takes the place of schemas, expressions and periodic snapshot tasks",
                    "remove it, or them");
        }
        if (task.retention().policy() != TargetRetention.Policy.NONE) {
            checks.refuse(
                    "tagged",
                    property,
                    "retention tells the task's copies by their names, and a property says none",
                    "set retention-policy to none, or select by naming schemas");
        }
        if (task.holdPending()) {
            checks.refuse(
                    "tagged",
                    property,
                    "hold-pending-snapshots tells what is pending by its name",
                    "remove one of the two");
        }
    }

    private static String word(DivergencePolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The same, keeping clones or not.
     *
     * @param keep whether clones stay clones
     * @return a changed copy
     */
    public OwnOptions withClones(boolean keep) {
        return with(copy -> copy.clones = keep);
    }

    /**
     * The same, run by other rules.
     *
     * @param other how a service runs the task
     * @return a changed copy
     */
    public OwnOptions withRules(RunRules other) {
        return with(copy -> copy.rules = other);
    }

    private OwnOptions with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.options();
    }

    /** What is being changed, so that a new field is named in few places. */
    private static final class Copy {

        private int parallel;
        private Duration stall;
        private Optional<DivergencePolicy> onDivergence;
        private boolean trustBookmarks;
        private boolean ignoreRoom;
        private Optional<String> tagged;
        private boolean clones;
        private Optional<String> keySink;
        private boolean keepEncryptionRoots;
        private List<String> letThrough;
        private Optional<Duration> prune;
        private Optional<Buckets> keep;
        private List<String> include;
        private Map<String, String> targets;
        private List<DailyRates.Window> speedLimits;
        private List<String> after;
        private RunRules rules;

        Copy(OwnOptions from) {
            parallel = from.parallel;
            stall = from.stall;
            onDivergence = from.onDivergence;
            trustBookmarks = from.trustBookmarks;
            ignoreRoom = from.ignoreRoom;
            tagged = from.tagged;
            clones = from.clones;
            keySink = from.keySink;
            keepEncryptionRoots = from.keepEncryptionRoots;
            letThrough = from.letThrough;
            prune = from.prune;
            keep = from.keep;
            include = from.include;
            targets = from.targets;
            speedLimits = from.speedLimits;
            after = from.after;
            rules = from.rules;
        }

        OwnOptions options() {
            return new OwnOptions(
                    parallel,
                    stall,
                    onDivergence,
                    trustBookmarks,
                    ignoreRoom,
                    tagged,
                    clones,
                    keySink,
                    keepEncryptionRoots,
                    letThrough,
                    prune,
                    keep,
                    include,
                    targets,
                    speedLimits,
                    after,
                    rules);
        }
    }
}
