// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.InvalidNameException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/**
 * What is to be replicated where. Which hosts the names belong to is not part of it.
 *
 * @param source the dataset to replicate
 * @param target the dataset that is to become its replica; it need not exist, its pool must
 * @param recursive whether everything below the source goes below the target
 * @param exclude what of it does not
 * @param snapshots which of the source's snapshots the target is to have
 * @param takeSnapshot the label of a snapshot to take first, in one transaction group of the whole tree
 * @param divergence what to do where the target has something of its own
 * @param onlyNew whether a target that is there is refused, unless a first stream to it was cut
 * @param trustBookmarks whether a bookmark alone is a base although the source seems to be a replica itself. A replica that
 *     was rolled back by {@code zfs receive -F} keeps bookmarks of what it no longer holds, and an increment from such a
 *     bookmark would give the target other contents than the source has, with the right GUID
 * @param ignoreRoom whether a full stream is begun although the target has less room than its data takes on the source. It may
 *     fit all the same, where the target compresses better
 * @param properties which properties the targets get
 * @param form in which form blocks travel
 * @param encryption how targets that do not exist yet are encrypted
 * @param readonly what is done about {@code readonly}. Reading a mounted replica that is writable can change it, and the next
 *     increment is refused
 * @param mount whether new filesystems are mounted on the target's host
 * @param keepClones whether a new target is a clone of the copy of what its source is a clone of, where that is part of the
 *     request; otherwise it takes its own room
 * @param parallelism how many datasets are sent at the same time
 * @param bytesPerSecond how many bytes all streams of a run together may move in a second; without it, as many as there are
 * @param dailyRates how many by the time of the day; outside of its windows {@code bytesPerSecond} holds
 */
