// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.report;

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
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** How long it takes to plan an increment of trees of several sizes, as time of the processor. */
final class PlanningGrowth {

    private static final int REPEATS = 5;

    private PlanningGrowth() {}

    static Curve byDatasets(int... counts) {
        Curve curve = new Curve("datasets");
        for (int count : counts) {
            curve.add(count, millis(tree(count, 10, 1)));
        }
        return curve;
    }

    static Curve bySnapshots(int... counts) {
        Curve curve = new Curve("snapshots of 10");
        for (int count : counts) {
            curve.add(count * 10.0, millis(tree(10, count, 1)));
        }
        return curve;
    }

    static Curve byDepth(int datasets, int... depths) {
        Curve curve = new Curve("levels of " + datasets);
        for (int depth : depths) {
            curve.add(depth, millis(tree(datasets, 10, depth)));
        }
        return curve;
    }

    /** Bytes a snapshot of one history, beside its name. */
    static double bytesOfASnapshot(int count) {
        String[] labels = new String[count];
        for (int i = 0; i < count; i++) {
            labels[i] = "auto-2026-11-23_10-" + i;
        }
        long before = used();
        History.Builder builder = new History.Builder();
        for (int i = 0; i < count; i++) {
            builder.add(false, labels[i], i + 1L, i, i);
        }
        History history = builder.build();
        builder = new History.Builder();
        return (used() - before) / (double) history.size() + builder.build().size();
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    private static double millis(Observation seen) {
        ReplicationRequest request =
                ReplicationRequest.of("tank/t", "backup/t").recursive(true).build();
        double[] measured = new double[REPEATS];
        for (int i = -2; i < REPEATS; i++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            ReplicationPlan plan = Planner.plan(request, seen);
            long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            if (!plan.hasWork()) {
                throw new IllegalStateException("nothing was planned");
            }
            if (i >= 0) {
                measured[i] = nanos / 1e6;
            }
        }
        return Measures.of(measured).median();
    }

    /** Of which the target has all but the newest snapshot of each dataset. */
    private static Observation tree(int datasets, int snapshots, int depth) {
        SplittableRandom random = new SplittableRandom(1);
        Map<DatasetName, Dataset> sources = new HashMap<>();
        Map<DatasetName, Dataset> targets = new HashMap<>();
        Map<DatasetName, History> from = new HashMap<>();
        Map<DatasetName, History> to = new HashMap<>();
        add(targets, "backup", random);
        for (int d = 0; d < datasets; d++) {
            String name = d == 0 ? "/t" : "/t/" + (d - 1) / depth + "/x".repeat((d - 1) % depth);
            add(sources, "tank" + name, random);
            add(targets, "backup" + name, random);
            History.Builder all = new History.Builder();
            for (int s = 1; s < snapshots; s++) {
                all.add(false, "s" + s, random.nextLong() | 1, s);
            }
            to.put(DatasetName.of("backup" + name), all.build());
            from.put(
                    DatasetName.of("tank" + name),
                    all.add(false, "new", random.nextLong() | 1, snapshots).build());
        }
        return new Observation(new HostView("", sources, from), new HostView("", targets, to));
    }

    private static void add(Map<DatasetName, Dataset> datasets, String name, SplittableRandom random) {
        datasets.put(
                DatasetName.of(name),
                new Dataset(
                        DatasetName.of(name),
                        DatasetKind.FILESYSTEM,
                        new Guid(random.nextLong() | 1),
                        1,
                        Optional.empty(),
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
