// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.memory;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.zfs.Dataset;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Until when retention has nothing to do: remembered when it found that, and believed as long as every dataset that it looked at
 * has the GUID and the {@code snapshots_changed} that it had then, and not for longer than an audit allows. What is believed
 * wrongly lets a snapshot go late, and never too early: nothing is destroyed on the word of a memory.
 */
public final class RetentionMemory {

    private static final String FORMAT = "zlineage.retention-memory/1";
    private static final String NEVER = "-";
    private static final int COLUMNS = 6;

    private final ObservationStore store;
    private final Concurrency concurrency;
    private final Duration audit;
    private final String key;
    private final Optional<Remembered> recalled;

    private RetentionMemory(ObservationStore store, Concurrency concurrency, Duration audit, String key) {
        this.store = store;
        this.concurrency = concurrency;
        this.audit = audit;
        this.key = key;
        this.recalled = store.read(key)
                .flatMap(Remembered::read)
                .filter(known -> known.clock.equals(concurrency.clock().orElse("")));
    }

    /**
     * Recalls what is known.
     *
     * @param store where it is kept
     * @param audit for how long nothing is looked at again
     * @param asked all that retention goes by, as a text: who has a say, what they say, on which hosts
     * @param concurrency whose monotonic clock it goes by
     * @return empty where nothing can be remembered: there is no store, or the clock can't be told from others
     */
    public static Optional<RetentionMemory> of(
            ObservationStore store, Duration audit, String asked, Concurrency concurrency) {
        return store == ObservationStore.NONE || concurrency.clock().isEmpty()
                ? Optional.empty()
                : Optional.of(new RetentionMemory(store, concurrency, audit, Digest.of("retention\n" + asked)));
    }

    /** How all that retention looks at looks now. */
    public static final class Sight {
        private final String digest;
        private final long seen;
        private final long at;

        private Sight(String digest, long seen, long at) {
            this.digest = digest;
            this.seen = seen;
            this.at = at;
        }
    }

    /**
     * Looks at listings. To be called before any history is read.
     *
     * @param hosts the datasets of each host, always in the same order
     * @return empty where a host does not tell when its snapshots changed: its OpenZFS is older than 2.2, or they never did
     *     since it is not
     */
    public Optional<Sight> sight(List<List<Dataset>> hosts) {
        boolean told = hosts.stream()
                .allMatch(datasets ->
                        datasets.stream().anyMatch(d -> d.snapshotsChanged().isPresent()));
        if (!told) {
            return Optional.empty();
        }
        String digest = Digest.of(hosts.stream()
                .map(datasets ->
                        datasets.stream().map(RetentionMemory::line).sorted().collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n\n")));
        long now = concurrency.nanoTime();
        long seen = recalled.filter(known -> known.digest.equals(digest) && known.seen <= now)
                .map(known -> known.seen)
                .orElse(now);
        return Optional.of(new Sight(digest, seen, now));
    }

    private static String line(Dataset dataset) {
        OptionalLong changed = dataset.snapshotsChanged();
        return dataset.name() + "\t" + dataset.guid().hex() + "\t"
                + (changed.isPresent() ? Long.toString(changed.getAsLong()) : NEVER);
    }

    /**
     * Whether there is nothing to do.
     *
     * @param sight how it looks
     * @param now what age is measured against
     * @return until when by time alone, or empty where it has to be looked at
     */
    public Optional<Instant> quiet(Sight sight, Instant now) {
        return recalled.filter(known -> known.digest.equals(sight.digest)
                        && known.settled.isPresent()
                        && known.settled.getAsLong() <= sight.at
                        && sight.at - known.settled.getAsLong() < audit.toNanos()
                        && now.isBefore(known.until))
                .map(known -> known.until);
    }

    /**
     * Remembers.
     *
     * @param sight how it looked, before the histories were read
     * @param until until when there is nothing to do as long as it looks so; empty where there was something
     */
    public void keep(Sight sight, Optional<Instant> until) {
        // the same reason as of a pair's: snapshots_changed counts whole seconds
        boolean mature = sight.at - sight.seen > Known.MATURITY.toNanos();
        boolean settled = mature && until.isPresent();
        concurrency
                .clock()
                .ifPresent(clock -> store.write(
                        key,
                        new Remembered(
                                        clock,
                                        sight.digest,
                                        sight.seen,
                                        settled ? OptionalLong.of(sight.at) : OptionalLong.empty(),
                                        until.orElse(Instant.EPOCH))
                                .text()));
    }

    private record Remembered(String clock, String digest, long seen, OptionalLong settled, Instant until) {

        String text() {
            return Digest.sealed(String.join(
                    "\t",
                    FORMAT,
                    clock,
                    digest,
                    Long.toString(seen),
                    settled.isPresent() ? Long.toString(settled.getAsLong()) : NEVER,
                    until + "\n"));
        }

        /** What is not understood was never written. */
        static Optional<Remembered> read(String text) {
            return Digest.opened(text).flatMap(Remembered::opened);
        }

        private static Optional<Remembered> opened(String line) {
            String[] c = line.stripTrailing().split("\t", -1);
            if (c.length != COLUMNS || !c[0].equals(FORMAT)) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Remembered(
                        c[1],
                        c[2],
                        Long.parseLong(c[3]),
                        c[4].equals(NEVER) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(c[4])),
                        Instant.parse(c[5])));
            } catch (NumberFormatException | DateTimeException e) {
                return Optional.empty();
            }
        }
    }
}
