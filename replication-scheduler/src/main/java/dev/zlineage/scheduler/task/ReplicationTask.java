// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.select.Excludes;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.scheduler.cron.CronSchedule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A replication that is run again and again. As a value it may be wrong; {@link #problems} and {@link Definition} tell whether
 * it can be meant.
 *
 * @param id what to call it; unique among its kind
 * @param direction which side is this host
 * @param transport where the other side is
 * @param sources what is replicated; several are mapped below the target by {@link SourceMapping}, unless the task's own options
 *     give them targets of their own
 * @param target where to; it may be empty where each source has a target of its own
 * @param recursive whether with everything below the sources
 * @param exclude what is left out below them, in the syntax of {@link Excludes}
 * @param snapshots which snapshots are sent
 * @param auto whether it runs without anybody asking
 * @param schedule when; empty to run whenever one of its periodic snapshot tasks has
 * @param streams in which form
 * @param encryption how new targets are encrypted; empty for as they come
 * @param fromScratch whether a target without a common snapshot is replaced; the old copy stays aside
 * @param onlyFromScratch whether a target that exists fails the task
 * @param readonly what is demanded of the targets
 * @param mount whether new filesystems are mounted
 * @param holdPending whether snapshots that could not be sent yet stay on the source
 * @param retention what becomes of the snapshots of the target
 * @param attempts how often a run is tried in all
 * @param enabled whether it runs, and takes part in anything
 * @param own what it says that only this program understands
 */
