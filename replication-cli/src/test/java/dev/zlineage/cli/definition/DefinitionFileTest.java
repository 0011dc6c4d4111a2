// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.zlineage.core.retain.RetentionPolicy;
import dev.zlineage.core.select.DailyRates;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.HookPrograms;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.RunRules;
import dev.zlineage.scheduler.task.SnapshotOptions;
import dev.zlineage.scheduler.task.StreamChoice;
import dev.zlineage.scheduler.task.TargetEncryption;
import dev.zlineage.scheduler.task.TargetRetention;
import dev.zlineage.scheduler.task.TaskTransport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefinitionFileTest {

    static final String WHOLE = """
            max-parallel-replication-tasks: 8
            timezone: Europe/Berlin
            use-removal-dates: true
            transports:
              nas:
                type: ssh
                hostname: 192.168.0.188
                port: 2222
                username: backup
                private-key: |
                  -----BEGIN OPENSSH PRIVATE KEY-----
                  s3cret
                  -----END OPENSSH PRIVATE KEY-----
                host-key: |
                  ssh-ed25519 AAAA1
                  ssh-rsa AAAA2
                connect-timeout: 20
                sudo: true
            periodic-snapshot-tasks:
              hourly:
                dataset: tank/data
                recursive: true
                exclude:
                - tank/data/tmp
                lifetime: P2W
                allow-empty: false
                naming-schema: auto-%Y-%m-%d_%H-%M
                schedule:
                  minute: 0
                  hour: "*"
                  day-of-week: mon-fri
                  begin: 09:00
                  end: 18:00
                zlineage:
                  include: [tank/data/tmp/keep, "tank/data/tmp/k*"]
                  properties: {"org.example:why": each hour, "org.example:level": 7}
                  keep: {hourly: 24, daily: 7, weekly: 4, monthly: 12, yearly: 3}
                  before: /usr/local/sbin/freeze
                  after: /usr/local/sbin/thaw
                  hook-timeout: PT30S
                  before-required: true
                  missed: all
                  staleness: PT6H
            replication-tasks:
              push:
                direction: push
                transport: nas
                source-dataset: tank/data
                target-dataset: backup/data
                recursive: true
                exclude: [tank/data/tmp]
                properties: false
                periodic-snapshot-tasks: [hourly]
                auto: true
                retention-policy: custom
                lifetime: P180D
                lifetimes:
                  weekly:
                    schedule: {minute: "0", hour: "0", day-of-week: "1"}
                    lifetime: P1Y
                compression: lz4
                speed-limit: 1048576
                large-block: true
                encryption:
                  key: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                  key-format: hex
                  key-location: /root/key
                hold-pending-snapshots: true
                retries: 3
                zlineage:
                  parallel: 8
                  stall: PT30M
                  on-divergence: set-aside
                  trust-bookmarks: true
                  ignore-room: true
                  clones: false
                  key-sink: /usr/local/sbin/keep-key
                  prune: P7D
                  include: [tank/data/tmp/keep, "tank/data/tmp/k*"]
                  keep: {monthly: 6}
                  speed-limits: {08:00-18:00: 10M, "20:30-6:00": none}
              pull:
                direction: pull
                transport:
                  type: local
                source-dataset: [tank/a, tank/b]
                target-dataset: backup/both
                recursive: false
                naming-schema: [auto-%Y-%m-%d_%H-%M]
                encryption: inherit
                properties-override: {compression: zstd, "org.x:y": "7"}
                auto: false
                readonly: require
                retention-policy: none
                logging-level: debug
            """;

    @Test
    void everyFieldReachesItsTask() {
        DefinitionFile file = DefinitionFile.read(WHOLE);

        assertThat(file.mistakes()).isEmpty();
        assertThat(file.notes())
                .satisfiesExactly(
                        program -> assertThat(program).startsWith("replication-tasks.push.compression: "),
                        level -> assertThat(level).startsWith("replication-tasks.pull.logging-level: "));
        assertThat(file.definition().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(file.definition().mostAtOnce()).contains(8);
        assertThat(file.definition().removalDates()).isTrue();

        PeriodicSnapshotTask hourly = file.definition().snapshotTasks().get(0);
        assertThat(hourly.dataset()).isEqualTo("tank/data");
        assertThat(hourly.exclude()).containsExactly("tank/data/tmp");
        assertThat(hourly.keep().orElseThrow()).hasToString("P14D");
        assertThat(hourly.allowEmpty()).isFalse();
        assertThat(hourly.own())
                .isEqualTo(new SnapshotOptions(
                        Map.of("org.example:why", "each hour", "org.example:level", "7"),
                        RunRules.Missed.ALL,
                        Optional.of(Duration.ofHours(6)),
                        Optional.of(new RetentionPolicy.Buckets(24, 7, 4, 12, 3)),
                        List.of("tank/data/tmp/keep", "tank/data/tmp/k*"),
                        new HookPrograms(
                                Optional.of("/usr/local/sbin/freeze"),
                                Optional.of("/usr/local/sbin/thaw"),
                                Duration.ofSeconds(30),
                                true)));
        assertThat(hourly.schedule().toString()).contains("0 * * * mon-fri");

        ReplicationTask push = file.definition().replicationTasks().get(0);
        TaskTransport.Ssh ssh = (TaskTransport.Ssh) push.transport();
        assertThat(ssh.host()).isEqualTo("192.168.0.188");
        assertThat(ssh.port()).isEqualTo(2222);
        assertThat(ssh.user()).isEqualTo("backup");
        assertThat(ssh.hostKeys()).containsExactly("ssh-ed25519 AAAA1", "ssh-rsa AAAA2");
        assertThat(ssh.connectTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(ssh.sudo()).isTrue();
        assertThat(text(ssh.privateKey().orElseThrow())).contains("s3cret\n");
        assertThat(push.recursive()).isTrue();
        assertThat(push.auto()).isTrue();
        assertThat(push.holdPending()).isTrue();
        assertThat(push.attempts()).isEqualTo(3);
        assertThat(push.snapshots().periodicTasks()).containsExactly("hourly");
        assertThat(push.streams().properties()).isFalse();
        assertThat(push.streams().largeBlocks()).isTrue();
        assertThat(push.streams().compression()).contains(StreamChoice.Compression.LZ4);
        assertThat(push.streams().bytesPerSecond()).contains(1048576L);
        assertThat(push.retention().policy()).isEqualTo(TargetRetention.Policy.CUSTOM);
        assertThat(push.retention().keep().orElseThrow()).hasToString("P180D");
        assertThat(push.retention().lifetimes()).containsOnlyKeys("weekly");
        assertThat(push.encryption().orElseThrow().format()).contains(KeyFormat.HEX);

        assertThat(push.own())
                .isEqualTo(OwnOptions.DEFAULTS
                        .withParallel(8)
                        .withStall(Duration.ofMinutes(30))
                        .withOnDivergence(DivergencePolicy.SET_ASIDE)
                        .withTrustBookmarks(true)
                        .withIgnoreRoom(true)
                        .withClones(false)
                        .withKeySink("/usr/local/sbin/keep-key")
                        .withPrune(Duration.ofDays(7))
                        .withInclude(List.of("tank/data/tmp/keep", "tank/data/tmp/k*"))
                        .withKeep(new RetentionPolicy.Buckets(0, 0, 0, 6, 0))
                        .withSpeedLimits(List.of(
                                new DailyRates.Window(
                                        LocalTime.of(8, 0), LocalTime.of(18, 0), Optional.of(10L * 1024 * 1024)),
                                new DailyRates.Window(LocalTime.of(20, 30), LocalTime.of(6, 0), Optional.empty()))));

        ReplicationTask pull = file.definition().replicationTasks().get(1);
        assertThat(pull.own()).isEqualTo(OwnOptions.DEFAULTS);
        DefinitionFile keeping = DefinitionFile.read(
                WHOLE.replace(
                        "encryption: inherit",
                        "zlineage: {keep-encryption-roots: true, let-through: mountpoint, targets: {tank/b: backup/own}, after: [push]}"));
        assertThat(keeping.definition().replicationTasks().get(1).own())
                .isEqualTo(OwnOptions.DEFAULTS
                        .withKeepEncryptionRoots(true)
                        .withLetThrough(List.of("mountpoint"))
                        .withTargets(Map.of("tank/b", "backup/own"))
                        .withAfter(List.of("push")));
        assertThat(pull.direction()).isEqualTo(Direction.PULL);
        assertThat(pull.transport()).isEqualTo(new TaskTransport.Local());
        assertThat(pull.sources()).containsExactly("tank/a", "tank/b");
        assertThat(pull.encryption()).contains(TargetEncryption.INHERIT);
        assertThat(pull.streams().propertiesOverride()).isEqualTo(Map.of("compression", "zstd", "org.x:y", "7"));
        assertThat(pull.mount()).isTrue();
        assertThat(file.toString()).doesNotContain("s3cret").doesNotContain("0123456789abcdef");
    }

    @Test
    void aTargetOfItsOwnStandsWhereItIsWritten() {
        DefinitionFile file = DefinitionFile.read("""
                replication-tasks:
                  push:
                    direction: push
                    transport: {type: local}
                    source-dataset: [tank/a, tank/b, tank/c]
                    also-include-naming-schema: auto-%Y-%m-%d_%H-%M
                    retention-policy: none
                    zlineage:
                      targets:
                        tank/a: backup/x
                        tank/d: backup/y
                """);

        assertThat(file.mistakes())
                .extracting(Mistake::line, Mistake::path, Mistake::message)
                .containsExactly(
                        tuple(
                                3,
                                "replication-tasks.push.target-dataset",
                                "it is missing, and tank/b, tank/c have no target of their own; give it, such as"
                                        + " backup/data, or name one for each source in zlineage: targets"),
                        tuple(
                                11,
                                "replication-tasks.push.zlineage.targets.tank/d",
                                "'backup/y': tank/d is no source of this task; name one of tank/a, tank/b, tank/c, or"
                                        + " remove it"));
    }

    @Test
    void whatHasANameAndNoValueIsAMistake() {
        DefinitionFile file = DefinitionFile.read("""
                replication-tasks:
                  push:
                    direction: push
                    transport: {type: local}
                    source-dataset: [tank/a, tank/b]
                    target-dataset: backup
                    also-include-naming-schema: auto-%Y-%m-%d_%H-%M
                    properties-override: {compression: }
                    retention-policy: none
                    zlineage:
                      targets:
                        tank/a:
                      speed-limits: {08:00-18:00: null, 18:00-20:00: 10M}
                """);

        String message = "it has to be a text, and there is none; write one behind it, or remove the field";
        assertThat(file.mistakes())
                .extracting(Mistake::line, Mistake::path, Mistake::message)
                .containsExactly(
                        tuple(8, "replication-tasks.push.properties-override.compression", message),
                        tuple(12, "replication-tasks.push.zlineage.targets.tank/a", message),
                        tuple(13, "replication-tasks.push.zlineage.speed-limits.08:00-18:00", message));
    }

    private static String text(Secret secret) {
        return new String(secret.reveal(), StandardCharsets.UTF_8);
    }

    @Test
    void theBlockOfOurOwnHasItsMistakesToldAtOnce() {
        DefinitionFile file = DefinitionFile.read(WHOLE.replace("parallel: 8\n", "parallel: 65\n")
                .replace("stall: PT30M", "stall: 30m")
                .replace("on-divergence: set-aside", "on-divergence: overwrite")
                .replace("ignore-room: true", "ignore-rooms: true")
                .replace(
                        "speed-limits: {08:00-18:00: 10M, \"20:30-6:00\": none}",
                        "speed-limits: {by day: 10M, 8:00-25:00: 10M, 20:00-22:00: fast}"));

        assertThat(file.mistakes())
                .extracting(Mistake::path, Mistake::message)
                .containsExactly(
                        tuple("replication-tasks.push.zlineage.parallel", "'65': it has to be between 1 and 64"),
                        tuple(
                                "replication-tasks.push.zlineage.stall",
                                "'30m' is no time: write it as ISO 8601 does, such as PT15M or PT1H30M"),
                        tuple(
                                "replication-tasks.push.zlineage.on-divergence",
                                "'overwrite' is none of refuse, tolerate, roll-back-unchanged, roll-back, set-aside,"
                                        + " start-over-unrelated, start-over"),
                        tuple(
                                "replication-tasks.push.zlineage.ignore-rooms",
                                "there is no such field; perhaps 'ignore-room'"),
                        tuple(
                                "replication-tasks.push.zlineage.speed-limits.by day",
                                "'by day' is no part of the day, such as 08:00-18:00"),
                        tuple(
                                "replication-tasks.push.zlineage.speed-limits.8:00-25:00",
                                "'25:00' is no time of the day, such as 09:00"),
                        tuple(
                                "replication-tasks.push.zlineage.speed-limits.20:00-22:00",
                                "'fast' is no rate; write bytes a second, with K, M or G for more, such as 20M, or none"));
    }

    @Test
    void twelveMistakesAreTwelveMessages() {
        DefinitionFile file = DefinitionFile.read("""
                timezone: Europe/Nowhere
                max-paralel-replication-tasks: 8
                periodic-snapshot-tasks:
                  daily:
                    dataset: tank/data
                    recursive: perhaps
                    lifetime: two weeks
                    naming-schema: auto-%Y
                    schedule: {minute: "61"}
                replication-tasks:
                  push:
                    direction: sideways
                    transport: nas
                    source-dataset: tank/data
                    target-dataset: "backup/data@x"
                    also-include-naming-schema: auto-%Y-%m-%d_%H-%M
                    retention-policy: none
                    retries: many
                    retries: 5
                    compression: [lz4]
                """);

        assertThat(file.mistakes().stream().map(m -> m.line() + " " + m.path()).toList())
                .containsExactly(
                        "1 timezone",
                        "2 max-paralel-replication-tasks",
                        "6 periodic-snapshot-tasks.daily.recursive",
                        "7 periodic-snapshot-tasks.daily.lifetime",
                        "8 periodic-snapshot-tasks.daily.naming-schema",
                        "9 periodic-snapshot-tasks.daily.schedule",
                        "12 replication-tasks.push.direction",
                        "13 replication-tasks.push.transport",
                        "15 replication-tasks.push.target-dataset",
                        "18 replication-tasks.push.retries",
                        "19 replication-tasks.push.retries",
                        "20 replication-tasks.push.compression");
        assertThat(file.mistakes().get(1).message()).contains("perhaps 'max-parallel-replication-tasks'");
        assertThat(file.mistakes()).allSatisfy(m -> assertThat(m.message()).isNotBlank());
    }

    @Test
    void whatTheTasksThemselvesObjectToStandsWhereItIsWritten() {
        DefinitionFile file = DefinitionFile.read("""
                replication-tasks:
                  push:
                    direction: push
                    transport: {type: local}
                    source-dataset: tank/data
                    target-dataset: backup/data
                    exclude: [tank/data/x]
                    also-include-naming-schema: [auto-%Y-%m-%d_%H-%M, oops]
                    retention-policy: none
                """);

        assertThat(file.mistakes())
                .extracting(Mistake::line, Mistake::column, Mistake::path)
                .containsExactly(
                        tuple(7, 14, "replication-tasks.push.exclude"),
                        tuple(8, 55, "replication-tasks.push.also-include-naming-schema[1]"));
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(DefinitionFile.read("replication-tasks: {t: {direction: push}}")
                        .mistakes())
                .extracting(Mistake::path)
                .contains(
                        "replication-tasks.t.transport",
                        "replication-tasks.t.source-dataset",
                        "replication-tasks.t.target-dataset",
                        "replication-tasks.t.retention-policy");
    }

    @Test
    void whatIsMissingIsToldWhatItIsFor() {
        assertThat(DefinitionFile.read("transports: {nas: {type: ssh, hostname: nas}}")
                        .mistakes())
                .singleElement()
                .satisfies(mistake -> {
                    assertThat(mistake.path()).isEqualTo("transports.nas.host-key");
                    assertThat(mistake.message()).startsWith("it is missing. ").contains("ssh-keyscan");
                });
    }

    @Test
    void aNumberOutOfRangeIsNotCutToOneThatIsWithin() {
        assertThat(DefinitionFile.read("max-parallel-replication-tasks: 4294967297")
                        .mistakes())
                .singleElement()
                .extracting(Mistake::message)
                .isEqualTo("'4294967297': it has to be between 1 and 2147483647");
    }

    @Test
    void anUnknownTypeOfTransportIsOneMistakeWhateverItsFields() {
        assertThat(DefinitionFile.read("transports: {nas: {type: telnet, hostname: nas, port: 23}}")
                        .mistakes())
                .singleElement()
                .extracting(Mistake::message)
                .isEqualTo("'telnet' is none of local, ssh, ssh+netcat");
    }

    @Test
    void whatIsNoDefinitionAtAllIsOneMistake() {
        String bomb = "a: &a [x]\nb: &b [*a, *a]\n" + "c: *b\n";
        for (String text : List.of("", "{", "a: [", "- 1\n- 2\n", "just words", "a: &x {b: *x}", "\t", bomb)) {
            assertThat(DefinitionFile.read(text).mistakes()).as(text).isNotEmpty();
        }
        assertThat(DefinitionFile.read("x: [").mistakes()).singleElement().satisfies(mistake -> {
            assertThat(mistake.line()).isEqualTo(1);
            assertThat(mistake.message()).startsWith("this is no YAML: ");
        });
    }
}
