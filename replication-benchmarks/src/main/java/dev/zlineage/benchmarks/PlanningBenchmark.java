// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.plan.Planner;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Plans an increment of every dataset: a million snapshots on each side, the target one snapshot behind. The score is
 * snapshots of the source a second; {@link #main} prints what a snapshot takes in memory, its label included.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PlanningBenchmark {

    private static final int SNAPSHOTS = 1_000_000;

    /** How many datasets the million snapshots are spread over. */
    @Param({"100", "10000"})
    public int datasets = 100;

    private final ReplicationRequest request =
            ReplicationRequest.of("tank", "backup/tank").recursive(true).build();
    private Optional<Observation> observation = Optional.empty();

    /** Makes both sides. */
    @Setup
    public void observe() {
        SplittableRandom random = new SplittableRandom(1);
        Map<DatasetName, Dataset> sources = new HashMap<>();
        Map<DatasetName, Dataset> targets = new HashMap<>();
        Map<DatasetName, History> from = new HashMap<>();
        Map<DatasetName, History> to = new HashMap<>();
        add(sources, DatasetName.of("tank"), random.nextLong());
        add(targets, DatasetName.of("backup"), random.nextLong());
        add(targets, DatasetName.of("backup/tank"), random.nextLong());
        for (int d = 0; d < datasets; d++) {
            DatasetName source = DatasetName.of("tank/d" + d);
            DatasetName target = DatasetName.of("backup/tank/d" + d);
            add(sources, source, random.nextLong());
            add(targets, target, random.nextLong());
            History.Builder builder = new History.Builder();
            int each = SNAPSHOTS / datasets;
            for (int s = 0; s < each - 1; s++) {
                builder.add(false, "auto-2026-11-23_10-" + s, random.nextLong() | 1, s);
            }
            to.put(target, builder.build());
            from.put(
                    source,
                    builder.add(false, "auto-2026-11-24_10-00", random.nextLong() | 1, each)
                            .build());
        }
        observation = Optional.of(new Observation(new HostView("", sources, from), new HostView("", targets, to)));
    }

    /**
     * Plans.
     *
     * @return the plan, so that it is made
     */
    @Benchmark
    @OperationsPerInvocation(SNAPSHOTS)
    public ReplicationPlan plan() {
        return Planner.plan(request, observation.orElseThrow());
    }

    private static void add(Map<DatasetName, Dataset> datasets, DatasetName name, long guid) {
        datasets.put(
                name,
                new Dataset(
                        name,
                        DatasetKind.FILESYSTEM,
                        new Guid(guid),
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false,
                        0,
                        24576,
                        24576,
                        1 << 30,
                        OptionalLong.empty(),
                        Optional.empty(),
                        OptionalLong.empty()));
    }

    /**
     * Prints how many bytes a snapshot takes, measured as the growth of the heap.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        long before = usedHeap();
        History history = history();
        long labels = 0;
        for (int i = 0; i < history.size(); i++) {
            labels += 24 + (16 + history.label(i).length() + 7) / 8 * 8;
        }
        long bytes = usedHeap() - before;
        System.out.printf(
                "%d snapshots: %d bytes each, %d of them for the label%n",
                history.size(), bytes / SNAPSHOTS, labels / SNAPSHOTS);
    }

    private static History history() {
        History.Builder builder = new History.Builder();
        for (int i = 0; i < SNAPSHOTS; i++) {
            builder.add(false, "auto-2026-11-23_10-" + i, i + 1L, i);
        }
        return builder.build();
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
