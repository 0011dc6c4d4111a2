// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.Retention;
import dev.zlineage.core.retain.Claim;
import dev.zlineage.core.retain.LeftAlone;
import dev.zlineage.core.retain.Lifetime;
import dev.zlineage.core.retain.Link;
import dev.zlineage.core.retain.Owner;
import dev.zlineage.core.retain.RetentionPlan;
import dev.zlineage.core.retain.RetentionPolicy;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.retain.RetentionResult;
import dev.zlineage.core.retain.RetentionResult.Cause;
import dev.zlineage.core.retain.Tie;
import dev.zlineage.core.select.NamingSchemas;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.testkit.FakeZfs;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Retention through its door, on two hosts. */
class RetentionOnFakeTest extends TwoFakes {

    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");
    private static final Claim DAILY = new Claim.Named(NamingSchemas.strict("d-%Y-%m-%d_%H-%M"));
    private static final RetentionPolicy ONE_DAY = new RetentionPolicy.Lifetimes(Lifetime.parse("P1D"));
    private static final Tie COPIED = new Tie("task", Link.Role.RECEIVES, COPY, DATA, Optional.empty());

    private static RetentionRequest owned(Claim claim, RetentionPolicy policy) {
        return new RetentionRequest(List.of(new Owner("task", d -> true, claim, policy)), NOW, ZoneOffset.UTC)
                .withMaximumShare(1);
    }

    private static String day(int day) {
        return String.format("d-2026-03-%02d_00-00", day);
    }

    private void days(String dataset, int... days) {
        for (int day : days) {
            snapshot(nas, dataset + "@" + day(day));
        }
    }

    private static RetentionPlan planOf(Retention retention, RetentionRequest request, DatasetName root) {
        return retention.plan(request, List.of(root));
    }

    /** Two snapshots on both sides, and then two newer ones on the source alone. */
    private void replicated() throws InterruptedException {
        create(nas, "tank/data");
        days("tank/data", 1, 2);
        assertThat(run().success()).isTrue();
        days("tank/data", 3, 4);
    }

    @Test
    void previewAndRunAreOneAndASecondRunHasNothingToDo() {
        create(nas, "tank/data", "tank/data/a");
        days("tank/data", 1, 2, 9);
        snapshot(nas, "tank/data@foreign");
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, owned(DAILY, ONE_DAY), DATA);
        assertThat(plan.destroyed()).isEqualTo(4);

        RetentionResult result = retention.run(plan);

