// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.metrics;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.Fate;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The meters of one dataset that a task replicates. */
final class DatasetMeters {

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> all = new ArrayList<>();
    private final Counter bytes;
    private final Counter retries;
    private final AtomicReference<Double> lastSuccess = unknown();
    private final AtomicReference<Double> newest = unknown();
    private final AtomicReference<Double> lag = unknown();
    private Optional<String> failure = Optional.empty();

    DatasetMeters(MeterRegistry registry, String task, String dataset) {
        this.registry = registry;
        this.tags = Tags.of("task", task, "dataset", dataset);
        bytes = kept(Counter.builder("zlineage.dataset.sent")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry));
        retries = kept(registry.counter("zlineage.dataset.retries", tags));
        gauge("zlineage.dataset.last.success", lastSuccess);
        gauge("zlineage.dataset.newest.snapshot", newest);
        gauge("zlineage.dataset.lag", lag);
    }

    /** What a run has not looked at is not 0. */
    private static AtomicReference<Double> unknown() {
        return new AtomicReference<>(Double.NaN);
    }

    private void gauge(String name, AtomicReference<Double> value) {
        kept(Gauge.builder(name, value, AtomicReference::get)
                .baseUnit("seconds")
                .tags(tags)
                .register(registry));
    }

    private <M extends Meter> M kept(M meter) {
        all.add(meter);
        return meter;
    }

    void remove() {
        all.forEach(registry::remove);
    }

    /** Why the last run failed. */
    Optional<String> failure() {
        return failure;
    }

    void ran(DatasetPlan plan, @Nullable DatasetResult result, Instant now) {
        failure = Optional.empty();
        if (result == null) {
            return;
        }
        bytes.increment((double) result.bytes());
        retries.increment(result.retries());
        lag(plan, result);
        if (result.outcome() instanceof DatasetResult.Outcome.Failed failed) {
            failure = Optional.of(ReplicationMetrics.word(failed.failure().kind()));
        } else if (result.outcome() instanceof DatasetResult.Outcome.Refused) {
            failure = Optional.of("refused");
        } else if (!(result.outcome() instanceof DatasetResult.Outcome.Cancelled)) {
            lastSuccess.set((double) now.getEpochSecond());
        }
    }

    /** How much older the newest snapshot of the copy is than the newest that it should have, by when they were taken. */
    private void lag(DatasetPlan plan, DatasetResult result) {
        History source = plan.fates().history();
        BitSet there = plan.fates().places(Fate.THERE);
        Set<Long> arrived = new HashSet<>();
        for (Snapshot snapshot : result.arrived()) {
            arrived.add(snapshot.guid().bits());
        }
        for (int i = 0; i < source.size(); i++) {
            if (!source.isBookmark(i) && arrived.contains(source.guidBits(i))) {
                there.set(i);
            }
        }
        BitSet wanted = plan.fates().places(Fate.SENT, Fate.THERE, Fate.REFUSED);
        wanted.or(there);
        if (wanted.isEmpty()) {
            return;
        }
        long upTo = source.creation(wanted.length() - 1);
        // without a copy, what is behind is all of it
        long has = there.isEmpty() ? source.creation(wanted.nextSetBit(0)) : source.creation(there.length() - 1);
        newest.set(there.isEmpty() ? 0 : (double) has);
        lag.set((double) Math.max(0, upTo - has));
    }
}
