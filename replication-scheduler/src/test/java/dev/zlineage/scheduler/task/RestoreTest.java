// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.retain.Lifetime;
import dev.zlineage.core.select.DailyRates;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.StreamChoice.Compression;
import dev.zlineage.scheduler.task.TargetRetention.Policy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What was saved comes back by a task that is the first one turned around. */
class RestoreTest {

    private static final String HOURLY = "hourly-%Y-%m-%d_%H-%M";
    private static final String MANUAL = "manual-%Y-%m-%d_%H-%M";
    private static final CronSchedule DAILY = CronSchedule.of("0 0 * * *");
    private static final TaskTransport NAS = new TaskTransport.Ssh(
            "nas",
            2222,
            "replicator",
            Optional.empty(),
            List.of("ssh-ed25519 AAAA"),
            Duration.ofSeconds(10),
            true,
            Optional.empty());

    private static Definition definition(ReplicationTask... tasks) {
        return new Definition(
                ZoneOffset.UTC,
                Optional.empty(),
                false,
                List.of(PeriodicSnapshotTask.of("snap", "tank/data", HOURLY, DAILY)
                        .ofTree("tank/data/tmp")),
                List.of(tasks));
    }

    private static ReplicationTask.Builder push(String... sources) {
        return ReplicationTask.of("save", Direction.PUSH, NAS, List.of(sources), "vault/copy")
                .snapshots(also());
    }

    private static SnapshotChoice also() {
        return new SnapshotChoice(List.of(), List.of(), List.of(MANUAL), Optional.empty(), Optional.empty(), false);
    }

    private static ReplicationTask restored(ReplicationTask saved, String target) {
        return Restore.of(definition(saved), "save", "back", target);
    }

    /** Good in itself, and beside the task that it turns around. */
    private static void assertGood(ReplicationTask saved, ReplicationTask back) {
        assertThat(definition(saved, back).problems()).isEmpty();
    }

    @Test
    void aPushComesBackByAPullOfTheSameSnapshots() {
        ReplicationTask saved = push("tank/data")
                .recursive("tank/data/tmp", "tank/data/*/cache")
                .snapshots(new SnapshotChoice(
                        List.of("snap"), List.of(), List.of(MANUAL), Optional.empty(), Optional.of(DAILY), false))
                .auto()
                .attempts(3)
                .own(OwnOptions.DEFAULTS
                        .withParallel(9)
                        .withStall(Duration.ofHours(1))
                        .withSpeedLimits(List.of(
                                new DailyRates.Window(LocalTime.of(8, 0), LocalTime.of(18, 0), Optional.of(4096L)))))
                .build();
        ReplicationTask back = restored(saved, "tank/restored");

        assertThat(back.direction()).isEqualTo(Direction.PULL);
        assertThat(back.transport()).isEqualTo(NAS);
        assertThat(back.sources()).containsExactly("vault/copy");
        assertThat(back.target()).isEqualTo("tank/restored");
        assertThat(back.recursive()).isTrue();
        assertThat(back.exclude()).containsExactly("vault/copy/tmp", "vault/copy/*/cache");
        assertThat(back.snapshots().namingSchemas()).containsExactly(HOURLY, MANUAL);
        assertThat(definition(saved, back).namingSchemas()).containsExactly(HOURLY, MANUAL);
        assertThat(back.snapshots().restrict()).contains(DAILY);
        assertThat(back.auto()).isFalse();
        assertThat(back.schedule()).isEmpty();
        assertThat(back.attempts()).isEqualTo(3);
        assertThat(back.own()).isEqualTo(saved.own());
        assertGood(saved, back);
    }

    @Test
    void targetsOfTheirOwnAreTurnedAroundToo() {
        ReplicationTask saved = push("tank/a", "tank/b/c", "tank/d")
                .recursive("tank/a/tmp")
                .own(OwnOptions.DEFAULTS.withTargets(Map.of("tank/a", "one/x", "tank/b/c", "two/y")))
                .build();
        ReplicationTask back = restored(saved, "tank/restored");

        assertThat(back.targets().targets())
                .hasToString("{one/x=tank/restored/a, two/y=tank/restored/b/c, vault/copy/d=tank/restored/d}");
        assertThat(back.exclude()).containsExactly("one/x/tmp");
        assertGood(saved, back);
    }