public record ReplicationRequest(
        DatasetName source,
        DatasetName target,
        boolean recursive,
        Excludes exclude,
        SnapshotSelection snapshots,
        Optional<String> takeSnapshot,
        DivergencePolicy divergence,
        boolean onlyNew,
        boolean trustBookmarks,
        boolean ignoreRoom,
        PropertyChoice properties,
        StreamForm form,
        EncryptionChoice encryption,
        ReadonlyPolicy readonly,
        boolean mount,
        boolean keepClones,
        int parallelism,
        Optional<Long> bytesPerSecond,
        Optional<DailyRates> dailyRates) {

    /** The lowest limit of the rate: slower streams would be taken for dead. */
    public static final long LEAST_BYTES_PER_SECOND = 1024;

    /**
     * Begins a request.
     *
     * @param source the dataset to replicate, such as {@code tank/data}
     * @param target the dataset that is to become its replica, such as {@code backup/data}
     * @return a builder with every default
     */
    public static Builder of(String source, String target) {
        return new Builder(source, target);
    }

    /**
     * The same request once its snapshot was taken.
     *
     * @return a copy that takes none
     */
    public ReplicationRequest withoutTakingSnapshot() {
        return new ReplicationRequest(
                source,
                target,
                recursive,
                exclude,
                snapshots,
                Optional.empty(),
                divergence,
                onlyNew,
                trustBookmarks,
                ignoreRoom,
                properties,
                form,
                encryption,
                readonly,
                mount,
                keepClones,
                parallelism,
                bytesPerSecond,
                dailyRates);
    }

    /**
     * The same request without some snapshots.
     *
     * @param useless which are left out
     * @return a copy that does not select them
     */
    public ReplicationRequest leavingOut(Set<Guid> useless) {
        return new ReplicationRequest(
                source,
                target,
                recursive,
                exclude,
                new SnapshotSelection.Without(snapshots, useless),
                takeSnapshot,
                divergence,
                onlyNew,
                trustBookmarks,
                ignoreRoom,
                properties,
                form,
                encryption,
                readonly,
                mount,
                keepClones,
                parallelism,
                bytesPerSecond,
                dailyRates);
    }

    /**
     * The same datasets and snapshots, with nothing demanded of the targets beside that they hold those.
     *
     * @return a copy that takes no snapshot, and leaves properties, encryption and mounts as they are
     */
    public ReplicationRequest ofSnapshotsAlone() {
        return new ReplicationRequest(
                source,
                target,
                recursive,
                exclude,
                snapshots,
                Optional.empty(),
                divergence,
                false,
                trustBookmarks,
                ignoreRoom,
                PropertyChoice.NONE,
                form,
                new EncryptionChoice.AsItComes(),
                ReadonlyPolicy.IGNORE,
                false,
                keepClones,
                parallelism,
                bytesPerSecond,
                dailyRates);
    }

    /**
     * Whether a dataset of the source is part of it.
     *
     * @param dataset the source, or a dataset below it
     * @return false for one that is excluded
     */
    public boolean includes(DatasetName dataset) {
        return dataset.equals(source) || !exclude.leaveOut(dataset);
    }

    /**
     * Builds a request. Defaults: not recursive, nothing excluded but the system's own datasets, all snapshots, none taken, divergence refused, bookmarks of replicas not
     * trusted, nothing begun that can't fit, no properties, blocks as they are on disk, encryption as it comes, targets read-only and new ones not
     * mounted, clones kept as clones, four datasets at a time, as fast as it goes. Not thread-safe.
     */
    public static final class Builder {

        private final String source;
        private final String target;
        private boolean recursive;
        private List<String> exclude = List.of();
        private List<String> include = List.of();
        private boolean systemDatasets;
        private List<SnapshotSelection> selections = new ArrayList<>();
        private Optional<String> regex = Optional.empty();
        private List<String> schemas = List.of();
        private Optional<String> tagged = Optional.empty();
        private Optional<String> takeSnapshot = Optional.empty();
        private DivergencePolicy divergence = DivergencePolicy.REFUSE;
        private boolean onlyNew;
        private boolean trustBookmarks;
        private boolean ignoreRoom;
        private PropertyChoice properties = PropertyChoice.NONE;
        private StreamForm form = StreamForm.DEFAULT;
        private EncryptionChoice encryption = new EncryptionChoice.AsItComes();
        private ReadonlyPolicy readonly = ReadonlyPolicy.SET;
        private boolean mount;
        private boolean keepClones = true;
        private int parallelism = 4;
        private Optional<Long> bytesPerSecond = Optional.empty();
        private Optional<DailyRates> dailyRates = Optional.empty();

        private Builder(String source, String target) {
            this.source = source;
            this.target = target;
        }

        /**
         * Whether everything below the source goes along.
         *
         * @param yes true for the whole tree
         * @return this builder
         */
        public Builder recursive(boolean yes) {
            recursive = yes;
            return this;
        }

        /**
         * Leaves datasets below the source out, with everything below them. They get no snapshot either where one is taken.
         *
         * @param patterns full names below the source, or globs for them; see {@link Excludes}
         * @return this builder
         */
        public Builder exclude(List<String> patterns) {
            exclude = List.copyOf(patterns);
            return this;
        }

        /**
         * Takes datasets in again that are left out otherwise, with everything below them. What is above them stays left out: on the
         * target it is an empty filesystem that is not mounted.
         *
         * @param patterns full names below the source, or globs for them; which of two patterns decides is said by {@link Excludes}
         * @return this builder
         */
        public Builder include(List<String> patterns) {
            include = List.copyOf(patterns);
            return this;
        }

        /**
         * Whether what an appliance keeps for itself in a pool, {@code POOL/.system}, goes along where the whole pool is
         * replicated.
         *
         * @param yes true to replicate it like any other dataset
         * @return this builder
         */
        public Builder systemDatasets(boolean yes) {
            systemDatasets = yes;
            return this;
        }

        /**
         * Sends only what is selected.
         *
         * @param selection which snapshots
         * @return this builder
         */
        public Builder snapshots(SnapshotSelection selection) {
            selections.add(selection);
            return this;
        }

        /**
         * Sends only the newest snapshot.
         *
         * @return this builder
         */
        public Builder newestSnapshotOnly() {
            return snapshots(new SnapshotSelection.Newest());
        }

        /**
         * Sends only snapshots whose label matches.
         *
         * @param regex a regular expression for the whole label
         * @return this builder
         */
        public Builder snapshotsMatching(String regex) {
            this.regex = Optional.of(regex);
            return this;
        }

        /**
         * Sends only snapshots that are named after a time, to the letter.
         *
         * @param patterns naming schemas, see {@link NamingSchema}; none to send others too
         * @return this builder
         */
        public Builder snapshotsNamed(List<String> patterns) {
            schemas = List.copyOf(patterns);
            return this;
        }

        /**
         * Sends only snapshots that carry a user property.
         *
         * @param property {@code NAME} for any value, or {@code NAME=VALUE}
         * @return this builder
         */
        public Builder snapshotsTagged(String property) {
            tagged = Optional.of(property);
            return this;
        }

        /**
         * Takes a snapshot first.
         *
         * @param label its name after the {@code @}
         * @return this builder
         */
        public Builder takeSnapshot(String label) {
            takeSnapshot = Optional.of(label);
            return this;
        }

        /**
         * What to do where the target has something of its own.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder onDivergence(DivergencePolicy policy) {
            divergence = policy;
            return this;
        }

        /**
         * Whether targets have to be new.
         *
         * @param yes true to refuse those that are there; one whose first stream was cut is gone on with
         * @return this builder
         */
        public Builder onlyNew(boolean yes) {
            onlyNew = yes;
            return this;
        }

        /**
         * Whether a bookmark alone is a base although the source seems to be a replica.
         *
         * @param yes true if it is known that the source was never rolled back
         * @return this builder
         */
        public Builder trustBookmarks(boolean yes) {
            trustBookmarks = yes;
            return this;
        }

        /**
         * Whether a full stream is begun although the target seems to have no room for it.
         *
         * @param yes true where the target stores it smaller than the source
         * @return this builder
         */
        public Builder ignoreRoom(boolean yes) {
            ignoreRoom = yes;
            return this;
        }

        /**
         * Which properties the targets get.
         *
         * @param choice those of the source, or others
         * @return this builder
         */
        public Builder properties(PropertyChoice choice) {
            properties = choice;
            return this;
        }

        /**
         * In which form blocks travel.
         *
         * @param blocks the form
         * @return this builder
         */
        public Builder form(StreamForm blocks) {
            form = blocks;
            return this;
        }

        /**
         * How targets that do not exist yet are encrypted.
         *
         * @param choice as the source or what is above, unless it is said
         * @return this builder
         */
        public Builder encryption(EncryptionChoice choice) {
            encryption = choice;
            return this;
        }

        /**
         * What is done about {@code readonly} on the targets.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder readonly(ReadonlyPolicy policy) {
            readonly = policy;
            return this;
        }

        /**
         * Whether new filesystems are mounted.
         *
         * @param yes true to mount them where they inherit their mountpoint from
         * @return this builder
         */
        public Builder mount(boolean yes) {
            mount = yes;
            return this;
        }

        /**
         * Whether clones stay clones.
         *
         * @param yes false to send a clone in full, as a dataset of its own, which nothing ties to its origin
         * @return this builder
         */
        public Builder keepClones(boolean yes) {
            keepClones = yes;
            return this;
        }

        /**
         * How many datasets are sent at the same time.
         *
         * @param streams at least 1
         * @return this builder
         */
        public Builder parallelism(int streams) {
            parallelism = streams;
            return this;
        }

        /**
         * How fast a run may send. Streams between two programs of one host then pass through this JVM.
         *
         * @param limit for all streams together, at least 1024
         * @return this builder
         */
        public Builder bytesPerSecond(long limit) {
            bytesPerSecond = Optional.of(limit);
            return this;
        }

        /**
         * How fast a run may send by the time of the day. It changes under streams that are under way.
         *
         * @param rates windows, none with less than 1024 bytes a second
         * @return this builder
         */
        public Builder dailyRates(DailyRates rates) {
            dailyRates = Optional.of(rates);
            return this;
        }

        /**
         * The request.
         *
         * @return what was built
         * @throws InvalidRequestException naming everything that is wrong with it
         */
        public ReplicationRequest build() {
            List<InvalidRequestException.Problem> problems = new ArrayList<>();
            Optional<DatasetName> from = name("source", source, problems);
            Optional<DatasetName> to = name("target", target, problems);
            takeSnapshot.ifPresent(label -> from.ifPresent(dataset -> {
                try {
                    dataset.snapshot(label);
                } catch (InvalidNameException e) {
                    problems.add(problem("snapshot", e));
                }
            }));
            from.ifPresent(dataset -> checkExcludes(dataset, problems));
            from.ifPresent(dataset -> checkIncludes(dataset, problems));
            List<SnapshotSelection> selected = new ArrayList<>(selections);
            regex.ifPresent(expression -> {
                try {
                    selected.add(new SnapshotSelection.Matching(expression));
                } catch (PatternSyntaxException e) {
                    problems.add(problem("snapshots", e));
                }
            });
            tagged.ifPresent(property -> {
                try {
                    selected.add(SnapshotSelection.Tagged.parse(property));
                } catch (IllegalArgumentException e) {
                    problems.add(problem("snapshots", e));
                }
            });
            List<NamingSchema> named = named(problems);
            if (!named.isEmpty()) {
                selected.add(new SnapshotSelection.Named(new NamingSchemas(named, NamingSchema.Reading.STRICT)));
            }
            properties.check(recursive, readonly, problems);
            encryption.check(problems);
            if (selected.size() > 1) {
                problems.add(new InvalidRequestException.Problem(
                        "snapshots", "they are selected in " + selected.size() + " ways; say one"));
            }
            if (parallelism < 1 || parallelism > 64) {
                problems.add(
                        new InvalidRequestException.Problem("parallelism", parallelism + " is not between 1 and 64"));
            }
            bytesPerSecond
                    .filter(limit -> limit < LEAST_BYTES_PER_SECOND)
                    .ifPresent(limit -> problems.add(new InvalidRequestException.Problem(
                            "bytesPerSecond", limit + " is less than " + LEAST_BYTES_PER_SECOND)));
            dailyRates.ifPresent(rates -> rates.windows().stream()
                    .flatMap(window -> window.bytesPerSecond().stream())
                    .filter(limit -> limit < LEAST_BYTES_PER_SECOND)
                    .forEach(limit -> problems.add(new InvalidRequestException.Problem(
                            "dailyRates", limit + " is less than " + LEAST_BYTES_PER_SECOND))));
            if (from.isEmpty() || to.isEmpty() || !problems.isEmpty()) {
                throw new InvalidRequestException(problems);
            }
            return new ReplicationRequest(
                    from.get(),
                    to.get(),
                    recursive,
                    excludes(from.get()),
                    selected.isEmpty() ? new SnapshotSelection.All() : selected.get(0),
                    takeSnapshot,
                    divergence,
                    onlyNew,
                    trustBookmarks,
                    ignoreRoom,
                    properties,
                    form,
                    encryption,
                    readonly,
                    mount,
                    keepClones,
                    parallelism,
                    bytesPerSecond,
                    dailyRates);
        }

        private List<NamingSchema> named(List<InvalidRequestException.Problem> problems) {
            List<NamingSchema> named = new ArrayList<>();
            for (String pattern : schemas) {
                try {
                    named.add(NamingSchema.of(pattern));
                } catch (IllegalArgumentException e) {
                    problems.add(problem("schema", e));
                }
            }
            return named;
        }

        private Excludes excludes(DatasetName dataset) {
            Excludes given = new Excludes(exclude, include);
            return recursive && !systemDatasets ? given.andSystemDatasets(dataset) : given;
        }

        private void checkIncludes(DatasetName dataset, List<InvalidRequestException.Problem> problems) {
            if (!include.isEmpty() && !recursive) {
                problems.add(new InvalidRequestException.Problem(
                        "include",
                        "without what lies below the source there is nothing to take in again; make it recursive"));
                return;
            }
            for (String pattern : include) {
                if (!Excludes.isBelow(pattern, dataset)) {
                    problems.add(new InvalidRequestException.Problem(
                            "include",
                            "'" + pattern + "' is not below the source; it must begin with '" + dataset + "/'"));
                } else if (!excludes(dataset).canTakeIn(pattern)) {
                    problems.add(new InvalidRequestException.Problem(
                            "include",
                            "'" + pattern
                                    + "' is not left out, so it can't be taken in again; remove it, or exclude what"
                                    + " it lies in"));
                }
            }
        }

        private void checkExcludes(DatasetName dataset, List<InvalidRequestException.Problem> problems) {
            if (!exclude.isEmpty() && !recursive) {
                problems.add(new InvalidRequestException.Problem(
                        "exclude",
                        "without what lies below the source there is nothing to exclude; make it recursive"));
            }
            for (String pattern : exclude) {
                if (!Excludes.isBelow(pattern, dataset)) {
                    problems.add(new InvalidRequestException.Problem(
                            "exclude",
                            "'" + pattern + "' is not below the source; it must begin with '" + dataset + "/'"));
                }
            }
        }

        private static Optional<DatasetName> name(
                String field, String text, List<InvalidRequestException.Problem> problems) {
            try {
                return Optional.of(DatasetName.of(text));
            } catch (InvalidNameException e) {
                problems.add(problem(field, e));
                return Optional.empty();
            }
        }

        private static InvalidRequestException.Problem problem(String field, RuntimeException e) {
            return new InvalidRequestException.Problem(field, String.valueOf(e.getMessage()));
        }
    }
}