public record ReplicationTask(
        String id,
        Direction direction,
        TaskTransport transport,
        List<String> sources,
        String target,
        boolean recursive,
        List<String> exclude,
        SnapshotChoice snapshots,
        boolean auto,
        Optional<CronSchedule> schedule,
        StreamChoice streams,
        Optional<TargetEncryption> encryption,
        boolean fromScratch,
        boolean onlyFromScratch,
        ReadonlyPolicy readonly,
        boolean mount,
        boolean holdPending,
        TargetRetention retention,
        int attempts,
        boolean enabled,
        OwnOptions own) {

    /** Copies the lists. */
    public ReplicationTask {
        sources = List.copyOf(sources);
        exclude = List.copyOf(exclude);
    }

    /**
     * What is left out below the sources.
     *
     * @return by {@link #exclude}, and what the task's own options take in again
     */
    public Excludes excludes() {
        return new Excludes(exclude, own.include());
    }

    /**
     * Where the sources go.
     *
     * @return each with its target, for a task without problems
     * @throws dev.zlineage.core.zfs.InvalidNameException if it has names that can't be meant
     */
    public SourceMapping targets() {
        return new Targets(this).mapping();
    }

    /**
     * Everything about the task alone that can't be meant. What it says of periodic snapshot tasks is for
     * {@link Definition#problems}.
     *
     * @return empty for a good task
     */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        check(new Checks("replication-tasks." + id, problems));
        return problems;
    }

    private void check(Checks checks) {
        if (id.isBlank()) {
            checks.refuse("", id, "the task has no name", "name it");
        }
        TransportRules.check(transport, checks);
        checkDatasets(checks);
        snapshots.check(direction, own.tagged().isPresent(), checks);
        checkStart(checks);
        streams.check(transport, checks);
        if (streams.fullFilesystem()) {
            checkFullFilesystem(checks);
        }
        encryption.ifPresent(e -> e.check(checks));
        retention.check(checks);
        checkRegex(checks);
        if (direction == Direction.PULL && holdPending) {
            checks.refuse(
                    "hold-pending-snapshots",
                    true,
                    "the snapshots of a pull task are kept by the other host",
                    "remove it, or push from there");
        }
        if (fromScratch && onlyFromScratch) {
            checks.refuse(
                    "only-from-scratch",
                    true,
                    "a target that exists is to be replaced, and to fail the task",
                    "say one of the two");
        }
        if (attempts < 1) {
            checks.refuse("retries", attempts, "it counts all attempts, the first one too", "give at least 1");
        }
        own.check(this, checks.below("zlineage"));
    }

    private void checkDatasets(Checks checks) {
        if (sources.isEmpty()) {
            checks.refuse("source-dataset", "", "there is none", "name at least one");
        }
        List<DatasetName> names = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            checks.dataset("source-dataset[" + i + "]", sources.get(i)).ifPresent(names::add);
        }
        Set<DatasetName> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.add(names.get(i))) {
                checks.refuse("source-dataset[" + i + "]", names.get(i), "it is there twice", "remove one");
            }
        }
        new Targets(this).check(!names.isEmpty() && seen.size() == sources.size(), checks);
        checkExcludes(checks);
    }

    private void checkExcludes(Checks checks) {
        if (!recursive && !exclude.isEmpty()) {
            checks.refuse("exclude", exclude, "nothing below is sent anyway", "set recursive: true, or remove it");
        }
        for (int i = 0; i < exclude.size(); i++) {
            String pattern = exclude.get(i);
            if (sources.stream().noneMatch(source -> pattern.startsWith(source + "/"))) {
                checks.refuse(
                        "exclude[" + i + "]",
                        pattern,
                        "it is below none of the sources",
                        "begin it with one of them and a slash");
            }
        }
    }

    private void checkStart(Checks checks) {
        if (schedule.isPresent() && !auto) {
            checks.refuse(
                    "schedule", schedule.get(), "the task does not run by itself", "set auto: true, or remove it");
        }
        boolean bound = !snapshots.periodicTasks().isEmpty();
        if (auto && schedule.isEmpty() && own.after().isEmpty() && !(bound && direction == Direction.PUSH)) {
            checks.refuse(
                    "auto",
                    true,
                    "nothing says when it is to run",
                    direction == Direction.PUSH
                            ? "give it a schedule, or bind it to a periodic snapshot task"
                            : "give it a schedule");
        }
        if (snapshots.onlyMatching() && schedule.isEmpty()) {
            checks.refuse(
                    "only-matching-schedule",
                    true,
                    "the task has no schedule",
                    "give it one, or use restrict-schedule");
        }
    }

    private void checkFullFilesystem(Checks checks) {
        if (!recursive) {
            checks.refuse("recursive", false, "a full filesystem has all below it", "set it to true");
        }
        if (!exclude.isEmpty()) {
            checks.refuse("exclude", exclude, "a full filesystem leaves nothing out", "remove it");
        }
        if (!streams.properties()) {
            checks.refuse("properties", false, "a full filesystem has its properties", "set it to true");
        }
        if (retention.policy() != TargetRetention.Policy.SOURCE) {
            checks.refuse(
                    "retention-policy",
                    retention.policy(),
                    "a full filesystem has the snapshots of its source",
                    "set it to source");
        }
        for (int i = 0; i < sources.size(); i++) {
            String below = sources.get(i);
            if (sources.stream().anyMatch(above -> below.startsWith(above + "/"))) {
                checks.refuse(
                        "source-dataset[" + i + "]", below, "another source is above it", "remove one of the two");
            }
        }
    }

    private void checkRegex(Checks checks) {
        if (snapshots.nameRegex().isPresent() && retention.policy() == TargetRetention.Policy.CUSTOM) {
            checks.refuse(
                    "retention-policy",
                    retention.policy(),
                    "lifetimes are counted from the time in a name, and an expression reads none",
                    "select by naming schemas, or set it to source or none");
        }
    }

    /**
     * Begins a task.
     *
     * @param id what to call it
     * @param direction which side is this host
     * @param transport where the other side is
     * @param sources what is replicated
     * @param target where to
     * @return a builder with the defaults of a definition file
     */
    public static Builder of(
            String id, Direction direction, TaskTransport transport, List<String> sources, String target) {
        return new Builder(id, direction, transport, sources, target);
    }

    /** Builds a task. Defaults are those of a definition file. Not thread-safe. */
    public static final class Builder {

        private final String id;
        private final Direction direction;
        private final TaskTransport transport;
        private final List<String> sources;
        private final String target;
        private boolean recursive;
        private List<String> exclude = List.of();
        private SnapshotChoice snapshots = SnapshotChoice.NONE;
        private boolean auto;
        private Optional<CronSchedule> schedule = Optional.empty();
        private StreamChoice streams = StreamChoice.PLAIN;
        private Optional<TargetEncryption> encryption = Optional.empty();
        private boolean fromScratch;
        private boolean onlyFromScratch;
        private ReadonlyPolicy readonly = ReadonlyPolicy.IGNORE;
        private boolean mount = true;
        private boolean holdPending;
        private TargetRetention retention = TargetRetention.KEEP_ALL;
        private int attempts = 5;
        private boolean enabled = true;
        private OwnOptions own = OwnOptions.DEFAULTS;

        private Builder(String id, Direction direction, TaskTransport transport, List<String> sources, String target) {
            this.id = id;
            this.direction = direction;
            this.transport = transport;
            this.sources = List.copyOf(sources);
            this.target = target;
        }

        /**
         * Everything below the sources goes along.
         *
         * @param leftOut what of it does not
         * @return this builder
         */
        public Builder recursive(String... leftOut) {
            recursive = true;
            exclude = List.of(leftOut);
            return this;
        }

        /**
         * What is left out below the sources.
         *
         * @param patterns in the syntax of {@link Excludes}
         * @return this builder
         */
        public Builder exclude(List<String> patterns) {
            exclude = List.copyOf(patterns);
            return this;
        }

        /**
         * Which snapshots are sent.
         *
         * @param choice which
         * @return this builder
         */
        public Builder snapshots(SnapshotChoice choice) {
            snapshots = choice;
            return this;
        }

        /**
         * Runs by itself, whenever one of its periodic snapshot tasks has.
         *
         * @return this builder
         */
        public Builder auto() {
            auto = true;
            return this;
        }

        /**
         * When it runs by itself.
         *
         * @param when a schedule
         * @return this builder
         */
        public Builder schedule(CronSchedule when) {
            schedule = Optional.of(when);
            return this;
        }

        /**
         * In which form it sends.
         *
         * @param choice the form
         * @return this builder
         */
        public Builder streams(StreamChoice choice) {
            streams = choice;
            return this;
        }

        /**
         * How new targets are encrypted.
         *
         * @param how how
         * @return this builder
         */
        public Builder encryption(TargetEncryption how) {
            encryption = Optional.of(how);
            return this;
        }

        /**
         * What becomes of a target that has nothing in common with its source.
         *
         * @param replace whether it is replaced
         * @return this builder
         */
        public Builder fromScratch(boolean replace) {
            fromScratch = replace;
            return this;
        }

        /**
         * Whether a target that exists fails the task.
         *
         * @param yes true if it does
         * @return this builder
         */
        public Builder onlyFromScratch(boolean yes) {
            onlyFromScratch = yes;
            return this;
        }

        /**
         * What is demanded of the targets.
         *
         * @param policy what
         * @return this builder
         */
        public Builder readonly(ReadonlyPolicy policy) {
            readonly = policy;
            return this;
        }

        /**
         * Whether new filesystems are mounted.
         *
         * @param yes false to leave them unmounted
         * @return this builder
         */
        public Builder mount(boolean yes) {
            mount = yes;
            return this;
        }

        /**
         * Whether snapshots that could not be sent yet stay on the source.
         *
         * @param yes true if they do
         * @return this builder
         */
        public Builder holdPending(boolean yes) {
            holdPending = yes;
            return this;
        }

        /**
         * What becomes of the snapshots of the target.
         *
         * @param what the retention
         * @return this builder
         */
        public Builder retention(TargetRetention what) {
            retention = what;
            return this;
        }

        /**
         * How often a run is tried.
         *
         * @param inAll at least 1
         * @return this builder
         */
        public Builder attempts(int inAll) {
            attempts = inAll;
            return this;
        }

        /**
         * Whether it runs.
         *
         * @param yes false for a task that takes part in nothing
         * @return this builder
         */
        public Builder enabled(boolean yes) {
            enabled = yes;
            return this;
        }

        /**
         * What only this program understands.
         *
         * @param options changed {@link OwnOptions#DEFAULTS}
         * @return this builder
         */
        public Builder own(OwnOptions options) {
            own = options;
            return this;
        }

        /**
         * The task.
         *
         * @return what was built, right or wrong
         */
        public ReplicationTask build() {
            return new ReplicationTask(
                    id,
                    direction,
                    transport,
                    sources,
                    target,
                    recursive,
                    exclude,
                    snapshots,
                    auto,
                    schedule,
                    streams,
                    encryption,
                    fromScratch,
                    onlyFromScratch,
                    readonly,
                    mount,
                    holdPending,
                    retention,
                    attempts,
                    enabled,
                    own);
        }
    }
}
