// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import static dev.zlineage.testkit.World.A;
import static dev.zlineage.testkit.World.B;
import static dev.zlineage.testkit.World.create;
import static dev.zlineage.testkit.World.full;
import static dev.zlineage.testkit.World.history;
import static dev.zlineage.testkit.World.labels;
import static dev.zlineage.testkit.World.row;
import static dev.zlineage.testkit.World.series;
import static dev.zlineage.testkit.World.snap;
import static dev.zlineage.testkit.World.take;
import static dev.zlineage.testkit.World.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The doors for tests: contents, faults, hooks, counters; and what keeps the fake honest. */
class FakeZfsDoorsTest {

    private final World world = new World();
    private final FakeZfs nas = world.nas;

    @BeforeEach
    void aDataset() {
        create(nas, A).orThrow();
        nas.forgetLog();
    }

    @Test
    void knowsEveryCommand() {
        FakeHost host = new FakeHost(new GuidSource(1), java.time.InstantSource.system(), nas.version());
        Commands commands = new Commands(host, new SendPlanner(host));
        List<Class<?>> all = Stream.of(ZfsCommand.class, ZfsCommand.Change.class)
                .<Class<?>>flatMap(kind -> Stream.of(kind.getPermittedSubclasses()))
                .filter(Class::isRecord)
                .toList();
        assertThat(all).isNotEmpty().allMatch(commands::knows);
    }

    @Test
    void aSeedMakesTheSameGuids() {
        FakeZfs again = FakeZfs.builder().seed(1).build();
        create(again, A).orThrow();
        take(again, "tank/a@1").orThrow();
        take(nas, "tank/a@1").orThrow();
        assertThat(history(again, A)).isEqualTo(history(nas, A));
    }

    @Test
    void guidsAreUnsigned() {
        for (int i = 0; i < 20; i++) {
            take(nas, "tank/a@" + i).orThrow();
        }
        assertThat(history(nas, A).snapshots()).extracting(s -> s.guid().bits()).anyMatch(bits -> bits < 0);
    }

    @Test
    void spaceAddsUp() {
        Dataset before = row(nas, DatasetName.of("tank"));
        nas.write(A, "x", new byte[1 << 20]);
        take(nas, "tank/a@1").orThrow();
        nas.write(A, "x", new byte[1 << 20]);
        Dataset after = row(nas, DatasetName.of("tank"));

        assertThat(row(nas, A).written()).isBetween(1L << 20, (1L << 20) + 100_000);
        assertThat(row(nas, A).referenced()).isBetween(1L << 20, (1L << 20) + 100_000);
        assertThat(after.used() - before.used()).isBetween(2L << 20, (2L << 20) + 200_000);
        assertThat(before.available() - after.available()).isEqualTo(after.used() - before.used());

        nas.execute(new ZfsCommand.DestroySnapshots(A, List.of("1"))).orThrow();
        assertThat(row(nas, A).used()).isEqualTo(row(nas, A).referenced());
    }

