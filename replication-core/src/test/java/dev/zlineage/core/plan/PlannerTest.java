// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.memory.Glance;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.SendStream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {

    private static ReplicationPlan plan(Seen seen, UnaryOperator<ReplicationRequest.Builder> change) {
        return Planner.plan(
                change.apply(ReplicationRequest.of("tank/data", "backup/data")).build(), seen.now());
    }

    private static ReplicationPlan plan(Seen seen) {
        return plan(seen, b -> b.recursive(true));
    }

    private static Seen pools() {
        return new Seen().target("backup", "");
    }

    private static DatasetPlan only(ReplicationPlan plan) {
        assertThat(plan.datasets()).hasSize(1);
        return plan.datasets().get(0);
    }

    private static List<String> streams(ReplicationPlan plan) {
        return plan.toString()
                .lines()
                .map(String::strip)
                .filter(l -> l.startsWith("full") || l.startsWith("increment") || l.startsWith("series"))
                .map(l -> l.replaceAll(" +", " "))
                .toList();
    }

    private static Decision.Reason refusal(ReplicationPlan plan) {
        DatasetPlan dataset = only(plan);
        assertThat(dataset.sends()).isFalse();
        assertThat(dataset.bookmark()).isEmpty();
        assertThat(dataset.decision()).isInstanceOf(Decision.Refuse.class);
        return ((Decision.Refuse) dataset.decision()).reason();
    }

    /** source | target | streams */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@a          | ''    | full @a",
                "@a @b @c    | ''    | full @a; series @a -> @c, 2 snapshots: @b @c",
                "@a @b       | @a    | increment @a -> @b",
                "@a @b @c    | @a    | series @a -> @c, 2 snapshots: @b @c",
                "#a @b       | @a    | increment #a -> @b",
                "#a @b @c @d | @a    | increment #a -> @b; series @b -> @d, 2 snapshots: @c @d",
            })
    void theStreams(String source, String target, String expected) {
        Seen seen = pools().source("tank/data", source);
        if (!target.isEmpty()) {
            seen.target("backup/data", target);
        }
        assertThat(String.join("; ", streams(plan(seen)))).isEqualTo(expected);
    }

    @Test
    void aSelectionLeavesSnapshotsOut() {
        Seen seen = pools().source("tank/data", "@d1 @h1 @d2 @d3 @h2").target("backup/data", "@d1");

        ReplicationPlan plan = plan(seen, b -> b.snapshotsMatching("d.*"));

        assertThat(streams(plan)).containsExactly("increment @d1 -> @d2", "increment @d2 -> @d3");
        assertThat(only(plan).fates().count(Fate.OTHER_NAME)).isEqualTo(2);
        assertThat(plan.toString()).contains("leaves out 2 snapshots by name");
        assertThat(streams(plan(seen, b -> b.newestSnapshotOnly()))).containsExactly("increment @d1 -> @h2");
    }

    @Test
    void everySnapshotHasItsFate() {
        Seen seen =
                pools().source("tank/data", "@d1 @d2 @h1 @d3 #d3 @h2 @d4 @d5").target("backup/data", "@d1 @d3");

        ReplicationPlan plan = plan(seen, b -> b.snapshotsMatching("d.*"));

        assertThat(only(plan).fates().runs())
                .containsExactly(
                        new Fates.Run(Fate.THERE, "d1", "d1", 1),
                        new Fates.Run(Fate.GAP, "d2", "d2", 1),
                        new Fates.Run(Fate.OTHER_NAME, "h1", "h1", 1),
                        new Fates.Run(Fate.THERE, "d3", "d3", 1),
                        new Fates.Run(Fate.OTHER_NAME, "h2", "h2", 1),
                        new Fates.Run(Fate.SENT, "d4", "d5", 2));
        assertThat(plan.explained().lines().map(String::strip))
                .containsSubsequence(
                        "@d1: there already",
                        "@d2: can't be sent any more: it is older than what the target holds",
                        "@h1: left out by its name",
                        "@d4: sent",
                        "@d5: sent");
        assertThat(plan.toString()).doesNotContain("@h1");
        assertThat(plan.toJson())
                .containsIgnoringWhitespaces("{\"fate\": \"sent\", \"first\": \"d4\", \"last\": \"d5\", \"count\": 2}");
    }

    @Test
    void aGapIsToldOnceAndNamed() {
        Seen seen = pools().source("tank/data", "@a @b @c @d @e").target("backup/data", "@a @d @e");

        ReplicationPlan plan = plan(seen);

        assertThat(only(plan).decision()).isInstanceOf(Decision.UpToDate.class);
        assertThat(plan.warnings())
                .containsExactly("2 snapshots of tank/data that are selected, @b to @c, are missing on backup/data and"
                        + " older than what that holds; they can't be sent any more");
        assertThat(plan.toJson()).containsIgnoringWhitespaces("\"gaps\": [\"b\", \"c\"]");
        assertThat(plan(seen, b -> b.newestSnapshotOnly()).warnings()).isEmpty();
        assertThat(plan(seen, b -> b.snapshotsMatching("[ade]")).warnings()).isEmpty();
        assertThat(plan(seen, b -> b.snapshotsMatching("b")).warnings())
                .singleElement()
                .asString()
                .startsWith("1 snapshot of tank/data");
    }

    @Test
    void whatARefusedDatasetWouldGetIsNoGap() {
        ReplicationPlan plan =
                plan(pools().source("tank/data", "@a @b @c").target("backup/data", "@b", SeenDataset::written));

        assertThat(only(plan).fates().runs())
                .containsExactly(
                        new Fates.Run(Fate.REFUSED, "a", "a", 1),
                        new Fates.Run(Fate.THERE, "b", "b", 1),
                        new Fates.Run(Fate.REFUSED, "c", "c", 1));
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void aSnapshotIsThereByGuidAndNotByName() {
        ReplicationPlan plan =
                plan(pools().source("tank/data", "@a=1 @new=2 @c").target("backup/data", "@old=2"));

        assertThat(only(plan).fates().count(Fate.THERE)).isEqualTo(1);
        assertThat(only(plan).fates().places(Fate.GAP).stream()).containsExactly(0);
    }

    @Test
    void newTargetsAreReadOnlyAndNotMounted() {
        ReplicationPlan plan =
                plan(pools().source("tank/data", "@a").source("tank/data/vol", "@a", SeenDataset::volume));

        assertThat(plan.datasets().get(0).streams().get(0).receive()).satisfies(receive -> {
            assertThat(receive.set())
                    .containsOnlyKeys("readonly", StreamMark.PROPERTY)
                    .containsEntry("readonly", "on");
            assertThat(receive.mount()).isFalse();
            assertThat(receive.overwriteEmpty()).isFalse();
        });
        assertThat(plan.datasets().get(1).streams().get(0).receive().set())
                .containsOnlyKeys("readonly", "volmode", StreamMark.PROPERTY)
                .containsEntry("volmode", "none");
    }

    @Test
    void anEmptyTargetIsReplacedAndOneThatMayHoldDataIsNot() {
        assertThat(only(plan(pools().source("tank/data", "@a").empty("backup/data")))
                        .streams()
                        .get(0)
                        .receive()
                        .overwriteEmpty())
                .isTrue();
        assertThat(refusal(plan(pools().source("tank/data", "@a").target("backup/data", ""))))
                .isEqualTo(Decision.Reason.TARGET_HOLDS_DATA);
    }

    @Test
    void whatCannotFitIsNotBegun() {
        Seen seen = new Seen()
                .target("backup", "", d -> d.space(0, 0, 1000))
                .source("tank/data", "@a", d -> d.space(600, 0, 0))
                .source("tank/data/b", "@a", d -> d.space(600, 0, 0))
                .source("tank/data/c", "@a", d -> d.space(1500, 1200, 0));

        ReplicationPlan plan = plan(seen);

        assertThat(plan.datasets()).extracting(DatasetPlan::sends).containsExactly(true, false, true);
        assertThat(((Decision.Refuse) plan.datasets().get(1).decision()).reason())
                .isEqualTo(Decision.Reason.NO_ROOM);
        assertThat(plan.datasets().get(1).decision().why()).contains("600", "backup has 1000 left");
        assertThat(plan(seen, b -> b.recursive(true).ignoreRoom(true)).datasets())
                .allMatch(DatasetPlan::sends);
    }

    @Test
    void roomIsJudgedWhereTheListingTellsTheSize() {
        Seen full = new Seen().target("backup", "", d -> d.space(0, 0, 100));
        assertThat(refusal(plan(full.source("tank/data", "@a @b", d -> d.space(101, 0, 0)))))
                .isEqualTo(Decision.Reason.NO_ROOM);
        assertThat(only(plan(full, b -> b.snapshotsMatching("a"))).sends()).isTrue();
        assertThat(only(plan(full.source("tank/data", "@a @b", d -> d.space(150, 100, 0))))
                        .sends())
                .isTrue();
        assertThat(refusal(plan(full, b -> b.takeSnapshot("c")))).isEqualTo(Decision.Reason.NO_ROOM);
        assertThat(only(plan(full.target("backup/data", "@a"))).sends()).isTrue();
    }

    @Test
    void whatIsRefused() {
        assertThat(refusal(plan(pools().source("tank/data", "@a").target("backup/data", "@x"))))
                .isEqualTo(Decision.Reason.UNRELATED);
        assertThat(refusal(plan(pools().source("tank/data", "@a @b=1").target("backup/data", "@a @b=2"))))
                .isEqualTo(Decision.Reason.NAME_CLASH);
        assertThat(refusal(
                        plan(pools().source("tank/data", "@a @b").target("backup/data", "@a", SeenDataset::written))))
                .isEqualTo(Decision.Reason.DIVERGED);
        assertThat(refusal(plan(pools().source("tank/data", "@a").target("backup/data", "@a", SeenDataset::written))))
                .isEqualTo(Decision.Reason.TARGET_WRITTEN);
        assertThat(refusal(plan(pools().source("tank/data", "@a").target("backup/data", "@a", SeenDataset::volume))))
                .isEqualTo(Decision.Reason.KIND_MISMATCH);
        assertThat(refusal(
                        plan(pools().source("tank/data", "@a @b").target("backup/data", "@a", SeenDataset::partial))))
                .isEqualTo(Decision.Reason.PARTIAL_RECEIVE);
        assertThat(refusal(plan(pools().source("tank/data", "@a")
                        .source("tank/data", "#a @b", SeenDataset::readonly)
                        .target("backup/data", "@a"))))
                .isEqualTo(Decision.Reason.BOOKMARK_OF_REPLICA);
    }

    @Test
    void aTargetOfItsOwnHarmlessSnapshotsIsToleratedOnRequest() {
        Seen seen = pools().source("tank/data", "@a @b")
                .target("backup/data", "@a @own")
                .unwritten("backup/data@own");

        assertThat(refusal(plan(seen))).isEqualTo(Decision.Reason.TARGET_AHEAD);
        assertThat(streams(plan(seen, b -> b.onDivergence(DivergencePolicy.TOLERATE_HARMLESS))))
                .containsExactly("increment @a -> @b");
    }

    @Test
    void aTargetNameThatWouldPanicTheModuleIsRefusedInThePlan() {
        String child = "tank/data/" + "x".repeat(238);
        ReplicationPlan plan = plan(pools().source("tank/data", "@a").source(child, "@a"));

        assertThat(plan.datasets().get(1).decision())
                .isInstanceOfSatisfying(
                        Decision.Refuse.class,
                        r -> assertThat(r.reason()).isEqualTo(Decision.Reason.TARGET_NAME_TOO_LONG));
    }

    /** What is left out above it can't be created either, which is no reason to tell of that first. */
    @Test
    void aTargetNameThatIsTooLongIsRefusedAlsoBelowALockedParent() {
        String child = "tank/data/mid/" + "x".repeat(240);
        Observation seen = pools().source("tank/data", "@a")
                .source("tank/data/mid/y", "@a")
                .source(child, "@a")
                .target("backup/data", "@a", d -> d.encrypted("backup/data", false))
                .now();

        ReplicationPlan plan = Planner.plan(
                ReplicationRequest.of("tank/data", "backup/data")
                        .recursive(true)
                        .exclude(List.of("tank/data/mid"))
                        .include(List.of("tank/data/mid/*"))
                        .build(),
                new Observation(seen.source(), seen.target(), List.of(DatasetName.of("tank/data/mid")), Glance.NONE));

        assertThat(plan.datasets())
                .filteredOn(dataset -> dataset.decision() instanceof Decision.Refuse)
                .extracting(dataset -> ((Decision.Refuse) dataset.decision()).reason())
                .containsExactlyInAnyOrder(Decision.Reason.TARGET_NAME_TOO_LONG, Decision.Reason.ENCRYPTION);
    }

    @Test
    void oneRefusedDatasetDoesNotStopItsSiblings() {
        ReplicationPlan plan = plan(pools().source("tank/data", "@a")
                .source("tank/data/bad", "@a")
                .source("tank/data/bad/below", "@a")
                .source("tank/data/good", "@a")
                .target("backup/data", "@a")
                .target("backup/data/bad", "@x"));

        assertThat(plan.refused()).isEqualTo(1);
        assertThat(streams(plan)).containsExactly("full @a", "full @a");
    }

    @Test
    void missingParentsAreCreatedOnlyWhereSomethingIsSentBelow() {
        ReplicationPlan plan = Planner.plan(
                ReplicationRequest.of("tank/data", "backup/a/b").recursive(true).build(),
                pools().source("tank/data", "")
                        .source("tank/data/x", "@a")
                        .source("tank/data/y", "")
                        .now());

        assertThat(plan.parents()).extracting(p -> p.name().toString()).containsExactly("backup/a", "backup/a/b");
        assertThat(plan.parents())
                .allSatisfy(p -> assertThat(p.properties())
                        .containsEntry("canmount", "off")
                        .containsEntry("readonly", "on"));
        assertThat(streams(plan)).containsExactly("full @a");
    }

    @Test
    void overlapIsRefusedByIdentityNotByName() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> plan(
                        pools().source("tank/data", "@a", d -> d.guid(9)).target("backup/data", "@a", d -> d.guid(9))))
                .withMessageContaining("same dataset");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> plan(pools().source("tank/data", "@a", d -> d.guid(9))
                        .target("backup/data", "")
                        .target("backup/data/in", "@a", d -> d.guid(9))))
                .withMessageContaining("lies inside it");
    }

    @Test
    void encryptedDataIsSentRawUnlessTheTargetWasMadeOtherwise() {
        UnaryOperator<SeenDataset> locked = d -> d.encrypted("tank/data", false);
        assertThat(streams(plan(pools().source("tank/data", "@a", locked)))).containsExactly("full @a, raw");
        assertThat(refusal(plan(pools().source("tank/data", "@a @b", locked).target("backup/data", "@a"))))
                .isEqualTo(Decision.Reason.KEY_NOT_LOADED);
        assertThat(streams(plan(pools().source("tank/data", "@a @b", d -> d.encrypted("tank/data", true))
                        .target("backup/data", "@a", d -> d.encrypted("backup", true)))))
                .containsExactly("increment @a -> @b");
        assertThat(streams(plan(pools().source("tank/data", "@a @b", locked)
                        .target("backup/data", "@a", d -> d.encrypted("backup/data", false)))))
                .containsExactly("increment @a -> @b, raw");
    }

    @Test
    void whatIsSentIsBookmarkedUnderANameThatCarriesItsGuidAndTheDestination() {
        ReplicationPlan plan = plan(pools().source("tank/data", "@a=255"));

        String label = only(plan).bookmark().orElseThrow().bookmark().label();
        assertThat(label).matches("zl1-[a-z2-7]{8}-00000000000000ff").hasSizeLessThanOrEqualTo(30);
        assertThat(plan.holdTag()).isEqualTo(label.substring(0, 12));
        ReplicationPlan elsewhere = Planner.plan(
                ReplicationRequest.of("tank/data", "backup/other").build(),
                pools().source("tank/data", "@a=255").now());
        assertThat(elsewhere.holdTag()).isNotEqualTo(plan.holdTag());
    }

    @Test
    void aReplacedBookmarkIsDestroyedAndAForeignOneIsNot() {
        String mine = only(plan(pools().source("tank/data", "@a=255")))
                .bookmark()
                .orElseThrow()
                .bookmark()
                .label();
        Seen seen = pools().source("tank/data", "@a=255 #" + mine + "=255 #foreign=255 #" + mine + "x=255 @b")
                .target("backup/data", "@a=255");

        DatasetPlan dataset = only(plan(seen));

        assertThat(dataset.obsolete()).extracting(b -> b.label()).containsExactly(mine);
        assertThat(dataset.release()).extracting(s -> s.label()).containsExactly("a");
        assertThat(dataset.bookmark()).isPresent();
    }

    @Test
    void aBookmarkOfOursCountsOnlyWhenItsNameCarriesItsGuid() {
        String mine = only(plan(pools().source("tank/data", "@a=255")))
                .bookmark()
                .orElseThrow()
                .bookmark()
                .label();
        Seen seen = pools().source("tank/data", "@a=254 #" + mine + "=254 @b").target("backup/data", "@a=254");

        assertThat(only(plan(seen)).obsolete()).isEmpty();
    }

    @Test
    void aSecondPlanAfterTheRunHasNoWork() {
        String mine = only(plan(pools().source("tank/data", "@a=255")))
                .bookmark()
                .orElseThrow()
                .bookmark()
                .label();

        ReplicationPlan plan =
                plan(pools().source("tank/data", "@a=255 #" + mine + "=255").target("backup/data", "@a=255"));

        assertThat(only(plan).decision()).isInstanceOf(Decision.UpToDate.class);
        assertThat(plan.hasWork()).isFalse();
    }

    @Test
    void aSnapshotToBeTakenIsPlannedWith() {
        Seen seen = pools().source("tank/data", "@a").source("tank/data/x", "").target("backup/data", "@a");

        ReplicationPlan plan = plan(seen, b -> b.recursive(true).takeSnapshot("now"));

        assertThat(plan.snapshot()).hasValueSatisfying(s -> assertThat(s).hasToString("tank/data@now"));
        assertThat(streams(plan)).containsExactly("increment @a -> @now", "full @now");
    }

    @Test
    void aSnapshotThatExistsCannotBeTaken() {
        Seen seen = pools().source("tank/data", "@a").source("tank/data/x", "@now");

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> plan(seen, b -> b.recursive(true).takeSnapshot("now")))
                .withMessageContaining("tank/data/x@now exists already");
    }

    @Test
    void nothingIsCreatedWhereNothingIsSent() {
        ReplicationPlan plan = Planner.plan(
                ReplicationRequest.of("tank/data", "backup/a/b").build(),
                pools().source("tank/data", "").now());

        assertThat(plan.parents()).isEmpty();
        assertThat(only(plan).decision()).isInstanceOf(Decision.Skip.class);
        assertThat(plan.hasWork()).isFalse();
    }

    @Test
    void equalInputsGiveEqualPlansAndTexts() {
        Seen seen = pools().source("tank/data", "@a @b @c #c")
                .source("tank/data/x", "@a")
                .target("backup/data", "@a");

        assertThat(plan(seen)).isEqualTo(plan(seen)).hasToString(plan(seen).toString());
        assertThat(plan(seen).toJson()).isEqualTo(plan(seen).toJson());
    }

    @Test
    void thePlanAsAReaderSeesIt() {
        Seen seen = pools().source("tank/data", "@a @b")
                .source("tank/data/new", "@b")
                .source("tank/data/odd", "@a @b")
                .target("backup/data", "@a")
                .target("backup/data/odd", "@z");

        assertThat(plan(seen).toString())
                .contains("3 datasets: 1 in full, 1 by increment, 1 refused; 2 snapshots to send")
                .contains("from @a, the newest that both know")
                .contains("in full, because the target does not exist")
                .contains("REFUSED, source and target have no snapshot in common; the target's newest is @z")
                .contains("way out: ")
                .contains("destroyed: nothing");
    }

    @Test
    void theSourceOfAStreamKeepsItsOwnNames() {
        ReplicationPlan plan = plan(pools().source("tank/data", "@new=7 @b").target("backup/data", "@old=7"));

        assertThat(only(plan).streams().get(0).send())
                .isInstanceOfSatisfying(
                        SendStream.Increment.class, i -> assertThat(i.base()).hasToString("tank/data@new"));
    }

    @Test
    void manyDatasetsAndManySnapshotsArePlannedInOneProcess() {
        assertThat(grown(10_000, 100)).isEqualTo(10_001);
        assertThat(grown(100, 10_000)).isEqualTo(101);
    }

    /** Every dataset has one snapshot more on the source than on the target. */
    private static int grown(int datasets, int snapshots) {
        History.Builder builder = new History.Builder();
        for (int i = 1; i < snapshots; i++) {
            builder.add(false, "s" + i, i, i);
        }
        String target = builder.build().toString();
        String source = builder.add(false, "s" + snapshots, snapshots, snapshots)
                .build()
                .toString();
        Seen seen = pools().source("tank/data", source).target("backup/data", target);
        for (int i = 0; i < datasets; i++) {
            seen.source("tank/data/d" + i, source).target("backup/data/d" + i, target);
        }
        ReplicationPlan plan = plan(seen);
        assertThat(plan.datasets()).allMatch(d -> d.streams().size() == 1);
        return plan.datasets().size();
    }
}
