// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.select.StreamForm;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.Problem;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.StreamChoice;
import dev.zlineage.scheduler.task.TargetEncryption;
import dev.zlineage.scheduler.task.TargetRetention;
import dev.zlineage.scheduler.task.TaskTransport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TaskRequestsTest {

    private static final CronSchedule DAILY = CronSchedule.of("0 0 * * *");
    private static final PeriodicSnapshotTask SNAP = PeriodicSnapshotTask.of(
                    "snap", "tank", "auto-%Y-%m-%d_%H-%M", DAILY)
            .ofTree();
    private static final StreamChoice PLAIN = streams(false, false, false, null, null);

    private static StreamChoice streams(
            boolean properties, boolean full, boolean embedded, StreamChoice.Compression program, Long limit) {
        return new StreamChoice(
                properties,
                List.of(),
                Map.of(),
                full,
                true,
                embedded,
                true,
                false,
                Optional.ofNullable(program),
                Optional.ofNullable(limit));
    }

    private static ReplicationTask.Builder task(String... sources) {
        return ReplicationTask.of("t", Direction.PUSH, new TaskTransport.Local(), List.of(sources), "backup/t")
                .snapshots(choice(List.of("snap"), List.of(), null, false))
                .streams(PLAIN);
    }

    private static SnapshotChoice choice(
            List<String> bound, List<String> also, CronSchedule restrict, boolean onlyMatching) {
        return new SnapshotChoice(
                bound, List.of(), also, Optional.empty(), Optional.ofNullable(restrict), onlyMatching);
    }

    private static SnapshotChoice regex(String regex, CronSchedule restrict) {
        return new SnapshotChoice(
                List.of(), List.of(), List.of(), Optional.of(regex), Optional.ofNullable(restrict), false);
    }

    private static TaskRequests map(ReplicationTask task) {
        return map(task, SNAP);
    }

    private static TaskRequests map(ReplicationTask task, PeriodicSnapshotTask snapshots) {
        return TaskRequests.of(
                task,
                new Definition(ZoneId.of("Europe/Berlin"), Optional.empty(), false, List.of(snapshots), List.of(task)));
    }

    private static List<ReplicationRequest> good(ReplicationTask.Builder task) {
        TaskRequests requests = map(task.build());
        assertThat(requests.refusals()).isEmpty();
        return requests.requests();
    }

    private static List<String> selected(ReplicationTask.Builder task, String history) {
        History all = History.parse(history);
        SnapshotSelection selection = good(task).get(0).snapshots();
        return selection.in(all).stream().mapToObj(all::label).toList();
    }

    @Test
    void oneRequestForEachSourceWithItsOwnExcludes() {
        List<ReplicationRequest> requests = good(task("tank/b/c", "tank/a")
                .recursive("tank/a/tmp", "tank/b/c/*/cache")
                .fromScratch(true)
                .mount(false)
                .readonly(ReadonlyPolicy.SET)
                .streams(streams(false, false, false, null, 4096L)));

        assertThat(requests)
                .extracting(r -> r.source() + " " + r.target() + " " + r.exclude())
                .containsExactly("tank/a backup/t/a [tank/a/tmp]", "tank/b/c backup/t/b/c [tank/b/c/*/cache]");
        assertThat(requests).allSatisfy(request -> {
            assertThat(request.recursive()).isTrue();
            assertThat(request.divergence()).isEqualTo(DivergencePolicy.START_OVER_UNRELATED);
            assertThat(request.mount()).isFalse();
            assertThat(request.readonly()).isEqualTo(ReadonlyPolicy.SET);
            assertThat(request.bytesPerSecond()).contains(4096L);
        });
    }

    @Test
    void aSourceGoesToTheTargetThatIsNamedForIt() {
        assertThat(good(task("tank/a", "tank/b", "tank/c")
                        .own(OwnOptions.DEFAULTS.withTargets(Map.of("tank/a", "one/x", "tank/b", "two")))))
                .extracting(r -> r.source() + " " + r.target())
                .containsExactly("tank/a one/x", "tank/b two", "tank/c backup/t/c");
    }

    /** Of a source that lies in another one: it goes along with that and to its own. */
    @Test
    void aSourceWithinAnotherGoesToItsOwnTargetToo() {
        assertThat(good(task("tank/a", "tank/a/b")
                        .recursive()
                        .own(OwnOptions.DEFAULTS.withTargets(Map.of("tank/a/b", "two/b")))))
                .extracting(r -> r.source() + " " + r.target())
                .containsExactly("tank/a backup/t", "tank/a/b two/b");
        assertThat(good(task("tank/a", "tank/a/b")
                        .recursive()
                        .own(OwnOptions.DEFAULTS.withTargets(Map.of("tank/a", "one", "tank/a/b", "one/b")))))
                .hasSize(1);
    }

    @Test
    void eachSourceHasWhatIsTakenInAgainBelowIt() {
        List<ReplicationRequest> requests = good(task("tank/b", "tank/a", "tank/a/own")
                .recursive("tank/a/tmp", "tank/a/own", "tank/b/*")
                .own(OwnOptions.DEFAULTS.withInclude(List.of("tank/a/tmp/keep", "tank/a/own/deep", "tank/b/x"))));

        assertThat(requests)
                .extracting(r -> r.source() + " " + r.exclude())
                .containsExactly(
                        "tank/a [tank/a/tmp, tank/a/own] without [tank/a/tmp/keep, tank/a/own/deep]",
                        "tank/a/own []",
                        "tank/b [tank/b/*] without [tank/b/x]");
    }

    /** As a name does that lies in both. What is about the source itself concerns only the one above. */
    @Test
    void aGlobOfTheSourceAboveHoldsForTheOneWithinItToo() {
        assertThat(good(task("tank", "tank/a")
                        .recursive("tank/*/tmp", "tank/a*", "tank/a/x")
                        .own(OwnOptions.DEFAULTS
                                .withTargets(Map.of("tank/a", "other/a"))
                                .withInclude(List.of("tank/?/tmp/keep")))))
                .extracting(r -> r.source() + " " + r.exclude())
                .containsExactly(
                        "tank [tank/*/tmp, tank/a*, tank/a/x] without [tank/?/tmp/keep]",
                        "tank/a [tank/*/tmp, tank/a/x] without [tank/?/tmp/keep]");
    }

    /** Otherwise something empty would have to be created in its place first. */
    @Test
    void whatLiesInTheTargetOfAnotherComesAfterThat() {
        assertThat(good(task("tank/a", "tank/b", "tank/c")
                        .recursive("tank/c/x")
                        .own(OwnOptions.DEFAULTS.withTargets(
                                Map.of("tank/a", "one/x/y", "tank/b", "two", "tank/c", "one")))))
                .extracting(r -> r.source() + " " + r.target())
                .containsExactly("tank/c one", "tank/a one/x/y", "tank/b two");
    }

    @Test
    void theDefaultsOfTheFormat() {
        assertThat(good(task("tank/a"))).singleElement().satisfies(request -> {
            assertThat(request.target()).hasToString("backup/t");
            assertThat(request.recursive()).isFalse();
            assertThat(request.divergence()).isEqualTo(DivergencePolicy.REFUSE);
            assertThat(request.mount()).isTrue();
            assertThat(request.onlyNew()).isFalse();
            assertThat(request.readonly()).isEqualTo(ReadonlyPolicy.IGNORE);
            assertThat(request.encryption()).isEqualTo(new EncryptionChoice.AsItComes());
        });
    }

    /** Unless it is left out of that one. */
    @Test
    void aSourceWithinAnotherGoesWithIt() {
        assertThat(good(task("tank/a", "tank/a/b").recursive())).singleElement();
        assertThat(good(task("tank/a", "tank/a/b"))).hasSize(2);
        assertThat(good(task("tank/a", "tank/a/b").recursive("tank/a/b"))).hasSize(2);
    }

    @Test
    void snapshotsByTheSchemasOfTheBoundTasksAndThoseThatAreIncluded() {
        String history = "@auto-2026-01-01_00-00 @manual @weekly-2026-01-02_05-00";
        assertThat(selected(task("tank/a"), history)).containsExactly("auto-2026-01-01_00-00");
        assertThat(selected(
                        task("tank/a")
                                .snapshots(choice(List.of("snap"), List.of("weekly-%Y-%m-%d_%H-%M"), null, false)),
                        history))
                .containsExactly("auto-2026-01-01_00-00", "weekly-2026-01-02_05-00");
        assertThat(selected(task("tank/a").snapshots(regex("man.*", null)), history))
                .containsExactly("manual");
    }

    @Test
    void bothSchedulesHaveToMatchTheTimeInTheName() {
        String history = "@auto-2026-01-01_00-00 @auto-2026-01-01_12-00 @auto-2026-01-05_00-00";
        CronSchedule mondays = CronSchedule.of("* * * * mon");
        assertThat(selected(task("tank/a").snapshots(choice(List.of("snap"), List.of(), mondays, false)), history))
                .containsExactly("auto-2026-01-05_00-00");
        assertThat(selected(
                        task("tank/a").auto().schedule(DAILY).snapshots(choice(List.of("snap"), List.of(), null, true)),
                        history))
                .containsExactly("auto-2026-01-01_00-00", "auto-2026-01-05_00-00");
        assertThat(selected(
                        task("tank/a")
                                .auto()
                                .schedule(CronSchedule.of("0 12 * * *"))
                                .snapshots(choice(List.of("snap"), List.of(), mondays, true)),
                        history))
                .isEmpty();
    }

    @Test
    void w6AnExpressionIsRestrictedByTheTimeOfTheSnapshotItself() {
        long midnight = LocalDateTime.of(2026, 1, 1, 0, 0)
                .atZone(ZoneId.of("Europe/Berlin"))
                .toEpochSecond();
        long midnightInUtc = LocalDateTime.of(2026, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
        assertThat(selected(task("tank/a").snapshots(regex("m.*", DAILY)), "@m1~" + midnight + " @m2~" + midnightInUtc))
                .containsExactly("m1");
    }

    @Test
    void aFullFilesystemIsAllOfItWithPropertiesAndClones() {
        ReplicationTask.Builder whole = task("tank/a")
                .recursive()
                .streams(streams(true, true, false, null, null))
                .retention(new TargetRetention(TargetRetention.Policy.SOURCE, Optional.empty(), Map.of()));

        ReplicationRequest request = good(whole).get(0);

        assertThat(request.recursive()).isTrue();
        assertThat(request.keepClones()).isTrue();
        assertThat(request.properties().send()).isTrue();
        assertThat(selected(whole, "@auto-2026-01-01_00-00 @by-hand @auto-2026-01-02_00-00"))
                .hasSize(3);
    }

    static Stream<Arguments> notThere() {
        return Stream.of(
                row("properties-override", t -> t.streams(properties(List.of(), Map.of("volsize", "1G")))),
                row("properties-exclude", t -> t.streams(properties(List.of("no name"), Map.of()))),
                row("speed-limit", t -> t.streams(streams(false, false, false, null, 1000L))));
    }

    private static TargetEncryption ownKey(String location) {
        return new TargetEncryption(
                false,
                Optional.of(new Secret("0".repeat(64).getBytes(StandardCharsets.US_ASCII))),
                Optional.of(KeyFormat.HEX),
                Optional.of(location));
    }

    private static StreamChoice properties(List<String> exclude, Map<String, String> override) {
        return new StreamChoice(
                true, exclude, override, false, true, true, false, false, Optional.empty(), Optional.empty());
    }

    @Test
    void theFormOfStreamsAndTheirProperties() {
        assertThat(good(task("tank/a")
                        .onlyFromScratch(true)
                        .readonly(ReadonlyPolicy.REQUIRE)
                        .streams(properties(List.of("atime"), Map.of("compression", "zstd")))))
                .singleElement()
                .satisfies(request -> {
                    assertThat(request.onlyNew()).isTrue();
                    assertThat(request.readonly()).isEqualTo(ReadonlyPolicy.REQUIRE);
                    assertThat(request.form()).isEqualTo(new StreamForm(true, false, true));
                    assertThat(request.properties())
                            .isEqualTo(new PropertyChoice(true, Set.of("atime"), Map.of("compression", "zstd")));
                });
    }

    @Test
    void howNewTargetsAreEncrypted() {
        assertThat(good(task("tank/a").encryption(TargetEncryption.INHERIT))
                        .get(0)
                        .encryption())
                .isEqualTo(new EncryptionChoice.Inherited());
        assertThat(good(task("tank/a", "tank/b").encryption(ownKey("/root/key"))))
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.encryption())
                        .isInstanceOfSatisfying(
                                EncryptionChoice.OwnKey.class,
                                own -> assertThat(own.path()).contains("/root/key")));
        assertThat(good(task("tank/a").encryption(ownKey("$TrueNAS")))
                        .get(0)
                        .encryption()
                        .handsOver())
                .isTrue();
    }

    private static Arguments row(String field, UnaryOperator<ReplicationTask.Builder> change) {
        return Arguments.of(field, change);
    }

    /** The task keeps its requests: nobody may destroy what it goes on from. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("notThere")
    void whatTheEngineCanNotDoIsRefused(String field, UnaryOperator<ReplicationTask.Builder> change) {
        TaskRequests requests = map(change.apply(task("tank/a", "tank/b")).build());

        assertThat(requests.refusals())
                .filteredOn(problem -> problem.path().equals("replication-tasks.t." + field))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.value()).isNotBlank();
                    assertThat(problem.rule()).isNotBlank();
                    assertThat(problem.wayOut()).isNotBlank();
                });
        assertThat(requests.requests()).hasSize(2);
    }

    @Test
    void whatIsOursAlone() {
        OwnOptions own = OwnOptions.DEFAULTS
                .withParallel(9)
                .withOnDivergence(DivergencePolicy.SET_ASIDE)
                .withTrustBookmarks(true)
                .withIgnoreRoom(true)
                .withClones(false);

        assertThat(good(task("tank/a").own(own))).singleElement().satisfies(request -> {
            assertThat(request.parallelism()).isEqualTo(9);
            assertThat(request.divergence()).isEqualTo(DivergencePolicy.SET_ASIDE);
            assertThat(request.trustBookmarks()).isTrue();
            assertThat(request.ignoreRoom()).isTrue();
            assertThat(request.keepClones()).isFalse();
        });
        assertThat(good(task("tank/a"))).singleElement().satisfies(request -> {
            ReplicationRequest plain =
                    ReplicationRequest.of("tank/a", "backup/t").build();
            assertThat(request.parallelism()).isEqualTo(plain.parallelism());
            assertThat(request.divergence()).isEqualTo(plain.divergence());
            assertThat(request.trustBookmarks()).isFalse();
            assertThat(request.ignoreRoom()).isFalse();
            assertThat(request.keepClones()).isTrue();
        });
    }

    @Test
    void aDefinitionSaysAllThatIsLeftOut() {
        assertThat(good(task("tank").recursive()))
                .singleElement()
                .matches(request -> request.includes(DatasetName.of("tank/.system")));
    }

    @Test
    void aUserPropertyTakesThePlaceOfNames() {
        assertThat(good(task("tank/a")
                        .snapshots(SnapshotChoice.NONE)
                        .own(OwnOptions.DEFAULTS.withTagged("org.example:keep=yes"))))
                .singleElement()
                .extracting(ReplicationRequest::snapshots)
                .isEqualTo(new SnapshotSelection.Tagged("org.example:keep", Optional.of("yes")));
    }

    /** A definition that has one still runs; the stream is the same without. */
    @Test
    void programsHaveNoEffect() {
        ReplicationTask.Builder task = ReplicationTask.of(
                        "t",
                        Direction.PUSH,
                        new TaskTransport.Ssh(
                                "nas",
                                22,
                                "root",
                                Optional.empty(),
                                List.of("ssh-ed25519 AAAA"),
                                Duration.ofSeconds(10),
                                false,
                                Optional.empty()),
                        List.of("tank/a"),
                        "backup/t")
                .snapshots(choice(List.of("snap"), List.of(), null, false));

        assertThat(good(task.streams(streams(false, false, true, StreamChoice.Compression.LZ4, null))))
                .isEqualTo(good(task.streams(streams(false, false, true, null, null))));
    }

    @Test
    void aTaskWithProblemsIsRefusedWithThem() {
        assertThat(map(task("tank/a").attempts(0).build()).refusals())
                .extracting(Problem::path)
                .containsExactly("replication-tasks.t.retries");
    }

    @Test
    void aBoundTaskWithProblemsIsAReasonToo() {
        PeriodicSnapshotTask bad = PeriodicSnapshotTask.of("snap", "tank", "auto-%Y", DAILY);

        assertThat(map(task("tank/a").build(), bad).refusals()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("replication-tasks.t.periodic-snapshot-tasks");
            assertThat(problem.wayOut()).isEqualTo("correct periodic-snapshot-tasks.snap.naming-schema");
        });
    }

    @Test
    void aNameThatBecomesTooLong() {
        String deep = "d".repeat(200);
        TaskRequests requests =
                map(task("tank/" + deep, "dozer/" + deep + "/" + "e".repeat(40)).build());

        assertThat(requests.refusals()).extracting(Problem::path).containsExactly("replication-tasks.t.target-dataset");
    }
}
