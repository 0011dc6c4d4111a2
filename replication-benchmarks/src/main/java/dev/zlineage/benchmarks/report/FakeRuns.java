// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.report;

import dev.zlineage.core.Replication;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whole runs between two hosts that are held in memory and lie 40 ms apart, on a clock that is virtual: counts are exact. */
final class FakeRuns {

    static final Duration ROUND_TRIP = Duration.ofMillis(40);

    /**
     * What a run asked of the hosts.
     *
     * @param onSource commands and streams on the source
     * @param onTarget the same on the target
     * @param roundTrips lists of commands that one of them was sent
     * @param waited seconds of virtual time
     */
    record Cost(int onSource, int onTarget, int roundTrips, double waited) {}

    private final VirtualConcurrency time = new VirtualConcurrency(3);
    private final FakeZfs nas = host("nas", 1);
    private final FakeZfs vault = host("vault", 2);
    private final Replication whole = Replication.between(nas, vault).with(time);
    private final Replication remembering = whole.remembering(ObservationStore.inMemory());
    private final ReplicationRequest request = ReplicationRequest.of("tank/data", "backup/data")
            .recursive(true)
            .parallelism(8)
            .build();

    private FakeRuns() {}

    private FakeZfs host(String name, long seed) {
        return FakeZfs.builder()
                .host(name)
                .seed(seed)
                .concurrency(time)
                .roundTrip(ROUND_TRIP)
                .build();
    }

    /** By what was done. */
    static Map<String, Cost> of(int datasets) throws InterruptedException {
        return new FakeRuns().costs(datasets);
    }

    private Map<String, Cost> costs(int datasets) throws InterruptedException {
        DatasetName top = DatasetName.of("tank/data");
        create(top);
        for (int i = 1; i < datasets; i++) {
            create(top.child("d" + i));
        }
        snapshot(top, "one", Scope.SUBTREE);
        Map<String, Cost> costs = new LinkedHashMap<>();
        costs.put("first run", run(whole));
        costs.put("nothing changed, all read", run(whole));
        for (int i = 0; i < 2; i++) {
            run(remembering);
            time.sleep(Duration.ofSeconds(3));
        }
        costs.put("nothing changed, remembered", run(remembering));
        snapshot(datasets > 1 ? top.child("d1") : top, "other", Scope.SELF);
        costs.put("one dataset changed", run(remembering));
        snapshot(top, "two", Scope.SUBTREE);
        costs.put("all changed", run(remembering));
        return costs;
    }

    private void create(DatasetName name) {
        nas.execute(new ZfsCommand.CreateFilesystem(name, Map.of())).orThrow();
    }

    private void snapshot(DatasetName name, String label, Scope scope) {
        nas.execute(new ZfsCommand.TakeSnapshots(List.of(name.snapshot(label)), scope, Map.of()))
                .orThrow();
    }

    private Cost run(Replication replication) throws InterruptedException {
        nas.forgetLog();
        vault.forgetLog();
        long before = time.nanoTime();
        ReplicationResult result = replication.run(replication.plan(request));
        if (!result.success()) {
            throw new IllegalStateException(result.toString());
        }
        return new Cost(
                nas.log().size(),
                vault.log().size(),
                nas.roundTrips() + vault.roundTrips(),
                (time.nanoTime() - before) / 1e9);
    }
}
