// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.memory;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was found out about the datasets of one request on two hosts. A dataset need not be read again while it and its target have
 * the GUIDs, origins, tokens and {@code snapshots_changed} that they had when both histories were read and there was nothing to
 * do, and to tidy up; and not for longer than an audit allows, since bookmarks and holds leave no trace in what is listed.
 *
 * <p>Nothing is believed that could be about something else: a memory of another request, of other hosts, of another boot of this
 * one, or with a flaw anywhere, is no memory.
 */
public final class Memory {

    /** How long a dataset is taken for unchanged before it is read again. */
    public static final Duration AUDIT = Duration.ofHours(24);

    /** Remembers nothing. */
    public static final Memory NONE = new Memory();

    private final ObservationStore store;
    private final Optional<Concurrency> concurrency;
    private final Duration audit;
    private final String key;
    private final String written;
    private final Optional<MemoryText> recalled;

    private Memory() {
        this.store = ObservationStore.NONE;
        this.concurrency = Optional.empty();
        this.audit = AUDIT;
        this.key = "";
        this.written = "";
        this.recalled = Optional.empty();
    }

    private Memory(ObservationStore store, Concurrency concurrency, Duration audit, String key) {
        this.store = store;
        this.concurrency = Optional.of(concurrency);
        this.audit = audit;
        this.key = key;
        this.written = store.read(key).orElse("");
        this.recalled = MemoryText.read(written)
                .filter(text -> text.clock().equals(concurrency.clock().orElse("")));
    }

    /**
     * Recalls what is known.
     *
     * @param store where it is kept
     * @param audit how long a dataset is taken for unchanged before it is read again
     * @param hosts what the two hosts are called
     * @param request what is asked for
     * @param concurrency whose monotonic clock it goes by
     * @return {@link #NONE} where the clock can't be told from others, and for a request that depends on what a listing of datasets
     *     does not tell: properties of snapshots, and a snapshot that is to be taken
     */
    public static Memory of(
            ObservationStore store, Duration audit, String hosts, ReplicationRequest request, Concurrency concurrency) {
        boolean tells =
                request.takeSnapshot().isEmpty() && request.snapshots().tagged().isEmpty();
        return store == ObservationStore.NONE || concurrency.clock().isEmpty() || !tells
                ? NONE
                : new Memory(store, concurrency, audit, Digest.of(hosts + "\n" + request));
    }

    /**
     * Whether anything is known.
     *
     * @return false for the first time
     */
    public boolean knows() {
        return recalled.isPresent();
    }

    /**
     * Compares what is remembered with how it looks now. To be called before any history is read.
     *
     * @param request what is asked for
     * @param sources the datasets of the source
     * @param targets those of the target
     * @return what need not be read
     */
    public Glance glance(
            ReplicationRequest request, Map<DatasetName, Dataset> sources, Map<DatasetName, Dataset> targets) {
        if (concurrency.isEmpty()) {
            return Glance.NONE;
        }
        long now = concurrency.get().nanoTime();
        Map<DatasetName, Known> pairs = new HashMap<>();
        Set<DatasetName> unchanged = new HashSet<>();
        for (Dataset source : sources.values()) {
            Optional<Dataset> target =
                    mapped(request, source.name()).flatMap(name -> Optional.ofNullable(targets.get(name)));
            Optional<Fingerprint> sent = Fingerprint.ofSource(key, source);
            Optional<Fingerprint> received = target.flatMap(dataset -> Fingerprint.ofTarget(key, dataset));
            if (sent.isEmpty() || received.isEmpty()) {
                continue;
            }
            Optional<Known> before =
                    recalled.flatMap(text -> Optional.ofNullable(text.pairs().get(source.name())));
            Known known = before.map(b -> Known.now(sent.get(), received.get(), b, now))
                    .orElseGet(() -> Known.first(sent.get(), received.get(), now));
            pairs.put(source.name(), known);
            if (known.settledWithin(audit, now)) {
                unchanged.add(source.name());
            }
        }
        return new Glance(unchanged, recalled.map(MemoryText::destination), pairs, now);
    }

    private static Optional<DatasetName> mapped(ReplicationRequest request, DatasetName source) {
        try {
            return Optional.of(source.rebase(request.source(), request.target()));
        } catch (InvalidNameException e) {
            return Optional.empty(); // too long to be there
        }
    }

    /**
     * Remembers.
     *
     * @param glance how it looked, before the histories were read
     * @param destination the id of the target on its pool
     * @param nothingToDo the datasets of the source that nothing is to be done for, not even to tidy up, each with what has to be
     *     said of it all the same, or nothing
     */
    public void keep(Glance glance, String destination, Map<DatasetName, String> nothingToDo) {
        concurrency.flatMap(Concurrency::clock).ifPresent(clock -> {
            String text = new MemoryText(clock, destination, glance.learnt(nothingToDo)).text();
            if (!text.equals(written)) {
                store.write(key, text);
            }
        });
    }
}
