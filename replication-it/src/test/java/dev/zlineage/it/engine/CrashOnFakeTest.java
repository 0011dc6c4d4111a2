// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.Retention;
import dev.zlineage.core.retain.Claim;
import dev.zlineage.core.retain.Link;
import dev.zlineage.core.retain.Owner;
import dev.zlineage.core.retain.RetentionPolicy;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.retain.Tie;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.Crash;
import dev.zlineage.testkit.VirtualConcurrency;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The process dies, at each moment of a run in turn; the next run brings everything to its end, and leaves nothing over. */
@Tag("once")
class CrashOnFakeTest {

    /** Two hosts as a scenario has prepared them, to be run against once. */
    private static final class World extends TwoFakes {

        private static ReplicationRequest request(How how) {
            return how.apply(ReplicationRequest.of("tank/data", "backup/data")
                            .recursive(true)
                            .parallelism(1))
                    .build();
        }

        /** Runs through doors that close for good at that moment. */
        boolean dies(int moment, How how) {
            return dies(moment, (here, there) -> {
                Replication doomed = Replication.between(here, there).with(new VirtualConcurrency(moment));
                doomed.run(doomed.plan(request(how)));
            });
        }

        /** Does something through doors that close for good at that moment. */
        boolean dies(int moment, Work work) {
            Crash crash = Crash.at(moment, 30_000);
            try {
                work.between(crash.door(nas), crash.door(vault));
            } catch (Crash.Dead e) {
                assertThat(crash.happened()).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return crash.happened();
        }

        ReplicationResult runs(How how) throws InterruptedException {
            Replication again = Replication.between(nas, vault).with(new VirtualConcurrency(1));
            return again.run(again.plan(request(how)));
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

    private interface How extends UnaryOperator<ReplicationRequest.Builder> {}

    private interface Work {
        void between(Zfs here, Zfs there) throws InterruptedException;
    }

    private static How on(DivergencePolicy policy) {
        return builder -> builder.onDivergence(policy);
    }

    private static final How PLAIN = builder -> builder;

    /** Where all of the source is sent. */
    private static int everywhere(How how, Consumer<World> prepare, Consumer<World> check) throws InterruptedException {
        return anywhere(how, prepare, world -> {
            world.same();
            check.accept(world);
        });
    }

    /** Dies everywhere, and answers how many moments that were. */
    private static int anywhere(How how, Consumer<World> prepare, Consumer<World> check) throws InterruptedException {
        for (int moment = 0; ; moment++) {
            World world = new World();
            prepare.accept(world);
            boolean died = world.dies(moment, how);
            ReplicationResult result = world.runs(how);
            assertThat(result.success())
                    .as("after moment %d: %s", moment, result)
                    .isTrue();
            world.nothingLeftOver();
            check.accept(world);
            ReplicationResult third = world.runs(how);
            assertThat(third.bytes()).as("after moment %d", moment).isZero();
            if (!died) {
                System.out.println("died at " + moment + " moments");
                return moment;
            }
        }
    }

    @Test
    void aFirstTransfer() throws InterruptedException {
        int moments = everywhere(
                PLAIN,
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
                PLAIN,
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
                on(DivergencePolicy.ROLL_BACK),
                world -> {
                    diverged(world);
                },
                world -> assertThat(world.nas.count(SendStream.Full.class)).isEqualTo(5));
    }

    @Test
    void settingAside() throws InterruptedException {
        int moments = everywhere(on(DivergencePolicy.SET_ASIDE), CrashOnFakeTest::diverged, world -> {
            assertThat(world.nas.count(SendStream.Full.class))
                    .as("by increments")
                    .isEqualTo(5);
            asideHolds(world);
        });
        assertThat(moments).isGreaterThan(60);
    }

    @Test
    void startingOver() throws InterruptedException {
        everywhere(on(DivergencePolicy.START_OVER), CrashOnFakeTest::diverged, CrashOnFakeTest::asideHolds);
    }

    /** A clone, and a clone of that one; both sort before what they are clones of. */
    private static void clones(World world) {
        TwoFakes.create(world.nas, "tank/data", "tank/data/z");
        world.big("tank/data/z", 1);
        TwoFakes.snapshot(world.nas, "tank/data@one");
        cloneOf(world, "z", "clone");
        world.big("tank/data/clone", 2);
        TwoFakes.snapshot(world.nas, "tank/data@two");
        cloneOf(world, "clone", "another");
        TwoFakes.snapshot(world.nas, "tank/data@three");
    }

    private static void cloneOf(World world, String child, String clone) {
        DatasetName origin = TwoFakes.DATA.child(child);
        String newest = TwoFakes.labels(world.nas, origin.value())
                .get(TwoFakes.labels(world.nas, origin.value()).size() - 1);
        world.nas
                .execute(new ZfsCommand.CloneSnapshot(origin.snapshot(newest), TwoFakes.DATA.child(clone), Map.of()))
                .orThrow();
    }

    @Test
    void clonesOfClones() throws InterruptedException {
        everywhere(builder -> builder.properties(PropertyChoice.ALL), CrashOnFakeTest::clones, world -> {
            assertThat(TwoFakes.dataset(world.vault, TwoFakes.COPY.child("clone"))
                            .origin())
                    .contains(TwoFakes.COPY.child("z").snapshot("one"));
            assertThat(TwoFakes.dataset(world.vault, TwoFakes.COPY.child("another"))
                            .origin())
                    .contains(TwoFakes.COPY.child("clone").snapshot("two"));
        });
    }

    @Test
    void encryptedAndRaw() throws InterruptedException {
        anywhere(
                PLAIN,
                world -> {
                    TwoFakes.create(world.nas, "tank/data");
                    world.nas.createEncrypted(TwoFakes.DATA.child("secret"), "correct horse");
                    TwoFakes.create(world.nas, "tank/data/secret/below");
                    world.big("tank/data/secret", 1);
                    world.big("tank/data/secret/below", 2);
                    TwoFakes.snapshot(world.nas, "tank/data@one");
                    TwoFakes.snapshot(world.nas, "tank/data@two");
                },
                world -> {
                    for (String root : List.of("backup/data/secret", "backup/data/secret/below")) {
                        world.vault
                                .execute(new ZfsCommand.LoadKey(
                                        DatasetName.of(root),
                                        new Secret("correct horse".getBytes(StandardCharsets.UTF_8))))
                                .orThrow();
                    }
                    world.same();
                });
    }

    /** What lies between is sent in further streams, one for each gap. */
    @Test
    void gapsInASelection() throws InterruptedException {
        anywhere(
                builder -> builder.snapshotsMatching("auto-.*"),
                world -> {
                    TwoFakes.create(world.nas, "tank/data");
                    for (int year = 2001; year < 2006; year++) {
                        world.big("tank/data", year);
                        TwoFakes.snapshot(world.nas, "tank/data@auto-" + year);
                        TwoFakes.snapshot(world.nas, "tank/data@by-hand-" + year);
                    }
                },
                world -> assertThat(TwoFakes.labels(world.vault, "backup/data"))
                        .containsExactly("auto-2001", "auto-2002", "auto-2003", "auto-2004", "auto-2005"));
    }

    /** What was cut before is carried on; dying again does not lose it. */
    @Test
    void carryingOn() throws InterruptedException {
        everywhere(
                PLAIN,
                world -> {
                    TwoFakes.create(world.nas, "tank/data", "tank/data/a");
                    world.big("tank/data/a", 1);
                    TwoFakes.snapshot(world.nas, "tank/data@one");
                    TwoFakes.snapshot(world.nas, "tank/data@two");
                    world.nas.beforeEachSend(stream -> {
                        if (world.nas.count(SendStream.class) == 2) {
                            world.nas.cutNextStream(40_000);
                        }
                    });
                    try {
                        assertThat(world.impatient.run(world.plan()).success()).isFalse();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    world.nas.beforeEachSend(stream -> {});
                    assertThat(TwoFakes.dataset(world.vault, TwoFakes.COPY.child("a"))
                                    .resumeToken())
                            .isPresent();
                },
                world -> assertThat(world.nas.count(SendStream.Resume.class)).isPositive());
    }

    /** The other task has its own marks, and goes on from them. */
    @Test
    void besideAnotherTask() throws InterruptedException {
        ReplicationRequest other = ReplicationRequest.of("tank/data", "backup/other")
                .recursive(true)
                .build();
        for (int moment = 0; ; moment++) {
            World world = new World();
            world.tree();
            world.replication.run(world.replication.plan(other));
            replicate(world);
            world.big("tank/data/a", 5);
            TwoFakes.snapshot(world.nas, "tank/data@two");
            TwoFakes.destroy(world.nas, "tank/data/a", "one");
            boolean died = world.dies(moment, PLAIN);
            assertThat(world.runs(PLAIN).success())
                    .as("after moment %d", moment)
                    .isTrue();
            ReplicationResult second = world.replication.run(world.replication.plan(other));
            assertThat(second.success())
                    .as("after moment %d: %s", moment, second)
                    .isTrue();
            assertThat(world.nas.count(SendStream.Full.class)).isEqualTo(10);
            assertThat(TwoFakes.labels(world.vault, "backup/other/a")).containsExactly("one", "two");
            if (!died) {
                assertThat(moment).isGreaterThan(30);
                return;
            }
        }
    }

    /** Retention on the target, as the source has it: it never takes the base, and the next retention ends what this one began. */
    @Test
    void retention() throws InterruptedException {
        for (int moment = 0; ; moment++) {
            World world = new World();
            world.tree();
            for (int i = 0; i < 6; i++) {
                TwoFakes.snapshot(world.nas, "tank/data@s" + i);
            }
            replicate(world);
            for (String dataset : List.of("tank/data", "tank/data/a", "tank/data/b")) {
                for (int i = 0; i < 4; i++) {
                    TwoFakes.destroy(world.nas, dataset, "s" + i);
                }
            }
            boolean died = world.dies(moment, (here, there) -> retain(here, there));
            retain(world.nas, world.vault);
            world.same();
            assertThat(world.runs(PLAIN).bytes()).as("after moment %d", moment).isZero();
            if (!died) {
                assertThat(moment).isGreaterThan(8);
                return;
            }
        }
    }

    private static void retain(Zfs here, Zfs there) {
        Retention retention = Retention.on(there)
                .tied(new Tie("task", Link.Role.RECEIVES, TwoFakes.COPY, TwoFakes.DATA, Optional.empty()), here);
        RetentionRequest request = new RetentionRequest(
                        List.of(new Owner(
                                "task", dataset -> true, new Claim.All(), new RetentionPolicy.SameAsSource())),
                        Instant.EPOCH,
                        ZoneOffset.UTC)
                .withMaximumShare(1);
        assertThat(retention
                        .run(retention.plan(request, List.of(TwoFakes.COPY)))
                        .success())
                .isTrue();
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
            assertThat(world.runs(PLAIN).success()).isTrue();
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
