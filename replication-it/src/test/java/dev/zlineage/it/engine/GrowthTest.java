// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.plan.Planner;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.SnapshotName;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How planning grows with each dimension of a tree, and what a snapshot takes in memory. */
@Tag("once")
class GrowthTest {

    /** Between 1, which is linear, and 2. What is sorted, and a processor that is shared, take a little more than 1. */
    private static final double MOST = 1.5;

    private static final int FACTOR = 8;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<DatasetName, Dataset> sources = new HashMap<>();
    private final Map<DatasetName, Dataset> targets = new HashMap<>();
    private final Map<DatasetName, History> from = new HashMap<>();
    private final Map<DatasetName, History> to = new HashMap<>();

    static Stream<Arguments> dimensions() {
        return Stream.of(
                Arguments.of("datasets", 1_000, (IntFunction<GrowthTest>) n -> new GrowthTest().flat(n, 3, 2)),
                Arguments.of("new datasets", 1_000, (IntFunction<GrowthTest>) n -> new GrowthTest().flat(n, 3, 0)),
                Arguments.of("snapshots", 20_000, (IntFunction<GrowthTest>) n -> new GrowthTest().flat(1, n, n / 2)),
                Arguments.of("snapshots of the target's own", 20_000, (IntFunction<GrowthTest>)
                        n -> new GrowthTest().ownOnTarget(n)),
                Arguments.of("depth of as many datasets", 14, (IntFunction<GrowthTest>)
                        n -> new GrowthTest().deep(n, 1_120 / n)),
                Arguments.of("clones of one", 1_000, (IntFunction<GrowthTest>) n -> new GrowthTest().clones(n, n)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dimensions")
    @DisplayName("planning is linear in")
    void linear(String dimension, int start, IntFunction<GrowthTest> tree) {
        GrowthTest small = tree.apply(start);
        GrowthTest large = tree.apply(start * FACTOR);
        for (int i = 0; i < 5; i++) {
            small.nanos(); // what is compiled on the way is not what is measured
        }
        double exponent = Math.log((double) least(large) / least(small)) / Math.log(FACTOR);
        assertThat(exponent).as("the exponent of growth by " + dimension).isLessThan(MOST);
    }

    private static long least(GrowthTest tree) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            least = Math.min(least, tree.nanos());
        }
        return least;
    }

    /** Of the processor, so that others on the machine don't count. */
    private long nanos() {
        Observation seen = new Observation(new HostView("", sources, from), new HostView("", targets, to));
        ReplicationRequest request = ReplicationRequest.of("tank/t", "backup/t")
                .recursive(true)
                .onDivergence(DivergencePolicy.ROLL_BACK)
                .build();
        long before = THREADS.getCurrentThreadCpuTime();
        ReplicationPlan plan = Planner.plan(request, seen);
        long nanos = THREADS.getCurrentThreadCpuTime() - before;
        assertThat(plan.refused()).isZero();
        return nanos;
    }

    @Test
    @DisplayName("a million snapshots take at most 80 bytes each beside their names")
    void memory() {
        int count = 1_000_000;
        String[] labels = new String[count];
        for (int i = 0; i < count; i++) {
            labels[i] = "auto-2026-11-23_10-" + i;
        }
        long before = used();
        History.Builder builder = new History.Builder();
        for (int i = 0; i < count; i++) {
            builder.add(false, labels[i], random.nextLong(), i, i);
        }
        History history = builder.build();
        builder = new History.Builder();
        long bytes = used() - before;
        assertThat(history.size() + builder.build().size()).isEqualTo(count);
        assertThat(bytes / (double) count).isBetween(8.0, 80.0);
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    private GrowthTest flat(int datasets, int snapshots, int onTarget) {
        tops(snapshots, onTarget);
        for (int d = 1; d < datasets; d++) {
            pair("d" + d, snapshots, onTarget, Optional.empty());
        }
        return this;
    }

    private GrowthTest deep(int depth, int wide) {
        tops(2, 2);
        for (int w = 0; w < wide; w++) {
            StringBuilder name = new StringBuilder("w" + w);
            for (int d = 0; d < depth; d++) {
                pair(name.toString(), 2, 1, Optional.empty());
                name.append("/x");
            }
        }
        return this;
    }

    private GrowthTest ownOnTarget(int own) {
        tops(1, 1);
        DatasetName target = DatasetName.of("backup/t");
        History.Builder longer = new History.Builder().addAll(to.getOrDefault(target, History.EMPTY));
        for (int i = 0; i < own; i++) {
            longer.add(false, "own" + i, random.nextLong(), 1000 + i);
        }
        to.put(target, longer.build());
        return this;
    }

    private GrowthTest clones(int count, int snapshots) {
        tops(1, 1);
        pair("a", snapshots, snapshots, Optional.empty());
        for (int c = 0; c < count; c++) {
            pair("c" + c, 1, 0, Optional.of(DatasetName.of("tank/t/a").snapshot("s" + snapshots / 2)));
        }
        return this;
    }

    private void tops(int snapshots, int onTarget) {
        add(targets, DatasetName.of("backup"), Optional.empty());
        DatasetName top = DatasetName.of("tank/t");
        add(sources, top, Optional.empty());
        histories(top, snapshots, onTarget);
    }

    private void pair(String below, int snapshots, int onTarget, Optional<SnapshotName> origin) {
        DatasetName source = DatasetName.of("tank/t/" + below);
        add(sources, source, origin);
        histories(source, snapshots, onTarget);
    }

    private void histories(DatasetName source, int snapshots, int onTarget) {
        DatasetName target = DatasetName.of("backup" + source.value().substring("tank".length()));
        if (onTarget > 0) {
            add(targets, target, Optional.empty());
        }
        History.Builder all = new History.Builder();
        for (int s = 0; s < snapshots; s++) {
            if (s == onTarget && onTarget > 0) {
                to.put(target, all.build());
            }
            all.add(false, "s" + s, random.nextLong() | 1, s + 1);
        }
        from.put(source, all.build());
        if (onTarget >= snapshots) {
            to.put(target, all.build());
        }
    }

    private void add(Map<DatasetName, Dataset> datasets, DatasetName name, Optional<SnapshotName> origin) {
        datasets.put(
                name,
                new Dataset(
                        name,
                        DatasetKind.FILESYSTEM,
                        new Guid(random.nextLong() | 1),
                        1,
                        origin,
                        Optional.empty(),
                        true,
                        false,
                        0,
                        24576,
                        24576,
                        1L << 50,
                        OptionalLong.empty(),
                        Optional.empty(),
                        OptionalLong.empty()));
    }
}