    @Test
    void refusesToWriteWhereAFileSystemWould() {
        nas.execute(new ZfsCommand.SetProperties(A, Map.of("readonly", "on"))).orThrow();
        assertThatThrownBy(() -> write(nas, A, "x", "text"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Read-only file system");
        nas.touch(A);
        take(nas, "tank/a@1").orThrow();
        nas.touch(A);
        assertThat(row(nas, A).written()).isZero();
    }

    @Test
    void failsAndLosesAnswersOnRequest() {
        nas.failNext(ZfsCommand.TakeSnapshots.class::isInstance, Kind.TIMED_OUT);
        assertThat(take(nas, "tank/a@1").failedWith(Kind.TIMED_OUT)).isTrue();
        assertThat(labels(nas, A)).isEmpty();

        nas.loseAnswer(ZfsCommand.TakeSnapshots.class::isInstance, Kind.HOST_UNREACHABLE);
        assertThat(take(nas, "tank/a@1").failedWith(Kind.HOST_UNREACHABLE)).isTrue();
        assertThat(labels(nas, A)).isEqualTo("@1");
        assertThat(take(nas, "tank/a@1").failedWith(Kind.ALREADY_EXISTS)).isTrue();
    }

    @Test
    void othersMayInterfereAndAreNotCounted() {
        take(nas, "tank/a@1", "tank@1").orThrow();
        nas.forgetLog();
        nas.beforeEach(command -> {
            if (command instanceof ZfsCommand.Hold) {
                nas.execute(new ZfsCommand.DestroySnapshots(A, List.of("1"))).orThrow();
            }
        });
        assertThat(nas.execute(new ZfsCommand.Hold("tag", List.of(snap("tank/a@1"))))
                        .failedWith(Kind.NO_SUCH_POINT))
                .isTrue();
        assertThat(nas.commandsRun()).hasSize(1);
        assertThat(nas.roundTrips()).isEqualTo(1);
    }

    @Test
    void countsStreams() {
        take(nas, "tank/a@1").orThrow();
        assertThat(world.replicate(full("tank/a@1")).isSuccess()).isTrue();
        assertThat(nas.count(SendStream.class)).isEqualTo(1);
        assertThat(world.vault.count(ReceiveStream.class)).isEqualTo(1);
        assertThat(world.vault.log()).hasSize(1).first().asString().startsWith("receive ");
    }

    @Test
    void aSnapshotBeingSentIsBusy() {
        take(nas, "tank/a@1").orThrow();
        nas.beforeEachSend(stream -> take(nas, "tank/a@2").orThrow());
        List<Boolean> busy = new ArrayList<>();
        world.vault.beforeEach(command -> {});
        var source = nas.send(full("tank/a@1"));
        var end = (dev.zlineage.core.transport.ByteSource) source.end();
        try (var in = end.open()) {
            busy.add(destroyed("1").failedWith(Kind.BUSY));
            assertThat(in.read()).isNotNegative();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        assertThat(busy).containsExactly(true);
        assertThat(destroyed("1").failedWith(Kind.BUSY)).isFalse();
        assertThat(labels(nas, A)).isEqualTo("@2");
    }

    private dev.zlineage.core.zfs.Answer<?> destroyed(String label) {
        return nas.execute(new ZfsCommand.DestroySnapshots(A, List.of(label)));
    }

    @Test
    void aDamagedByteIsNoticed() throws Exception {
        write(nas, A, "x", "a long enough text");
        take(nas, "tank/a@1").orThrow();
        byte[] stream;
        try (var in = ((dev.zlineage.core.transport.ByteSource)
                        nas.send(full("tank/a@1")).end())
                .open()) {
            stream = in.readAllBytes();
        }
        for (int i = 0; i < stream.length; i++) {
            byte[] damaged = stream.clone();
            damaged[i] ^= 1;
            FakeZfs vault = FakeZfs.builder().seed(2).build();
            var offer = vault.receive(ReceiveStream.into(B));
            var end = (dev.zlineage.core.transport.ByteSink) offer.end();
            try (var out = end.open()) {
                out.write(damaged);
            } catch (java.io.IOException brokenPipe) {
                // the verdict tells
            }
            var exit = end.finish();
            assertThat(offer.verdict().apply(exit)).get().extracting("kind").isEqualTo(Kind.STREAM_CUT);
            assertThat(World.exists(vault, B)).isFalse();
        }
    }

    @Test
    void anyCutOfASeriesLeavesAPrefix() {
        for (int i = 1; i <= 4; i++) {
            write(nas, A, "f" + i, "text " + i);
            take(nas, "tank/a@" + i).orThrow();
        }
        int cut = 0;
        World.Outcome outcome;
        do {
            FakeZfs vault = FakeZfs.builder().seed(2).build();
            assertThat(World.transfer(nas, full("tank/a@1"), vault, ReceiveStream.into(B))
                            .isSuccess())
                    .isTrue();
            nas.cutNextStream(cut++);
            outcome = World.transfer(nas, series("tank/a@1", "tank/a@4"), vault, ReceiveStream.into(B));
            assertThat("@1 @2 @3 @4").startsWith(labels(vault, B));
            var newest = history(vault, B).newestSnapshot().orElseThrow().label();
            assertThat(vault.contents(B)).isEqualTo(nas.contents(A.snapshot(newest)));
            assertThat(row(vault, B).written()).isZero();
        } while (!outcome.isSuccess());
        assertThat(cut).isGreaterThan(300);
    }

    @Test
    void aReceiverIsLostAtAnyByteAndKeepsWhatItCan() {
        write(nas, A, "f", "text");
        take(nas, "tank/a@1").orThrow();
        ReceiveStream resumable = new ReceiveStream(B, true, false, Map.of(), Set.of(), Optional.empty(), false);
        int tokens = 0;
        int cut = 0;
        World.Outcome outcome;
        do {
            FakeZfs vault = FakeZfs.builder().seed(2).build();
            vault.cutNextReceive(cut++);
            outcome = World.transfer(nas, full("tank/a@1"), vault, resumable);
            if (!outcome.isSuccess()) {
                assertThat(outcome.sink()).get().extracting("kind").isEqualTo(Kind.HOST_UNREACHABLE);
            }
            if (World.exists(vault, B) && row(vault, B).resumeToken().isPresent()) {
                tokens++;
                SendStream rest =
                        new SendStream.Resume(row(vault, B).resumeToken().orElseThrow());
                assertThat(World.transfer(nas, rest, vault, resumable).isSuccess())
                        .isTrue();
            } else {
                // the second is the one of which only the answer is lost
                assertThat(World.exists(vault, B))
                        .isEqualTo(outcome.isSuccess() || labels(vault, B).equals("@1"));
            }
            if (World.exists(vault, B)) {
                assertThat(vault.contents(B)).isEqualTo(nas.contents(A.snapshot("1")));
            }
        } while (!outcome.isSuccess());
        assertThat(tokens).isGreaterThan(20);
    }

    @Test
    void anOlderOpenZfsTellsNoTimes() {
        FakeZfs old = FakeZfs.builder().openzfs(2, 1).build();
        create(old, A).orThrow();
        take(old, "tank/a@1").orThrow();
        assertThat(old.version().atLeast(2, 2)).isFalse();
        assertThat(row(old, A).snapshotsChanged()).isEmpty();
        assertThat(old.execute(new ZfsCommand.ListHoldTimes(List.of(snap("tank/a@1"))))
                        .failedWith(Kind.UNSUPPORTED))
                .isTrue();
        assertThat(old.execute(new ZfsCommand.GetProperties(List.of(A), List.of("snapshots_changed")))
                        .failedWith(Kind.INVALID))
                .isTrue();
        assertThat(FakeZfs.builder().openzfs(2, 3).build().version()).isEqualTo(nas.version());
        assertThatThrownBy(() -> FakeZfs.builder().openzfs(2, 2)).hasMessageContaining("2.1 and 2.3");
    }

    @Test
    void unmodelledIsNamed() {
        assertThatThrownBy(() -> nas.execute(new ZfsCommand.GetProperties(List.of(A), List.of("reservation"))))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("reservation");
    }

    @Test
    void tenThousandDatasetsAndTenThousandSnapshotsAreListed() {
        DatasetName top = DatasetName.of("tank/many");
        create(nas, top).orThrow();
        for (int i = 0; i < 10_000; i++) {
            create(nas, top.child("d" + i)).orThrow();
        }
        for (int i = 0; i < 10; i++) {
            nas.execute(new ZfsCommand.TakeSnapshots(List.of(top.snapshot("s" + i)), Scope.SUBTREE, Map.of()))
                    .orThrow();
        }
        for (int i = 0; i < 10_000; i++) {
            nas.execute(new ZfsCommand.TakeSnapshots(List.of(new SnapshotName(A, "s" + i)), Scope.SELF, Map.of()))
                    .orThrow();
        }
        assertThat(nas.execute(new ZfsCommand.ListDatasets(List.of(top), Scope.SUBTREE))
                        .orThrow())
                .hasSize(10_001);
        assertThat(nas
                        .execute(new ZfsCommand.ListHistories(List.of(DatasetName.of("tank")), Scope.SUBTREE))
                        .orThrow()
                        .values()
                        .stream()
                        .mapToInt(h -> h.size())
                        .sum())
                .isEqualTo(100_010 + 10_000);
    }

    @Test
    void interleavesUnderAVirtualConcurrency() throws InterruptedException {
        VirtualConcurrency virtual = new VirtualConcurrency(12);
        FakeZfs zfs = FakeZfs.builder().concurrency(virtual).build();
        create(zfs, A).orThrow();
        List<String> order = new ArrayList<>();
        for (String name : List.of("x", "y")) {
            virtual.fork(name, () -> {
                for (int i = 0; i < 5; i++) {
                    take(zfs, "tank/a@" + name + i).orThrow();
                    order.add(name);
                }
            });
        }
        virtual.drain();
        assertThat(order).hasSize(10).isNotEqualTo(order.stream().sorted().toList());
        assertThat(history(zfs, A).snapshots())
                .extracting(s -> s.label().substring(0, 1))
                .isEqualTo(order);
    }
}
