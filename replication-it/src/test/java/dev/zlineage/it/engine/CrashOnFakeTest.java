// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.Crash;
import dev.zlineage.testkit.VirtualConcurrency;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The process dies, at each moment of a run in turn; the next run brings everything to its end, and leaves nothing over. */
@Tag("once")
class CrashOnFakeTest {

    /** Two hosts as a scenario has prepared them, to be run against once. */
    private static final class World extends TwoFakes {

        ReplicationRequest request(DivergencePolicy policy) {
            return ReplicationRequest.of("tank/data", "backup/data")
                    .recursive(true)
                    .onDivergence(policy)
                    .parallelism(1)
                    .build();
        }

        /** Runs through doors that close for good at that moment. */
        boolean dies(int moment, DivergencePolicy policy) {
            Crash crash = Crash.at(moment, 30_000);
            Replication doomed =
                    Replication.between(crash.door(nas), crash.door(vault)).with(new VirtualConcurrency(moment));
            try {
                doomed.run(doomed.plan(request(policy)));
            } catch (Crash.Dead e) {
                assertThat(crash.happened()).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return crash.happened();
        }

        ReplicationResult runs(DivergencePolicy policy) throws InterruptedException {
            Replication again = Replication.between(nas, vault).with(new VirtualConcurrency(1));
            return again.run(again.plan(request(policy)));
        }

        void big(String dataset, int seed) {
            byte[] noise = new byte[60_000];
            new Random(seed).nextBytes(noise);
            nas.write(DatasetName.of(dataset), "big", noise);
        }

        List<DatasetName> onVault() {
            return vault
                    .execute(new ZfsCommand.ListDatasets(List.of(DatasetName.of("backup")), Scope.SUBTREE))
                    .orThrow()
                    .stream()
                    .map(Dataset::name)
                    .toList();
        }
    }

    /** Dies everywhere, and answers how many moments that were. */
    private static int everywhere(DivergencePolicy policy, Consumer<World> prepare, Consumer<World> check)
            throws InterruptedException {
        for (int moment = 0; ; moment++) {
            World world = new World();
            prepare.accept(world);
            boolean died = world.dies(moment, policy);
            ReplicationResult result = world.runs(policy);
            assertThat(result.success())
                    .as("after moment %d: %s", moment, result)
                    .isTrue();
            world.same();
            world.nothingLeftOver();
            check.accept(world);
            assertThat(world.nas.execute(new ZfsCommand.ListDatasets(List.of(World.COPY), Scope.SELF)))
                    .isNotNull();
            ReplicationResult third = world.runs(policy);
            assertThat(third.bytes()).as("after moment %d", moment).isZero();
            if (!died) {
                return moment;
            }
        }
    }

    @Test
    void aFirstTransfer() throws InterruptedException {
        int moments = everywhere(
                DivergencePolicy.REFUSE,
                world -> {
                    world.tree();
                    world.big("tank/data/a", 1);
                    TwoFakes.snapshot(world.nas, "tank/data@two");
                },
                world -> {});
        assertThat(moments).isGreaterThan(50);
    }

    @Test
    void anIncrement() throws InterruptedException {
        int moments = everywhere(
                DivergencePolicy.REFUSE,
                world -> {
                    world.tree();
                    replicate(world);
                    world.big("tank/data/a", 2);
                    TwoFakes.snapshot(world.nas, "tank/data@two");
                    world.big("tank/data/a", 3);
                    TwoFakes.snapshot(world.nas, "tank/data@three");
                },
                world -> assertThat(world.nas.count(SendStream.Full.class)).isEqualTo(5));
        assertThat(moments).isGreaterThan(35);
    }

    @Test
    void rollingBack() throws InterruptedException {
        everywhere(
                DivergencePolicy.ROLL_BACK,
                world -> {
                    diverged(world);
                },
                world -> assertThat(world.nas.count(SendStream.Full.class)).isEqualTo(5));
    }

    @Test
    void settingAside() throws InterruptedException {
        int moments = everywhere(DivergencePolicy.SET_ASIDE, CrashOnFakeTest::diverged, world -> {
            assertThat(world.nas.count(SendStream.Full.class))
                    .as("by increments")
                    .isEqualTo(5);
            asideHolds(world);
        });
        assertThat(moments).isGreaterThan(60);
    }

    @Test
    void startingOver() throws InterruptedException {
        everywhere(DivergencePolicy.START_OVER, CrashOnFakeTest::diverged, CrashOnFakeTest::asideHolds);
    }

    private static void asideHolds(World world) {
        List<DatasetName> aside = world.onVault().stream()
                .filter(name -> name.value().contains(".zl1-"))
                .toList();
        assertThat(aside).singleElement().asString().startsWith("backup/data/a.zl1-aside-");
        assertThat(world.vault.contents(aside.get(0))).containsEntry("mine", "precious");
    }

    private static void replicate(World world) {
        try {
            assertThat(world.runs(DivergencePolicy.REFUSE).success()).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Both sides of a dataset that has a child went on. */
    private static void diverged(World world) {
        world.tree();
        replicate(world);
        DatasetName copy = TwoFakes.COPY.child("a");
        world.vault
                .execute(new ZfsCommand.SetProperties(copy, Map.of("readonly", "off", "compression", "zstd")))
                .orThrow();
        TwoFakes.write(world.vault, "backup/data/a", "mine", "precious");
        world.vault
                .execute(new ZfsCommand.TakeSnapshots(List.of(copy.snapshot("own")), Scope.SELF, Map.of()))
                .orThrow();
        world.big("tank/data/a", 2);
        TwoFakes.snapshot(world.nas, "tank/data@two");
    }
}
