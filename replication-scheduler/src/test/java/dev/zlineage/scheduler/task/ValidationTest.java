// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.zlineage.core.retain.Lifetime;
import dev.zlineage.core.retain.RetentionPolicy;
import dev.zlineage.core.select.DailyRates;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.StreamChoice.Compression;
import dev.zlineage.scheduler.task.TargetRetention.Policy;
import dev.zlineage.scheduler.task.TaskTransport.Netcat;
import dev.zlineage.scheduler.task.TaskTransport.Side;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One row a rule: a good definition, one change, and the one problem that it makes. */
class ValidationTest {

    private static final CronSchedule DAILY = CronSchedule.of("0 0 * * *");
    private static final String SCHEMA = "auto-%Y-%m-%d_%H-%M";
    private static final TaskTransport LOCAL = new TaskTransport.Local();
    private static final PeriodicSnapshotTask SNAP =
            PeriodicSnapshotTask.of("snap", "tank/data", SCHEMA, DAILY).ofTree("tank/data/tmp");

    private static TaskTransport ssh(Optional<Netcat> netcat) {
        return new TaskTransport.Ssh(
                "nas",
                22,
                "root",
                Optional.empty(),
                List.of("ssh-ed25519 AAAA"),
                Duration.ofSeconds(10),
                false,
                netcat);
    }

    private static TaskTransport ssh(String host, int port, List<String> hostKeys, Duration timeout) {
        return new TaskTransport.Ssh(host, port, "root", Optional.empty(), hostKeys, timeout, false, Optional.empty());
    }

    private static Netcat netcat(Side side, Integer least, Integer most) {
        return new Netcat(Optional.ofNullable(side), Optional.ofNullable(least), Optional.ofNullable(most));
    }

    private static ReplicationTask.Builder push(TaskTransport transport, String... sources) {
        return ReplicationTask.of("t", Direction.PUSH, transport, List.of(sources), "backup/copy")
                .recursive("tank/data/tmp")
                .snapshots(bound("snap"))
                .auto();
    }

    private static ReplicationTask.Builder push() {
        return push(LOCAL, "tank/data");
    }

    private static ReplicationTask.Builder pull() {
        return ReplicationTask.of("t", Direction.PULL, ssh(Optional.empty()), List.of("tank/data"), "backup/copy")
                .snapshots(named(List.of(SCHEMA), List.of()))
                .auto()
                .schedule(DAILY);
    }

    private static SnapshotChoice bound(String... tasks) {
        return new SnapshotChoice(List.of(tasks), List.of(), List.of(), Optional.empty(), Optional.empty(), false);
    }

    private static SnapshotChoice named(List<String> schemas, List<String> also) {
        return new SnapshotChoice(List.of(), schemas, also, Optional.empty(), Optional.empty(), false);
    }

    private static SnapshotChoice regex(String regex) {
        return new SnapshotChoice(List.of(), List.of(), List.of(), Optional.of(regex), Optional.empty(), false);
    }

    private static StreamChoice full(boolean properties) {
        return new StreamChoice(
                properties, List.of(), Map.of(), true, false, false, false, false, Optional.empty(), Optional.empty());
    }

    private static StreamChoice compressedBy(Compression compression, Long limit) {
        return new StreamChoice(
                true,
                List.of(),
                Map.of(),
                false,
                false,
                false,
                false,
                false,
                Optional.ofNullable(compression),
                Optional.ofNullable(limit));
    }

    private static TargetRetention keep(Policy policy, String duration) {
        return new TargetRetention(policy, Optional.ofNullable(duration).map(Lifetime::parse), Map.of());
    }

    private static TargetEncryption key(boolean inherit, String key, KeyFormat format, String location) {
        return new TargetEncryption(
                inherit,
                Optional.ofNullable(key).map(k -> new Secret(k.getBytes(StandardCharsets.UTF_8))),
                Optional.ofNullable(format),
                Optional.ofNullable(location));
    }

    private static Arguments row(String field, String rule, ReplicationTask.Builder task) {
        return Arguments.of("replication-tasks.t." + field, rule, definition(task.build(), SNAP));
    }