    /** It has gone along with the source above as well, whose copy is whole. */
    @Test
    void aSourceWithinAnotherComesBackWithThat() {
        ReplicationTask saved = push("tank", "tank/a", "tank/a/b")
                .recursive("tank/a/tmp", "tank/*/cache")
                .own(OwnOptions.DEFAULTS
                        .withTargets(Map.of("tank/a", "other/a", "tank/a/b", "third"))
                        .withInclude(List.of("tank/a/tmp/keep")))
                .build();
        ReplicationTask back = restored(saved, "new/place");

        assertThat(back.targets().targets()).hasToString("{vault/copy=new/place}");
        assertThat(back.exclude()).containsExactly("vault/copy/a/tmp", "vault/copy/*/cache");
        assertThat(back.own().include()).containsExactly("vault/copy/a/tmp/keep");
        assertGood(saved, back);
    }

    @Test
    void aSourceThatIsLeftOutAboveComesBackToItsPlaceThere() {
        for (String exclude : List.of("tank/a", "tank/?")) {
            ReplicationTask saved = push("tank", "tank/a", "tank/a/b")
                    .recursive(exclude, "tank/a/tmp")
                    .own(OwnOptions.DEFAULTS
                            .withTargets(Map.of("tank/a", "other/a", "tank/a/b", "third"))
                            .withInclude(List.of("tank/a/b/keep", "tank/a/tmp/keep")))
                    .build();
            ReplicationTask back = restored(saved, "new/place");

            assertThat(back.targets().targets()).hasToString("{other/a=new/place/a, vault/copy=new/place}");
            assertThat(back.own().include()).containsExactly("other/a/tmp/keep");
            assertGood(saved, back);
        }
    }

    /** What the source above leaves out there, it has brought to nobody. */
    @Test
    void whatIsLeftOutOfTheSourceAboveAloneComesBackToo() {
        ReplicationTask saved = push("tank", "tank/a", "tank/a/b")
                .recursive("tank/a/b")
                .own(OwnOptions.DEFAULTS.withTargets(Map.of("tank/a", "other/a", "tank/a/b", "third")))
                .build();
        ReplicationTask back = restored(saved, "new/place");

        assertThat(back.targets().targets()).hasToString("{third=new/place/a/b, vault/copy=new/place}");
        assertGood(saved, back);
    }

    @Test
    void sourcesWithinEachOtherOfATaskThatIsNotRecursiveComeBackOneByOne() {
        ReplicationTask saved = push("tank", "tank/a")
                .own(OwnOptions.DEFAULTS.withTargets(Map.of("tank/a", "other/a")))
                .build();
        ReplicationTask back = restored(saved, "new/place");

        assertThat(back.targets().targets()).hasToString("{other/a=new/place/a, vault/copy=new/place}");
        assertGood(saved, back);
    }

    @Test
    void whatWasTakenInAgainComesBackToo() {
        ReplicationTask saved = push("tank/data")
                .recursive("tank/data/*/cache")
                .snapshots(new SnapshotChoice(
                        List.of(), List.of(), List.of(MANUAL), Optional.empty(), Optional.empty(), false))
                .own(OwnOptions.DEFAULTS.withInclude(List.of("tank/data/*/cache/keep")))
                .build();
        ReplicationTask back = restored(saved, "tank/restored");

        assertThat(back.exclude()).containsExactly("vault/copy/*/cache");
        assertThat(back.own().include()).containsExactly("vault/copy/*/cache/keep");
        assertGood(saved, back);
    }

    @Test
    void aPullGoesBackByAPush() {
        ReplicationTask saved = ReplicationTask.of("save", Direction.PULL, NAS, List.of("vault/data"), "tank/copy")
                .snapshots(new SnapshotChoice(
                        List.of(), List.of(HOURLY), List.of(), Optional.empty(), Optional.empty(), true))
                .auto()
                .schedule(DAILY)
                .build();
        ReplicationTask back = restored(saved, "vault/restored");

        assertThat(back.direction()).isEqualTo(Direction.PUSH);
        assertThat(back.sources()).containsExactly("tank/copy");
        assertThat(back.snapshots().alsoInclude()).containsExactly(HOURLY);
        assertThat(back.snapshots().onlyMatching()).isFalse();
        assertGood(saved, back);
    }

    /** The reference forgets excludes, properties and the limit. */
    @Test
    void theFormOfTheStreamsIsKept() {
        ReplicationTask saved = push("tank/data")
                .streams(new StreamChoice(
                        true,
                        List.of("mountpoint"),
                        Map.of("compression", "zstd"),
                        false,
                        true,
                        true,
                        true,
                        true,
                        Optional.of(Compression.LZ4),
                        Optional.of(5_000_000L)))
                .readonly(ReadonlyPolicy.SET)
                .build();
        StreamChoice form = restored(saved, "tank/restored").streams();

        assertThat(form.largeBlocks() && form.embedded() && form.compressed() && form.dedup())
                .isTrue();
        assertThat(form.compression()).contains(Compression.LZ4);
        assertThat(form.bytesPerSecond()).contains(5_000_000L);
        assertThat(form.properties()).isTrue();
    }

