// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.it.ssh.CuttingRelay.Fate;
import dev.zlineage.testkit.FakeNas;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A network that breaks in the middle of a transfer over SSH: the next run carries on, and nothing is left over. */
@Tag("once")
class CutsOnFakeNasTest {

    private static final int SIZE = 3_000_000;
    private static final DatasetName DATA = DatasetName.of("tank/data");
    private static final DatasetName COPY = DatasetName.of("backup/data");

    /** Gives a stream up after a second without a byte, and tries nothing again. */
    private static final Patience ONCE =
            new Patience(1, Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1), Optional.empty());

    static Stream<Arguments> twenty() {
        return Stream.of(true, false)
                .flatMap(push -> Stream.of(true, false)
                        .flatMap(full -> Stream.concat(
                                Stream.of(1_000L, 500_000L, 1_600_000L, SIZE - 100_000L)
                                        .map(bytes -> Arguments.of(push, full, Fate.RESET, bytes)),
                                Stream.of(Arguments.of(push, full, Fate.FREEZE, 1_000_000L)))));
    }

    static Stream<Arguments> twoHundred() {
        long seed = Long.getLong("zlineage.seed", System.nanoTime());
        System.out.println("cuts over SSH: -Dzlineage.seed=" + seed);
        Random random = new Random(seed);
        return IntStream.range(0, 200)
                .mapToObj(i -> Arguments.of(
                        random.nextBoolean(), random.nextBoolean(), i % 5 == 0 ? Fate.FREEZE : Fate.RESET, (long)
                                random.nextInt(SIZE)));
    }

    @ParameterizedTest(name = "push: {0}, full: {1}, {2} after {3} bytes")
    @MethodSource("twenty")
    @DisplayName("twenty cuts are survived")
    void cut(boolean push, boolean full, Fate fate, long bytes) throws IOException, InterruptedException {
        survives(push, full, fate, bytes);
    }

    @ParameterizedTest(name = "push: {0}, full: {1}, {2} after {3} bytes")
    @MethodSource("twoHundred")
    @Tag("long")
    @DisplayName("two hundred cuts are survived")
    void cutEverywhere(boolean push, boolean full, Fate fate, long bytes) throws IOException, InterruptedException {
        survives(push, full, fate, bytes);
    }

    private static void survives(boolean push, boolean full, Fate fate, long bytes)
            throws IOException, InterruptedException {
        FakeZfs source = FakeZfs.builder().host("source").seed(1).build();
        FakeZfs target = FakeZfs.builder().host("target").seed(2).build();
        source.execute(new ZfsCommand.CreateFilesystem(DATA, Map.of())).orThrow();
        write(source, "one");
        if (!full) {
            assertThat(run(source, target, Patience.DEFAULT).success()).isTrue();
            write(source, "two");
        }
        try (FakeNas nas = FakeNas.start(push ? target : source);
                CuttingRelay relay = new CuttingRelay(nas.port())) {
            SshEndpoint endpoint = SshEndpoint.of(nas.user(), nas.host())
                    .port(relay.port())
                    .privateKey(nas.privateKey())
                    .hostKeys(List.of(nas.hostKey()))
                    .build();
            relay.arm(push, bytes, fate, () -> {});
            boolean planned = true;
            boolean failed = true;
            try (Zfs far = SshHost.open(endpoint)) {
                failed = !run(push ? source : far, push ? far : target, ONCE).success();
            } catch (ZfsException e) {
                planned = false; // the first bytes are those of logging in and of looking
            }
            assertThat(relay.happened()).isTrue();
            relay.dropFrozen();
            ReplicationResult second;
            try (Zfs far = SshHost.open(endpoint)) {
                second = run(push ? source : far, push ? far : target, Patience.DEFAULT);
            }

            assertThat(second.success()).as("%s", second).isTrue();
            if (bytes > 1_000_000 && planned && failed) {
                assertThat(second.saved()).as("%s", second).isPositive();
                assertThat(second.bytes()).isLessThan(SIZE);
            }
            same(source, target);
            nothingLeftOver(source);
            for (int i = 0; ProcessHandle.current().descendants().findAny().isPresent() && i < 500; i++) {
                ProcessHandle.current()
                        .descendants()
                        .findAny()
                        .ifPresent(p -> p.onExit()
                                .completeOnTimeout(p, 20, TimeUnit.MILLISECONDS)
                                .join());
            }
            assertThat(ProcessHandle.current().descendants()).as("orphans").isEmpty();
        }
    }

    private static void write(FakeZfs source, String label) {
        byte[] noise = new byte[SIZE];
        new Random(label.hashCode()).nextBytes(noise);
        source.write(DATA, "file", noise);
        source.execute(new ZfsCommand.TakeSnapshots(List.of(DATA.snapshot(label)), Scope.SELF, Map.of()))
                .orThrow();
    }

    private static ReplicationResult run(Zfs from, Zfs to, Patience patience) throws InterruptedException {
        Replication replication = Replication.between(from, to).with(patience);
        return replication.run(replication.plan(
                ReplicationRequest.of("tank/data", "backup/data").build()));
    }

    private static History history(Zfs zfs, DatasetName name) {
        return zfs.execute(new ZfsCommand.ListHistories(List.of(name), Scope.SELF))
                .orThrow()
                .getOrDefault(name, History.EMPTY);
    }

    private static void same(FakeZfs source, FakeZfs target) {
        List<Snapshot> there = history(target, COPY).snapshots();
        assertThat(there)
                .extracting(Snapshot::guid)
                .isEqualTo(history(source, DATA).snapshots().stream()
                        .map(Snapshot::guid)
                        .toList());
        for (Snapshot snapshot : there) {
            assertThat(target.contents(COPY.snapshot(snapshot.label())))
                    .isEqualTo(source.contents(DATA.snapshot(snapshot.label())));
        }
    }

    private static void nothingLeftOver(FakeZfs source) {
        History history = history(source, DATA);
        assertThat(history.bookmarks()).hasSize(1);
        assertThat(source.execute(new ZfsCommand.ListHolds(history.snapshots().stream()
                                .map(s -> DATA.snapshot(s.label()))
                                .toList()))
                        .orThrow()
                        .values())
                .allMatch(Set::isEmpty);
    }
}