    private static Arguments row(String field, String rule, ReplicationTask.Builder task, PeriodicSnapshotTask snap) {
        return Arguments.of("replication-tasks.t." + field, rule, definition(task.build(), snap));
    }

    private static Arguments snap(String field, String rule, PeriodicSnapshotTask snap) {
        return Arguments.of(
                "periodic-snapshot-tasks.snap." + field,
                rule,
                new Definition(ZoneOffset.UTC, Optional.empty(), false, List.of(snap), List.of()));
    }

    private static Definition definition(ReplicationTask task, PeriodicSnapshotTask snap) {
        return new Definition(ZoneOffset.UTC, Optional.empty(), false, List.of(snap), List.of(task));
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                        transports(),
                        selections(),
                        starts(),
                        own(),
                        wholes(),
                        targets(),
                        ownTargets(),
                        bindings(),
                        snapshots())
                .flatMap(rows -> rows);
    }

    private static Stream<Arguments> transports() {
        return Stream.of(
                row(
                        "transport.active-side",
                        "one side has to listen",
                        push(ssh(Optional.of(netcat(null, 1, 2))), "tank/data")),
                row(
                        "transport.active-side-max-port",
                        "less than the first",
                        push(ssh(Optional.of(netcat(Side.LOCAL, 9, 8))), "tank/data")),
                row(
                        "transport.active-side-min-port",
                        "not between 1 and 65535",
                        push(ssh(Optional.of(netcat(Side.LOCAL, 0, 8))), "tank/data")),
                row(
                        "compression",
                        "streams over ssh+netcat",
                        push(ssh(Optional.of(netcat(Side.LOCAL, 1, 2))), "tank/data")
                                .streams(compressedBy(Compression.LZ4, null))),
                row("compression", "streams over local", push().streams(compressedBy(Compression.LZ4, null))),
                row("speed-limit", "nothing would move", push().streams(compressedBy(null, 0L))),
                row(
                        "transport.port",
                        "not between",
                        push(ssh("nas", 0, List.of("k"), Duration.ofSeconds(1)), "tank/data")),
                row(
                        "transport.hostname",
                        "empty",
                        push(ssh(" ", 22, List.of("k"), Duration.ofSeconds(1)), "tank/data")),
                row(
                        "transport.host-key",
                        "pose as nas",
                        push(ssh("nas", 22, List.of(), Duration.ofSeconds(1)), "tank/data")),
                row(
                        "transport.connect-timeout",
                        "no time",
                        push(ssh("nas", 22, List.of("k"), Duration.ZERO), "tank/data")));
    }

    private static Stream<Arguments> selections() {
        return Stream.of(
                row(
                        "naming-schema",
                        "pull tasks",
                        push().snapshots(new SnapshotChoice(
                                List.of("snap"),
                                List.of(SCHEMA),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                false))),
                row(
                        "periodic-snapshot-tasks",
                        "nothing says which",
                        push().snapshots(SnapshotChoice.NONE).schedule(DAILY)),
                row(
                        "periodic-snapshot-tasks",
                        "a pull task receives",
                        pull().snapshots(new SnapshotChoice(
                                List.of("snap"),
                                List.of(SCHEMA),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                false))),
                row("naming-schema", "nothing says which", pull().snapshots(SnapshotChoice.NONE)),
                row(
                        "also-include-naming-schema",
                        "push tasks",
                        pull().snapshots(named(List.of(SCHEMA), List.of(SCHEMA)))),
                row("hold-pending-snapshots", "the other host", pull().holdPending(true)),
                row(
                        "naming-schema[0]",
                        "%M is missing",
                        pull().snapshots(named(List.of("auto-%Y-%m-%d_%H"), List.of()))),
                row(
                        "also-include-naming-schema[0]",
                        "no naming schema",
                        push().schedule(DAILY).snapshots(named(List.of(), List.of("x")))),
                row("name-regex", "no regular expression", pull().snapshots(regex("(daily"))),
                row(
                        "name-regex",
                        "takes the place",
                        push().snapshots(new SnapshotChoice(
                                List.of("snap"), List.of(), List.of(), Optional.of("x"), Optional.empty(), false))),
                row(
                        "name-regex",
                        "takes the place",
                        pull().snapshots(new SnapshotChoice(
                                List.of(), List.of(SCHEMA), List.of(), Optional.of("x"), Optional.empty(), false))),
                row(
                        "retention-policy",
                        "an expression reads none",
                        pull().snapshots(regex("x")).retention(keep(Policy.CUSTOM, "P1D"))),
                row("exclude", "nothing below is sent", pull().exclude(List.of("tank/data/x"))),
                row("exclude[1]", "below none of the sources", push().recursive("tank/data/tmp", "tank/other")),
                row(
                        "zlineage.include",
                        "nothing below is sent",
                        pull().own(OwnOptions.DEFAULTS.withInclude(List.of("tank/data/x")))),
                row("zlineage.include[0]", "not left out", including(push(), "tank/data/x")),
                row("zlineage.include[0]", "not left out", including(push(), "tank/data/x*")),
                row("zlineage.include[0]", "lies not below tank/data", including(push(), "tank/other")),
                row(
                        "source-dataset",
                        "there is none",
                        push(LOCAL)
                                .recursive()
                                .snapshots(named(List.of(), List.of(SCHEMA)))
                                .schedule(DAILY)),
                row(
                        "source-dataset[0]",
                        "tank/da ta@",
                        push(LOCAL, "tank/da ta@")
                                .recursive()
                                .snapshots(named(List.of(), List.of(SCHEMA)))
                                .schedule(DAILY)),
                row("source-dataset[1]", "twice", push(LOCAL, "tank/data", "tank/data")),
                row(
                        "target-dataset",
                        "lies inside the source",
                        ReplicationTask.of("t", Direction.PUSH, LOCAL, List.of("tank/data"), "tank/data/copy")
                                .recursive("tank/data/tmp")
                                .snapshots(bound("snap"))
                                .auto()),
                row(
                        "target-dataset",
                        "is a source",
                        ReplicationTask.of("t", Direction.PUSH, LOCAL, List.of("tank/data"), "tank/data")
                                .recursive("tank/data/tmp")
                                .snapshots(bound("snap"))
                                .auto()));
    }

    private static Stream<Arguments> starts() {
        return Stream.of(
                row("auto", "when it is to run", push().snapshots(named(List.of(), List.of(SCHEMA)))),
                row(
                        "auto",
                        "when it is to run",
                        ReplicationTask.of("t", Direction.PULL, LOCAL, List.of("tank/data"), "backup/copy")
                                .snapshots(named(List.of(SCHEMA), List.of()))
                                .auto()),
                row(
                        "schedule",
                        "does not run by itself",
                        ReplicationTask.of("t", Direction.PUSH, LOCAL, List.of("tank/data"), "backup/copy")
                                .recursive("tank/data/tmp")
                                .snapshots(bound("snap"))
                                .schedule(DAILY)),
                row(
                        "only-matching-schedule",
                        "has no schedule",
                        push().snapshots(new SnapshotChoice(
                                List.of("snap"), List.of(), List.of(), Optional.empty(), Optional.empty(), true))),
                row("retries", "counts all attempts", push().attempts(0)),
                row(
                        "only-from-scratch",
                        "to be replaced, and to fail",
                        push().fromScratch(true).onlyFromScratch(true)));
    }

    private static Stream<Arguments> own() {
        OwnOptions tagged = OwnOptions.DEFAULTS.withTagged("org.example:keep");
        OwnOptions rollsBack = OwnOptions.DEFAULTS.withOnDivergence(DivergencePolicy.ROLL_BACK);
        return Stream.of(
                row("zlineage.parallel", "between 1 and 64", push().own(OwnOptions.DEFAULTS.withParallel(0))),
                row(
                        "zlineage.keep-encryption-roots",
                        "keep nothing of the source's encryption",
                        push().own(OwnOptions.DEFAULTS.withKeepEncryptionRoots(true))
                                .encryption(TargetEncryption.INHERIT)),
                row("zlineage.key-sink", "no absolute path", push().own(OwnOptions.DEFAULTS.withKeySink("keep"))),
                row("zlineage.parallel", "between 1 and 64", push().own(OwnOptions.DEFAULTS.withParallel(65))),
                row("zlineage.tagged", "takes the place of schemas", push().own(tagged)),
                row(
                        "zlineage.tagged",
                        "no user property",
                        push().snapshots(SnapshotChoice.NONE)
                                .schedule(DAILY)
                                .own(OwnOptions.DEFAULTS.withTagged("keep"))),
                row(
                        "zlineage.tagged",
                        "tells the task's copies by their names",
                        push().snapshots(SnapshotChoice.NONE)
                                .schedule(DAILY)
                                .retention(keep(Policy.SOURCE, null))
                                .own(tagged)),
                row(
                        "zlineage.tagged",
                        "hold-pending-snapshots",
                        push().snapshots(SnapshotChoice.NONE)
                                .schedule(DAILY)
                                .holdPending(true)
                                .own(tagged)),
                row("zlineage.stall", "no time", push().own(OwnOptions.DEFAULTS.withStall(Duration.ZERO))),
                row(
                        "zlineage.after[0]",
                        "there is no such",
                        push().auto().own(OwnOptions.DEFAULTS.withAfter(List.of("none")))),
                row(
                        "zlineage.after[0]",
                        "would wait for each other: t after t",
                        push().auto().own(OwnOptions.DEFAULTS.withAfter(List.of("t")))),
                row("zlineage.speed-limits.08:00-08:00", "over when it begins", push().own(limits(window(8, 8, 9999)))),
                row("zlineage.speed-limits.08:00-18:00", "taken for dead", push().own(limits(window(8, 18, 1023)))),
                row(
                        "zlineage.speed-limits.22:00-08:01",
                        "'none': it overlaps with 08:00-18:00",
                        push().own(limits(
                                window(8, 18, 1024),
                                new DailyRates.Window(LocalTime.of(22, 0), LocalTime.of(8, 1), Optional.empty())))),
                row(
                        "zlineage.on-divergence",
                        "'roll-back': allow-from-scratch",
                        push().fromScratch(true).own(rollsBack)),
                row(
                        "zlineage.on-divergence",
                        "'roll-back': only-from-scratch",
                        push().onlyFromScratch(true).own(rollsBack)));
    }

    private static OwnOptions limits(DailyRates.Window... windows) {
        return OwnOptions.DEFAULTS.withSpeedLimits(List.of(windows));
    }

    private static DailyRates.Window window(int begin, int end, long limit) {
        return new DailyRates.Window(LocalTime.of(begin, 0), LocalTime.of(end, 0), Optional.of(limit));
    }

    private static Stream<Arguments> wholes() {
        PeriodicSnapshotTask all =
                PeriodicSnapshotTask.of("snap", "tank/data", SCHEMA, DAILY).ofTree();
        TargetRetention same = keep(Policy.SOURCE, null);
        UnaryOperator<ReplicationTask.Builder> whole =
                b -> b.recursive().streams(full(true)).retention(same);
        return Stream.of(
                row(
                        "recursive",
                        "has all below",
                        ReplicationTask.of("t", Direction.PUSH, LOCAL, List.of("tank/data"), "backup/copy")
                                .snapshots(bound("snap"))
                                .auto()
                                .streams(full(true))
                                .retention(same),
                        all),
                row("exclude", "leaves nothing out", whole.apply(push()).recursive("tank/data/x"), all),
                row("properties", "has its properties", whole.apply(push()).streams(full(false)), all),
                row(
                        "retention-policy",
                        "snapshots of its source",
                        whole.apply(push()).retention(keep(Policy.NONE, null)),
                        all),
                row(
                        "source-dataset[1]",
                        "another source is above",
                        whole.apply(push(LOCAL, "tank/data", "tank/data/x")),
                        all),
                row(
                        "periodic-snapshot-tasks[0]",
                        "of all that",
                        whole.apply(push()),
                        PeriodicSnapshotTask.of("snap", "tank/data", SCHEMA, DAILY)),
                row(
                        "periodic-snapshot-tasks[0]",
                        "of all that",
                        whole.apply(push()),
                        PeriodicSnapshotTask.of("snap", "tank/data/x", SCHEMA, DAILY)
                                .ofTree()));
    }

    private static Stream<Arguments> targets() {
        String hex = "0123456789abcdef".repeat(4);
        return Stream.of(
                row("lifetime", "custom retention needs it", push().retention(keep(Policy.CUSTOM, null))),
                row("lifetime", "only custom retention", push().retention(keep(Policy.SOURCE, "P1D"))),
                row(
                        "lifetimes",
                        "only custom retention",
                        push().retention(new TargetRetention(
                                Policy.NONE,
                                Optional.empty(),
                                Map.of("w", new RetentionPolicy.Scheduled(DAILY, Lifetime.parse("P1D")))))),
                row(
                        "properties-exclude[0]",
                        "names no property",
                        push().streams(new StreamChoice(
                                true,
                                List.of(" "),
                                Map.of(),
                                false,
                                false,
                                false,
                                false,
                                false,
                                Optional.empty(),
                                Optional.empty()))),
                row(
                        "properties-override.quota",
                        "excluded as well",
                        push().streams(new StreamChoice(
                                true,
                                List.of("quota"),
                                Map.of("quota", "1G"),
                                false,
                                false,
                                false,
                                false,
                                false,
                                Optional.empty(),
                                Optional.empty()))),
                row("encryption.key", "needs it", push().encryption(key(false, null, KeyFormat.HEX, "/k"))),
                row("encryption.key-format", "needs it", push().encryption(key(false, hex, null, "/k"))),
                row("encryption.key-location", "needs it", push().encryption(key(false, hex, KeyFormat.HEX, null))),
                row(
                        "encryption.key-location",
                        "neither an absolute path",
                        push().encryption(key(false, hex, KeyFormat.HEX, "k"))),
                row(
                        "encryption.key",
                        "63 hexadecimal digits",
                        push().encryption(key(false, hex.substring(1), KeyFormat.HEX, "/k"))),
                row(
                        "encryption.key",
                        "not hexadecimal",
                        push().encryption(key(false, "x" + hex.substring(1), KeyFormat.HEX, "/k"))),
                row(
                        "encryption.key",
                        "of 7 bytes",
                        push().encryption(key(false, "1234567", KeyFormat.PASSPHRASE, "$TrueNAS"))),
                row("encryption.key", "has no key of its own", push().encryption(key(true, hex, null, null))),
                row(
                        "encryption.key-format",
                        "has no key of its own",
                        push().encryption(key(true, null, KeyFormat.HEX, null))),
                row(
                        "encryption.key-location",
                        "has no key of its own",
                        push().encryption(key(true, null, null, "/k"))));
    }

    private static ReplicationTask.Builder to(ReplicationTask.Builder task, String... bySource) {
        return task.own(OwnOptions.DEFAULTS.withTargets(Arrays.stream(bySource)
                .map(each -> each.split("=", -1))
                .collect(Collectors.toMap(each -> each[0], each -> each[1]))));
    }

    private static ReplicationTask.Builder several(String target, String... sources) {
        return ReplicationTask.of("t", Direction.PUSH, LOCAL, List.of(sources), target)
                .snapshots(named(List.of(), List.of(SCHEMA)));
    }

    private static Stream<Arguments> ownTargets() {
        return Stream.of(
                row("target-dataset", "it is missing", several("", "tank/a")),
                row(
                        "target-dataset",
                        "tank/b has no target of its own",
                        to(several("", "tank/a", "tank/b"), "tank/a=b/x")),
                row("zlineage.targets.tank/c", "is no source", to(several("b", "tank/a", "tank/b"), "tank/c=c/x")),
                row("zlineage.targets.tank/a", "a@b", to(several("b", "tank/a"), "tank/a=a@b")),
                row(
                        "zlineage.targets.tank/a",
                        "tank/b goes there too",
                        to(several("", "tank/a", "tank/b"), "tank/a=b/x", "tank/b=b/x")),
                row(
                        "zlineage.targets.tank/b",
                        "inside b/x, where tank/a goes",
                        to(several("", "tank/a", "tank/b"), "tank/a=b/x", "tank/b=b/x/y")
                                .recursive()),
                row(
                        "zlineage.targets.tank/b",
                        "inside b/x, where tank/a goes",
                        several("", "tank/a", "tank/b")
                                .recursive("tank/a/y")
                                .own(OwnOptions.DEFAULTS
                                        .withTargets(Map.of("tank/a", "b/x", "tank/b", "b/x/y"))
                                        .withInclude(List.of("tank/a/y/keep")))),
                row(
                        "target-dataset",
                        "it lies inside b, where tank/b goes",
                        to(several("b/x", "tank/a", "tank/b"), "tank/b=b").recursive()),
                row(
                        "zlineage.targets.tank/b",
                        "inside b/x/a, where tank/a goes",
                        to(several("b/x", "tank/a", "tank/b"), "tank/b=b/x/a/y").recursive()),
                row(
                        "zlineage.targets.tank/a",
                        "lies inside the source tank/b",
                        to(several("", "tank/a", "tank/b"), "tank/a=tank/b/x", "tank/b=b/y")),
                row(
                        "zlineage.targets.tank/a",
                        "tank/a lies inside tank, where",
                        to(several("b", "tank/a", "tank/b"), "tank/a=tank")));
    }

    /** What is remembered of a definition is found by its text, also by another JVM, where sets and maps have another order. */
    @Test
    void aTaskReadsTheSameInEachJvm() {
        List<String> names = List.of("monthly", "daily", "yearly", "hourly", "weekly");
        RetentionPolicy.Scheduled scheduled =
                new RetentionPolicy.Scheduled(CronSchedule.of("0 * * * *"), Lifetime.parse("P1D"));
        assertThat(new TargetRetention(
                                Policy.CUSTOM,
                                Optional.empty(),
                                names.stream().collect(Collectors.toMap(name -> name, name -> scheduled)))
                        .lifetimes()
                        .keySet())
                .containsExactlyElementsOf(names.stream().sorted().toList());
        assertThat(new StreamChoice(
                                true,
                                List.of(),
                                names.stream().collect(Collectors.toMap(name -> name, name -> "x")),
                                false,
                                false,
                                false,
                                false,
                                false,
                                Optional.empty(),
                                Optional.empty())
                        .propertiesOverride()
                        .keySet())
                .containsExactlyElementsOf(names.stream().sorted().toList());
    }

    @Test
    void targetsOfTheirOwnThatAreGood() {
        for (ReplicationTask.Builder good : List.of(
                to(several("", "tank/a", "tank/b"), "tank/a=b/x", "tank/b=c/x"),
                to(several("b", "tank/a", "tank/b"), "tank/b=c"),
                to(several("b", "tank/a", "tank/a/in"), "tank/a=c/x", "tank/a/in=c/x/in"),
                to(several("", "tank/a", "tank/b"), "tank/a=b/x", "tank/b=b/x/y"),
                to(several("", "tank/a", "tank/b").recursive("tank/a/y"), "tank/a=b/x", "tank/b=b/x/y"),
                to(several("", "tank/a", "tank/b").recursive("tank/a/?"), "tank/a=b/x", "tank/b=b/x/y/z"))) {
            assertThat(good.build().problems()).isEmpty();
        }
    }

    private static ReplicationTask.Builder including(ReplicationTask.Builder task, String... patterns) {
        return task.recursive("tank/data/tmp").own(OwnOptions.DEFAULTS.withInclude(List.of(patterns)));
    }

    @Test
    void whatIsTakenInAgainByBothTasksIsGood() {
        PeriodicSnapshotTask taking = PeriodicSnapshotTask.of("snap", "tank/data", SCHEMA, DAILY)
                .ofTree("tank/data/tmp")
                .with(SnapshotOptions.DEFAULTS.withInclude(List.of("tank/data/tmp/keep", "tank/data/tmp/k*")));
        ReplicationTask task = including(push(), "tank/data/tmp/keep/below", "tank/data/tmp/k*")
                .build();

        assertThat(new Definition(ZoneOffset.UTC, Optional.empty(), false, List.of(taking), List.of(task)).problems())
                .isEmpty();
    }

    private static Stream<Arguments> bindings() {
        return Stream.of(
                row("periodic-snapshot-tasks[0]", "no such periodic", push().snapshots(bound("other"))),
                row("periodic-snapshot-tasks[1]", "twice", push().snapshots(bound("snap", "snap"))),
                row("periodic-snapshot-tasks[0]", "disabled", push(), SNAP.disabled()),
                row("exclude", "leaves out tank/data/tmp", push().recursive("tank/data/x")),
                row("zlineage.include[0]", "snap leaves it out", including(push(), "tank/data/tmp/keep")),
                row("zlineage.include[0]", "snap leaves it out", including(push(), "tank/data/tmp/k*")),
                row(
                        "exclude",
                        "leaves out tank/data/tmp/keep/x",
                        including(push(), "tank/data/tmp/keep"),
                        PeriodicSnapshotTask.of("snap", "tank/data", SCHEMA, DAILY)
                                .ofTree("tank/data/tmp", "tank/data/tmp/keep/x")
                                .with(SnapshotOptions.DEFAULTS.withInclude(List.of("tank/data/tmp/keep")))),
                row(
                        "source-dataset[0]",
                        "leaves it out",
                        push(LOCAL, "tank/data/tmp/deep").recursive()));
    }

    private static Stream<Arguments> snapshots() {
        return Stream.of(
                snap("dataset", "tank/@", PeriodicSnapshotTask.of("snap", "tank/@", SCHEMA, DAILY)),
                snap("naming-schema", "no naming schema", PeriodicSnapshotTask.of("snap", "tank", "daily", DAILY)),
                snap(
                        "exclude[0]",
                        "not below tank/data",
                        PeriodicSnapshotTask.of("snap", "tank/data", SCHEMA, DAILY)
                                .ofTree("tank/x")),
                snap(
                        "exclude",
                        "nothing below is taken",
                        new PeriodicSnapshotTask(
                                "snap",
                                "tank",
                                false,
                                List.of("tank/x"),
                                Optional.empty(),
                                SCHEMA,
                                DAILY,
                                true,
                                true,
                                SnapshotOptions.DEFAULTS)),
                snap(
                        "zlineage.include[0]",
                        "not left out",
                        PeriodicSnapshotTask.of("snap", "tank", SCHEMA, DAILY)
                                .ofTree("tank/x")
                                .with(SnapshotOptions.DEFAULTS.withInclude(List.of("tank/y")))),
                own("include", "nothing below is taken", SnapshotOptions.DEFAULTS.withInclude(List.of("tank/x"))),
                own("staleness", "no time at all", SnapshotOptions.DEFAULTS.withStaleness(Duration.ZERO)),
                own("before", "no absolute path", hooks(Optional.of("freeze"), Optional.empty(), 60)),
                own("after", "no absolute path", hooks(Optional.empty(), Optional.of("thaw"), 60)),
                own("hook-timeout", "no time at all", hooks(Optional.of("/bin/true"), Optional.empty(), 0)),
                property("why", "hourly", "whose names have a colon"),
                property("org.example:Why", "hourly", "a name has a-z"),
                property("org.example:" + "y".repeat(250), "hourly", "at most 255"),
                property("zlineage:destroy_at", "2030-01-01", "for what the program itself notes"),
                property("org.example:why", "y".repeat(8192), "at most 8191 bytes"));
    }

    private static SnapshotOptions hooks(Optional<String> before, Optional<String> after, long seconds) {
        return SnapshotOptions.DEFAULTS.withHooks(new HookPrograms(before, after, Duration.ofSeconds(seconds), false));
    }

    private static Arguments own(String field, String rule, SnapshotOptions options) {
        return snap(
                "zlineage." + field,
                rule,
                PeriodicSnapshotTask.of("snap", "tank/data", SCHEMA, DAILY).with(options));
    }

    private static Arguments property(String name, String value, String rule) {
        return snap(
                "zlineage.properties." + name,
                rule,
                PeriodicSnapshotTask.of("snap", "tank/data", SCHEMA, DAILY).withProperties(Map.of(name, value)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("rules")
    void oneChangeMakesOneProblem(String path, String rule, Definition definition) {
        assertThat(definition.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.toString()).contains(rule);
            assertThat(problem.wayOut()).isNotBlank();
        });
    }

    @Test
    void goodTasksHaveNone() {
        assertThat(definition(push().build(), SNAP).problems()).isEmpty();
        assertThat(definition(pull().build(), SNAP).problems()).isEmpty();
        assertThat(definition(pull().snapshots(regex("daily-.*")).build(), SNAP).problems())
                .isEmpty();
        assertThat(definition(push().recursive("tank/data/tmp*").build(), SNAP).problems())
                .as("a wider exclusion covers a narrower one")
                .isEmpty();
    }

    @Test
    void oneBadTaskStopsNoOther() {
        ReplicationTask bad = push().attempts(0).build();
        ReplicationTask good = ReplicationTask.of("good", Direction.PUSH, LOCAL, List.of("tank/data"), "backup/other")
                .recursive("tank/data/tmp")
                .snapshots(bound("snap"))
                .build();
        Definition definition =
                new Definition(ZoneOffset.UTC, Optional.of(0), false, List.of(SNAP), List.of(bad, good));

        assertThat(definition.problems()).hasSize(2);
        assertThat(definition.good().replicationTasks()).containsExactly(good);
        assertThat(definition.good().problems()).isEmpty();
    }

    private static ReplicationTask after(String id, String... others) {
        return ReplicationTask.of(id, Direction.PUSH, LOCAL, List.of("tank/data"), "backup/" + id)
                .recursive("tank/data/tmp")
                .snapshots(bound("snap"))
                .auto()
                .own(OwnOptions.DEFAULTS.withAfter(List.of(others)))
                .build();
    }

    private static Definition chain(ReplicationTask... tasks) {
        return new Definition(ZoneOffset.UTC, Optional.empty(), false, List.of(SNAP), List.of(tasks));
    }

    @Test
    void aCircleIsNamed() {
        assertThat(chain(after("a"), after("b", "a"), after("c", "b", "a")).problems())
                .isEmpty();
        assertThat(chain(after("a", "c", "d"), after("b", "a"), after("c", "b"), after("d"))
                        .problems())
                .extracting(Problem::path, Problem::rule)
                .containsExactly(
                        tuple(
                                "replication-tasks.a.zlineage.after[0]",
                                "the tasks would wait for each other: a after c after b after a"),
                        tuple(
                                "replication-tasks.b.zlineage.after[0]",
                                "the tasks would wait for each other: b after a after c after b"),
                        tuple(
                                "replication-tasks.c.zlineage.after[0]",
                                "the tasks would wait for each other: c after b after a after c"));
        assertThat(chain(after("a", "a", "b", "b"), after("b")).problems())
                .extracting(Problem::rule)
                .containsExactly("the tasks would wait for each other: a after a", "it is there twice");
    }

    @Test
    void whatRunsAfterOthersHasNoTimeOfItsOwn() {
        OwnOptions own = OwnOptions.DEFAULTS.withAfter(List.of("a"));
        ReplicationTask.Builder task = ReplicationTask.of("b", Direction.PUSH, LOCAL, List.of("tank/data"), "backup/b")
                .recursive("tank/data/tmp")
                .snapshots(bound("snap"))
                .own(own);

        assertThat(chain(after("a"), task.build()).problems())
                .extracting(Problem::path, Problem::rule)
                .containsExactly(tuple("replication-tasks.b.zlineage.after", "the task does not run by itself"));
        assertThat(chain(after("a"), task.auto().schedule(DAILY).build()).problems())
                .extracting(Problem::path, Problem::rule)
                .containsExactly(tuple("replication-tasks.b.zlineage.after", "a schedule says when it runs"));
    }

    @Test
    void whatRunsAfterABadTaskIsNoGoodEither() {
        assertThat(chain(after("a", "none"), after("b", "a"), after("c", "b"), after("d"))
                        .good()
                        .replicationTasks())
                .extracting(ReplicationTask::id)
                .containsExactly("d");
    }

    @Test
    void twoTasksOfOneNameAreToldApart() {
        ReplicationTask task = push().build();

        assertThat(new Definition(ZoneOffset.UTC, Optional.empty(), false, List.of(SNAP, SNAP), List.of(task, task))
                        .problems())
                .extracting(Problem::path)
                .containsExactly("periodic-snapshot-tasks.snap", "replication-tasks.t");
    }

    @Test
    void aKeyIsNeverShown() {
        String secret = "s3cret-s3cret";
        ReplicationTask task =
                push().encryption(key(false, secret, KeyFormat.HEX, "/k")).build();

        assertThat(task.toString()).doesNotContain(secret);
        assertThat(task.problems().toString()).contains("encryption.key").doesNotContain(secret);
    }
}