    /** The backup has zstd and is read-only; what the data had before is not told by it. */
    @Test
    void whatIsTrueOfTheBackupAloneDoesNotComeBack() {
        ReplicationTask saved = push("tank/data")
                .streams(new StreamChoice(
                        true,
                        List.of("mountpoint"),
                        Map.of("compression", "zstd"),
                        false,
                        false,
                        false,
                        false,
                        false,
                        Optional.empty(),
                        Optional.empty()))
                .readonly(ReadonlyPolicy.REQUIRE)
                .encryption(new TargetEncryption(
                        false,
                        Optional.of(new Secret("long enough".getBytes(StandardCharsets.UTF_8))),
                        Optional.of(KeyFormat.PASSPHRASE),
                        Optional.of("/root/key")))
                .own(OwnOptions.DEFAULTS
                        .withOnDivergence(DivergencePolicy.ROLL_BACK)
                        .withTrustBookmarks(true)
                        .withIgnoreRoom(true))
                .retention(new TargetRetention(Policy.CUSTOM, Optional.of(Lifetime.parse("P14D")), Map.of()))
                .build();
        ReplicationTask back = restored(saved, "tank/restored");

        assertThat(back.streams().propertiesOverride()).isEmpty();
        assertThat(back.streams().propertiesExclude()).containsExactly("mountpoint", "compression", "readonly");
        assertThat(back.readonly()).isEqualTo(ReadonlyPolicy.IGNORE);
        assertThat(back.encryption()).isEmpty();
        assertThat(back.own()).isEqualTo(OwnOptions.DEFAULTS);
        assertThat(back.retention()).isEqualTo(TargetRetention.KEEP_ALL);
        assertGood(saved, back);
    }

    @Test
    void whatMayReplaceTheBackupMayNotReplaceTheData() {
        ReplicationTask saved = push("tank/data").fromScratch(true).build();

        assertThat(restored(saved, "tank/data").fromScratch()).isFalse();
    }

    /** The reference refuses what its own restore of such a task makes. */
    @Test
    void whatAPropertyChoseComesBackWhole() {
        ReplicationTask saved = ReplicationTask.of(
                        "save", Direction.PUSH, new TaskTransport.Local(), List.of("tank/a"), "backup/t")
                .own(OwnOptions.DEFAULTS.withTagged("org.example:keep"))
                .build();
        ReplicationTask back = restored(saved, "tank/restored");

        assertThat(back.snapshots().nameRegex()).contains(".*");
        assertThat(back.own().tagged()).isEmpty();
        assertGood(saved, back);
    }

    @Test
    void aFullFilesystemComesBackWhole() {
        ReplicationTask saved = push("tank/data")
                .recursive()
                .streams(new StreamChoice(
                        true,
                        List.of(),
                        Map.of(),
                        true,
                        false,
                        false,
                        false,
                        false,
                        Optional.empty(),
                        Optional.empty()))
                .retention(new TargetRetention(Policy.SOURCE, Optional.empty(), Map.of()))
                .build();
        assertGood(saved, restored(saved, "tank/restored"));
    }

    @Test
    void anUnknownTaskIsNamed() {
        assertThatThrownBy(() -> Restore.of(definition(), "nix", "back", "tank/restored"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("there is no replication task 'nix'");
    }

    /** Whatever was saved goes back to a place that keeps the shape it had. */
    @Test
    void whereEverySourceGoesBackTo() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> names = List.of("tank", "tank/a", "tank/b", "tank/b/c", "tank/b/d", "pool", "pool/a");
        for (int round = 0; round < 500; round++) {
            List<String> sources = new ArrayList<>(names);
            Collections.shuffle(sources, random);
            sources = sources.subList(0, 1 + random.nextInt(4));
            ReplicationTask saved = push(sources.toArray(String[]::new))
                    .recursive(sources.get(0) + "/x")
                    .build();
            ReplicationTask back = restored(saved, "new/place");

            List<String> all = sources;
            long outermost = all.stream()
                    .filter(source -> all.stream().noneMatch(above -> source.startsWith(above + "/")))
                    .count();
            assertThat(back.sources()).as("seed %d, %s", seed, sources).hasSize((int) outermost);
            assertThat(back.problems()).as("seed %d, %s", seed, sources).isEmpty();
            assertThat(back.exclude()).as("seed %d, %s", seed, sources).hasSize(1);
        }
    }
}
