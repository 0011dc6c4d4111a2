// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static dev.zlineage.it.engine.TwoFakes.create;
import static dev.zlineage.it.engine.TwoFakes.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run may ask of hosts that are 40 ms away: exact counts of commands and round trips, on a clock that is virtual. */
class BudgetsOnFakeTest {

    private static final Duration ROUND_TRIP = Duration.ofMillis(40);

    private final VirtualConcurrency time = new VirtualConcurrency(3);
    private final FakeZfs nas = FakeZfs.builder()
            .host("nas")
            .seed(1)
            .concurrency(time)
            .roundTrip(ROUND_TRIP)
            .build();
    private final FakeZfs vault = FakeZfs.builder()
            .host("vault")
            .seed(2)
            .concurrency(time)
            .roundTrip(ROUND_TRIP)
            .build();
    private final Replication replication =
            Replication.between(nas, vault).with(time).remembering(ObservationStore.inMemory());

    private static ReplicationRequest.Builder asked() {
        return ReplicationRequest.of("tank/data", "backup/data").recursive(true).parallelism(8);
    }

    private void datasets(int count) {
        create(nas, "tank/data");
        for (int i = 1; i < count; i++) {
            create(nas, "tank/data/d" + i);
        }
        snapshot(nas, "tank/data@one");
    }

    private ReplicationResult run() throws InterruptedException {
        ReplicationResult result = replication.run(replication.plan(asked().build()));
        assertThat(result.success()).isTrue();
        return result;
    }

    /** Runs until everything is remembered. */
    private void settle() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            run();
            time.sleep(Duration.ofSeconds(3));
        }
        forget();
    }

    private void forget() {
        nas.forgetLog();
        vault.forgetLog();
    }

    private double roundTripsOf(Act act) throws InterruptedException {
        long before = time.nanoTime();
        act.run();
        return (time.nanoTime() - before) / (double) ROUND_TRIP.toNanos();
    }

    private interface Act {
        void run() throws InterruptedException;
    }

    @Test
    @DisplayName("where nothing changed in 1,000 datasets, a run waits for two round trips")
    void nothing() throws InterruptedException {
        datasets(1000);
        settle();
        assertThat(roundTripsOf(this::run)).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "an increment of 1,000 datasets by 8 streams waits for two round trips a dataset and stream, and 12 more")
    void increment() throws InterruptedException {
        datasets(1000);
        settle();
        snapshot(nas, "tank/data@two");
        forget();
        double waited = roundTripsOf(this::run);
        assertThat(vault.count(ReceiveStream.class)).isEqualTo(1000);
        assertThat(waited).isLessThanOrEqualTo(1000 * 2 / 8.0 + 12);
    }

    @ParameterizedTest(name = "{0} datasets of {1} new snapshots")
    @CsvSource({"1, 1", "1, 50", "10, 1", "10, 50", "300, 3"})
    @DisplayName("four commands a dataset that is sent, and a constant for all of them")
    void changed(int changed, int snapshots) throws InterruptedException {
        datasets(changed + 20);
        settle();
        for (int s = 0; s < snapshots; s++) {
            for (int i = 1; i <= changed; i++) {
                take("tank/data/d" + i, "n" + s);
            }
        }
        forget();

        run();

        assertThat(nas.count(SendStream.class)).isEqualTo(changed);
        assertThat(vault.count(ReceiveStream.class)).isEqualTo(changed);
        assertThat(nas.count(ZfsCommand.CreateBookmark.class)).isEqualTo(changed);
        assertThat(nas.count(ZfsCommand.DestroyBookmark.class)).isEqualTo(changed);
        // datasets, histories, one hold, one release
        assertThat(nas.log()).hasSize(3 * changed + 4);
        // datasets, those above, histories, and histories once more to verify
        assertThat(vault.log()).hasSize(changed + 4);
        // two to look, then marks, releases, and the old marks, which go when both of these are known to have worked
        assertThat(nas.roundTrips()).isEqualTo(5);
        assertThat(vault.roundTrips()).isEqualTo(3);
    }

    @ParameterizedTest(name = "{0} gaps")
    @ValueSource(ints = {1, 2, 5})
    @DisplayName("two commands more for each further stream that a gap forces")
    void gaps(int gaps) throws InterruptedException {
        datasets(1);
        settle();
        for (int i = 0; i < gaps; i++) {
            take("tank/data", "auto-" + i);
            take("tank/data", "other-" + i);
        }
        take("tank/data", "auto-last");
        forget();

        ReplicationResult result = replication.run(
                replication.plan(asked().snapshotsMatching("auto-.*|one").build()));

        assertThat(result.success()).isTrue();
        assertThat(nas.log()).as("as one stream, and a send for each gap").hasSize(3 + 4 + gaps);
        assertThat(vault.count(ReceiveStream.class)).isEqualTo(1 + gaps);
    }

    private void take(String dataset, String label) {
        nas.execute(new ZfsCommand.TakeSnapshots(
                        List.of((SnapshotName) PointName.of(dataset + "@" + label)), Scope.SELF, Map.of()))
                .orThrow();
    }
}