        assertThat(result.success()).isTrue();
        assertThat(result.destroyed()).isEqualTo(4);
        assertThat(labels(nas, "tank/data")).containsExactly(day(9), "foreign");
        assertThat(labels(nas, "tank/data/a")).containsExactly(day(9), "foreign");
        assertThat(planOf(retention, owned(DAILY, ONE_DAY), DATA).destroyed()).isZero();
    }

    @Test
    void w2TheBaseSurvivesOnBothSidesAndTheNextRunIsAnIncrement() throws InterruptedException {
        replicated();
        Retention target = Retention.on(vault).tied(COPIED, nas);
        target.run(planOf(target, owned(DAILY, ONE_DAY).forRoom(), COPY));
        assertThat(labels(vault, "backup/data")).containsExactly(day(2));

        Retention source =
                Retention.on(nas).tied(new Tie("task", Link.Role.SENDS, DATA, COPY, Optional.empty()), vault);
        source.run(planOf(source, owned(DAILY, ONE_DAY), DATA));
        assertThat(labels(nas, "tank/data")).containsExactly(day(2), day(4));

        assertThat(plan().toString()).contains("by increment");
        assertThat(run().success()).isTrue();
        assertThat(labels(vault, "backup/data")).containsExactly(day(2), day(4));
    }

    @Test
    void w3NothingGoesBeforeABaseIsProven() throws InterruptedException {
        replicated();
        destroy(nas, "tank/data", day(1));
        destroy(nas, "tank/data", day(2));
        nas.execute(new ZfsCommand.DestroyBookmark(
                        DATA.bookmark(history(nas, DATA).bookmarks().get(0).label())))
                .orThrow();
        Retention target = Retention.on(vault).tied(COPIED, nas);

        RetentionPlan plan =
                planOf(target, owned(DAILY, new RetentionPolicy.SameAsSource()).forRoom(), COPY);

        assertThat(target.run(plan).destroyed()).isZero();
        assertThat(plan.datasets().get(0).leftAlone().orElseThrow().reason()).isEqualTo(LeftAlone.Reason.NO_BASE);
        assertThat(labels(vault, "backup/data")).containsExactly(day(1), day(2));
    }

    @Test
    void w4ASourceThatVanishedDestroysNothing() throws InterruptedException {
        replicated();
        nas.execute(new ZfsCommand.DestroyDataset(DATA, Scope.SUBTREE)).orThrow();
        Retention target = Retention.on(vault).tied(COPIED, nas);
        for (RetentionPolicy policy : List.of(new RetentionPolicy.SameAsSource(), ONE_DAY)) {
            RetentionPlan plan = planOf(target, owned(DAILY, policy), COPY);
            assertThat(plan.destroyed()).isZero();
            assertThat(plan.datasets().get(0).leftAlone().orElseThrow().reason())
                    .isEqualTo(LeftAlone.Reason.SOURCE_MISSING);
        }
        create(nas, "tank/data");
        assertThat(planOf(target, owned(DAILY, ONE_DAY), COPY)
                        .datasets()
                        .get(0)
                        .leftAlone()
                        .orElseThrow()
                        .reason())
                .isEqualTo(LeftAlone.Reason.SOURCE_EMPTY);
        nas.failNext(c -> c instanceof ZfsCommand.ListHistories, ZfsFailure.Kind.HOST_UNREACHABLE);
        RetentionPlan unknown = planOf(target, owned(DAILY, new RetentionPolicy.SameAsSource()), COPY);
        assertThat(unknown.datasets().get(0).leftAlone().orElseThrow().reason())
                .isEqualTo(LeftAlone.Reason.OTHER_SIDE_UNKNOWN);
        assertThat(unknown.nothingToDo()).as("nobody knows").isFalse();
    }

    @Test
    void w4APoolThatIsNotImportedIsNoDatasetThatIsGone() throws InterruptedException {
        replicated();
        Zfs elsewhere =
                FakeZfs.builder().host("elsewhere").pool("other", 1L << 30).build();
        Retention source = Retention.on(nas)
                .tied(new Tie("task", Link.Role.SENDS, DATA, DatasetName.of("gone/data"), Optional.empty()), elsewhere);
        assertThat(planOf(source, owned(DAILY, ONE_DAY), DATA)
                        .datasets()
                        .get(0)
                        .leftAlone()
                        .orElseThrow()
                        .reason())
                .isEqualTo(LeftAlone.Reason.OTHER_SIDE_UNKNOWN);
    }

    @Test
    void w5ARegularExpressionLeavesOtherSnapshotsOfTheTargetAlone() throws InterruptedException {
        create(nas, "tank/data");
        snapshot(nas, "tank/data@mine-1");
        snapshot(nas, "tank/data@other");
        snapshot(nas, "tank/data@mine-2");
        assertThat(run().success()).isTrue();
        destroy(nas, "tank/data", "mine-1");
        destroy(nas, "tank/data", "other");
        Retention target = Retention.on(vault).tied(COPIED, nas);

        target.run(planOf(target, owned(new Claim.Matching("mine-.*"), new RetentionPolicy.SameAsSource()), COPY));

        assertThat(labels(vault, "backup/data")).containsExactly("other", "mine-2");
    }

    @Test
    void w8TheBaseOfAPullStaysWhileItRuns() throws InterruptedException {
        replicated();
        List<String> during = new ArrayList<>();
        Retention target = Retention.on(vault).tied(COPIED, nas);
        nas.beforeEachSend(s -> {
            target.run(planOf(target, owned(DAILY, ONE_DAY), COPY));
            during.addAll(labels(vault, "backup/data"));
        });
        assertThat(run().success()).isTrue();
        assertThat(during).contains(day(2)).doesNotContain(day(1));
        assertThat(labels(vault, "backup/data")).containsExactly(day(2), day(3), day(4));
    }

    @Test
    void w9ADisabledOwnerDestroysNothing() throws InterruptedException {
        replicated();
        Owner off = new Owner("task", false, d -> true, DAILY, Optional.empty(), ONE_DAY);
        Retention retention = Retention.on(nas);
        assertThat(planOf(retention, new RetentionRequest(List.of(off), NOW, ZoneOffset.UTC), DATA)
                        .datasets())
                .isEmpty();
    }

    @Test
    void aTermInAUserPropertyIsReadInOneListing() {
        create(nas, "tank/data", "tank/data/a");
        nas.execute(new ZfsCommand.SetProperties(DATA, Map.of("zlineage:destroy_at", "2020-01-01")))
                .orThrow();
        nas.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DATA.snapshot("mine")), Scope.SUBTREE, Map.of("zlineage:destroy_at", "2026-03-09")))
                .orThrow();
        snapshot(nas, "tank/data@new");
        nas.forgetLog();
        Retention retention = Retention.on(nas);

        RetentionPlan plan = planOf(
                retention, owned(new Claim.All(), new RetentionPolicy.ExpiryProperty("zlineage:destroy_at")), DATA);

        assertThat(nas.commandsRun()).hasSize(2);
        assertThat(retention.run(plan).destroyed()).isEqualTo(2);
        assertThat(labels(nas, "tank/data")).containsExactly("new");
    }

    private void many(int count) {
        for (int i = 0; i < count; i++) {
            snapshot(nas, String.format("tank/data@s%03d", i));
        }
    }

    private static RetentionRequest newest() {
        return owned(new Claim.All(), new RetentionPolicy.KeepNewest(1));
    }

    @Test
    void aBatchTakesOneListingAndOneCommandADataset() {
        create(nas, "tank/data", "tank/data/a", "tank/data/b");
        many(100);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        nas.forgetLog();
        assertThat(retention.run(plan).destroyed()).isEqualTo(297);
        assertThat(nas.count(ZfsCommand.ListHistories.class)).isEqualTo(1);
        assertThat(nas.count(ZfsCommand.DestroySnapshots.class)).isEqualTo(3);
        assertThat(nas.commandsRun()).hasSize(4);
    }

    @Test
    void heldAndClonedSnapshotsAreLeftAndReportedAndTheRestGoes() {
        create(nas, "tank/data", "tank/data/a");
        many(100);
        nas.execute(new ZfsCommand.Hold("mine", List.of(DATA.snapshot("s010"), DATA.snapshot("s020"))))
                .orThrow();
        nas.execute(new ZfsCommand.CloneSnapshot(DATA.snapshot("s030"), DatasetName.of("tank/clone"), Map.of()))
                .orThrow();
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        nas.forgetLog();

        RetentionResult result = retention.run(plan);

        assertThat(nas.commandsRun())
                .as("listing, 2 destroys, holds, clones, 1 destroy")
                .hasSize(6);
        assertThat(labels(nas, "tank/data")).containsExactly("s010", "s020", "s030", "s099");
        assertThat(labels(nas, "tank/data/a")).containsExactly("s099");
        assertThat(result.count(Cause.IN_USE)).isEqualTo(3);
        assertThat(result.success()).isTrue();
        assertThat(result.toString()).contains("tank/data@s010: not destroyed, it is held", "it has clones");
    }

    @Test
    void whatIsBusyIsFoundByHalves() {
        create(nas, "tank/data");
        many(65);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        nas.forgetLog();
        // the first two attempts and every one that has s017 in it
        for (int i = 0; i < 8; i++) {
            nas.failNext(
                    c -> c instanceof ZfsCommand.DestroySnapshots d
                            && d.labels().contains("s017"),
                    ZfsFailure.Kind.BUSY);
        }

        RetentionResult result = retention.run(plan);

        assertThat(labels(nas, "tank/data")).containsExactly("s017", "s064");
        assertThat(result.count(Cause.IN_USE)).isEqualTo(1);
        assertThat(nas.count(ZfsCommand.DestroySnapshots.class)).isLessThanOrEqualTo(2 + 24);
    }

    /** Both the one that is found alone and the words for those that are not. */
    @Test
    void whereAllAreBusyTheSearchEnds() {
        create(nas, "tank/data");
        many(65);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        nas.forgetLog();
        for (int i = 0; i < 200; i++) {
            nas.failNext(c -> c instanceof ZfsCommand.DestroySnapshots, ZfsFailure.Kind.BUSY);
        }

        RetentionResult result = retention.run(plan);

        assertThat(nas.count(ZfsCommand.DestroySnapshots.class)).isEqualTo(2 + 24);
        assertThat(result.count(Cause.IN_USE)).isEqualTo(64);
        assertThat(result.toString()).contains("it or one of 7 others: ");
        assertThat(labels(nas, "tank/data")).hasSize(65);
    }

    @Test
    void whatIsNotUnderstoodIsAFailureOfThatOneAlone() {
        create(nas, "tank/data");
        many(5);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        for (int i = 0; i < 20; i++) {
            nas.failNext(
                    c -> c instanceof ZfsCommand.DestroySnapshots d
                            && d.labels().contains("s002"),
                    ZfsFailure.Kind.UNKNOWN);
        }

        RetentionResult result = retention.run(plan);

        assertThat(labels(nas, "tank/data")).containsExactly("s002", "s004");
        assertThat(result.success()).isFalse();
        assertThat(result.toString()).contains("@s002: FAILED").doesNotContain("it or one of");
        assertThat(result.toJson()).containsIgnoringWhitespaces("\"destroyed\": [\"s000\", \"s001\", \"s003\"]");
    }

    @Test
    void whereAllThatShouldGoIsHeldNoFurtherCommandIsRun() {
        create(nas, "tank/data");
        many(2);
        nas.execute(new ZfsCommand.Hold("mine", List.of(DATA.snapshot("s000")))).orThrow();
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        nas.forgetLog();
        assertThat(retention.run(plan).count(Cause.IN_USE)).isEqualTo(1);
        assertThat(nas.count(ZfsCommand.DestroySnapshots.class)).isEqualTo(1);
    }

    @Test
    void aCommandIsFullBeforeTheNextBegins() {
        create(nas, "tank/data");
        many(251);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        nas.forgetLog();
        assertThat(retention.run(plan).destroyed()).isEqualTo(250);
        assertThat(nas.count(ZfsCommand.DestroySnapshots.class)).isEqualTo(1);
    }

    /** So that what was looked at is not old when the last of it is destroyed. */
    @Test
    void eachTwoThousandAreLookedAtAgain() {
        create(nas, "tank/data", "tank/data/a", "tank/data/b");
        many(1001);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        nas.forgetLog();
        assertThat(retention.run(plan).destroyed()).isEqualTo(3000);
        assertThat(nas.count(ZfsCommand.ListHistories.class)).isEqualTo(2);
        assertThat(nas.count(ZfsCommand.DestroySnapshots.class)).isEqualTo(12);
    }

    @Test
    void whatCannotBeLookedAtAgainStays() {
        create(nas, "tank/data");
        many(3);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        nas.failNext(c -> c instanceof ZfsCommand.ListHistories, ZfsFailure.Kind.HOST_UNREACHABLE);
        RetentionResult result = retention.run(plan);
        assertThat(result.count(Cause.FAILED)).isEqualTo(2);
        assertThat(result.toString()).contains("it could not be looked at again");
        assertThat(labels(nas, "tank/data")).hasSize(3);
    }

    @Test
    void aSnapshotOfOthersThatVanishedIsInNobodysWay() {
        create(nas, "tank/data");
        snapshot(nas, "tank/data@foreign");
        days("tank/data", 1, 9);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, owned(DAILY, ONE_DAY), DATA);
        destroy(nas, "tank/data", "foreign");
        assertThat(retention.run(plan).destroyed()).isEqualTo(1);
    }

    @Test
    void aSnapshotThatIsAnotherByNowIsNotDestroyed() {
        create(nas, "tank/data");
        many(3);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        destroy(nas, "tank/data", "s001");
        destroy(nas, "tank/data", "s000");
        snapshot(nas, "tank/data@s001");

        RetentionResult result = retention.run(plan);

        assertThat(labels(nas, "tank/data")).containsExactly("s002", "s001");
        assertThat(result.count(Cause.CHANGED)).isEqualTo(2);
    }

    @Test
    void whereWhatHadToStayIsGoneNothingElseGoes() {
        create(nas, "tank/data");
        many(3);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        destroy(nas, "tank/data", "s002");
        RetentionResult result = retention.run(plan);
        assertThat(result.destroyed()).isZero();
        assertThat(result.toString()).contains("@s002, which had to stay, is gone");
        assertThat(labels(nas, "tank/data")).containsExactly("s000", "s001");
    }

    @Test
    void failuresAreInTheResultAndDoNotStopOtherDatasets() {
        create(nas, "tank/data", "tank/data/a");
        many(2);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        nas.failNext(c -> c instanceof ZfsCommand.DestroySnapshots, ZfsFailure.Kind.NO_PERMISSION);
        RetentionResult result = retention.run(plan);
        assertThat(result.success()).isFalse();
        assertThat(result.count(Cause.FAILED)).isEqualTo(1);
        assertThat(result.toJson()).contains("\"success\": false", "\"cause\": \"failed\"");
        assertThat(labels(nas, "tank/data")).containsExactly("s000", "s001");
        assertThat(labels(nas, "tank/data/a")).containsExactly("s001");
    }

    @Test
    void aLostAnswerIsReadBack() {
        create(nas, "tank/data");
        many(2);
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        nas.loseAnswer(c -> c instanceof ZfsCommand.DestroySnapshots, ZfsFailure.Kind.TIMED_OUT);
        RetentionResult result = retention.run(plan);
        assertThat(result.success()).isTrue();
        assertThat(result.destroyed()).isEqualTo(1);
    }

    @Test
    void aHostThatCannotBeListedGivesNoPlan() {
        create(nas, "tank/data");
        nas.failNext(c -> c instanceof ZfsCommand.ListHistories, ZfsFailure.Kind.HOST_UNREACHABLE);
        assertThatThrownBy(() -> planOf(Retention.on(nas), newest(), DATA)).isInstanceOf(ZfsException.class);
    }

    @Test
    void aRunThatIsToStopBeginsNoBatch() {
        create(nas, "tank/data");
        many(2);
        Retention retention = Retention.on(nas);
        RetentionResult result = retention.run(planOf(retention, newest(), DATA), () -> true);
        assertThat(result.count(Cause.STOPPED)).isEqualTo(1);
        assertThat(labels(nas, "tank/data")).hasSize(2);
    }

    @Test
    void thousandsOfLongNamesFitIntoCommands() {
        create(nas, "tank/data");
        String filler = "x".repeat(200);
        for (int i = 0; i < 1000; i++) {
            snapshot(nas, "tank/data@" + filler + i);
        }
        Retention retention = Retention.on(nas);
        RetentionPlan plan = planOf(retention, newest(), DATA);
        nas.forgetLog();
        assertThat(retention.run(plan).destroyed()).isEqualTo(999);
        assertThat(nas.count(ZfsCommand.DestroySnapshots.class)).isEqualTo(4);
    }
}
