// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeNas;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import dev.zlineage.transport.ssh.SshListener;
import dev.zlineage.transport.ssh.SshOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run costs the network in which nothing has changed. */
class NothingToDoOverSshTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");
    private static final ReplicationRequest REQUEST =
            ReplicationRequest.of("tank/data", "backup/data").recursive(true).build();

    @ParameterizedTest(name = "{0} datasets, push: {1}")
    @CsvSource({"1, true", "1, false", "100, true", "100, false", "1000, true", "1000, false"})
    @DisplayName("one handshake and two round trips, whatever the number of datasets; three without a memory")
    void counts(int datasets, boolean push) throws InterruptedException {
        VirtualConcurrency time = new VirtualConcurrency(1);
        FakeZfs source =
                FakeZfs.builder().host("source").seed(1).clock(time::now).build();
        FakeZfs target =
                FakeZfs.builder().host("target").seed(2).clock(time::now).build();
        source.execute(new ZfsCommand.CreateFilesystem(DATA, Map.of())).orThrow();
        for (int i = 1; i < datasets; i++) {
            source.execute(new ZfsCommand.CreateFilesystem(DATA.child("d" + i), Map.of()))
                    .orThrow();
        }
        source.execute(new ZfsCommand.TakeSnapshots(List.of(DATA.snapshot("one")), Scope.SUBTREE, Map.of()))
                .orThrow();
        assertThat(run(source, target).success()).isTrue();
        AtomicInteger handshakes = new AtomicInteger();
        AtomicInteger roundTrips = new AtomicInteger();
        AtomicInteger streams = new AtomicInteger();
        SshListener counting = new SshListener() {
            @Override
            public void handshake(SshEndpoint host) {
                handshakes.incrementAndGet();
            }

            @Override
            public void roundTrip(SshEndpoint host) {
                roundTrips.incrementAndGet();
            }

            @Override
            public void stream(SshEndpoint host) {
                streams.incrementAndGet();
            }
        };

        try (FakeNas nas = FakeNas.start(push ? target : source);
                Zfs far = SshHost.open(
                        SshEndpoint.of(nas.user(), nas.host())
                                .port(nas.port())
                                .privateKey(nas.privateKey())
                                .knownHosts(nas.knownHosts())
                                .build(),
                        SshOptions.DEFAULT.withListener(counting))) {
            ReplicationResult result = push ? run(source, far) : run(far, target);

            assertThat(result.count(DatasetResult.Outcome.UpToDate.class)).isEqualTo(datasets);
            // the version once a host, then datasets and histories
            assertThat(roundTrips).hasValue(3);
            assertThat(handshakes).hasValue(1);
            assertThat(streams).hasValue(0);
            assertThat(nas.connections()).isEqualTo(1);
            assertThat(nas.commands()).isEqualTo(3);

            ObservationStore memory = ObservationStore.inMemory();
            Replication remembering = (push ? Replication.between(source, far) : Replication.between(far, target))
                    .with(time)
                    .remembering(memory);
            for (int i = 0; i < 2; i++) { // sees it, and sees it again when it is old enough
                remembering.plan(REQUEST);
                time.sleep(Duration.ofSeconds(3));
            }
            int before = roundTrips.get();
            int commands = nas.commands();

            ReplicationResult remembered = remembering.run(remembering.plan(REQUEST));

            assertThat(remembered.count(DatasetResult.Outcome.UpToDate.class)).isEqualTo(datasets);
            assertThat(roundTrips).as("datasets alone; the version is known").hasValue(before + 1);
            assertThat(nas.commands()).isEqualTo(commands + 1);
            assertThat(handshakes).hasValue(1);
        }
    }

    private static ReplicationResult run(Zfs from, Zfs to) throws InterruptedException {
        Replication replication = Replication.between(from, to);
        return replication.run(replication.plan(REQUEST));
    }
}
