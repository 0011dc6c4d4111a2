// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.DatasetResult.Outcome;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Targets that have gone their own way, and what each policy does about that. */
class DivergenceOnFakeTest extends TwoFakes {

    @BeforeEach
    void replicated() throws InterruptedException {
        create(nas, "tank/data");
        write(nas, "tank/data", "f", "one");
        snapshot(nas, "tank/data@one");
        assertThat(run().success()).isTrue();
        readonly("off");
    }

    private void readonly(String value) {
        vault.execute(new ZfsCommand.SetProperties(COPY, Map.of("readonly", value)))
                .orThrow();
    }

    private void sourceGoesOn() {
        write(nas, "tank/data", "f", "two");
        snapshot(nas, "tank/data@two");
    }

    private void targetWritten() {
        write(vault, "backup/data", "mine", "precious");
    }

    private void targetSnapshot(String label) {
        snapshot(vault, "backup/data@" + label);
    }

    private ReplicationPlan plan(DivergencePolicy policy) {
        return plan(b -> b.onDivergence(policy));
    }

    private ReplicationResult run(DivergencePolicy policy) throws InterruptedException {
        return replication.run(plan(policy));
    }

    private static Decision.Reason refusal(ReplicationResult result) {
        DatasetResult only = result.datasets().get(0);
        assertThat(only.outcome()).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused) only.outcome()).refusal().reason();
    }

    /** The snapshot is taken by the run, which plans anew then; what that would destroy nobody has seen. */
    @Test
    void aRunThatBeginsWithASnapshotDestroysNoMoreThanItsPlanSaid() throws InterruptedException {
        ReplicationPlan seen =
                plan(b -> b.onDivergence(DivergencePolicy.ROLL_BACK).takeSnapshot("now"));
        targetWritten();
        targetSnapshot("mine");
        assertThat(refusal(replication.run(seen))).isEqualTo(Decision.Reason.CHANGED_SINCE_PLANNED);
        assertThat(labels(vault, "backup/data")).containsExactly("one", "mine");
    }

    @ParameterizedTest
    @EnumSource(
            value = DivergencePolicy.class,
            names = {"REFUSE", "TOLERATE_HARMLESS", "ROLL_BACK_UNCHANGED"})
    void theMilderPoliciesNeverGiveUpWhatWasWritten(DivergencePolicy policy) throws InterruptedException {
        sourceGoesOn();
        targetWritten();
        vault.forgetLog();

        assertThat(refusal(run(policy))).isEqualTo(Decision.Reason.DIVERGED);

        assertThat(vault.contents(COPY)).containsEntry("mine", "precious");
        assertThat(plan(policy).destroys()).isEmpty();
    }

    @Test
    void harmlessSnapshotsAreToleratedAndStay() throws InterruptedException {
        sourceGoesOn();
        targetSnapshot("own");

        assertThat(refusal(run(DivergencePolicy.REFUSE))).isEqualTo(Decision.Reason.TARGET_AHEAD);
        assertThat(run(DivergencePolicy.TOLERATE_HARMLESS).success()).isTrue();

        assertThat(labels(vault, "backup/data")).containsExactly("one", "own", "two");
    }

    @Test
    void harmlessSnapshotsAreDestroyedWhereThatIsAskedForAndThePlanListsThem() throws InterruptedException {
        sourceGoesOn();
        targetSnapshot("own");

        ReplicationPlan plan = plan(DivergencePolicy.ROLL_BACK_UNCHANGED);
        assertThat(plan.destroys()).singleElement().asString().startsWith("snapshot backup/data@own (GUID ");
        assertThat(plan.toString()).contains("first: roll backup/data back to @one");
        assertThat(plan.toJson()).contains("\"step\": \"roll-back\"");
        assertThat(replication.run(plan).success()).isTrue();

        same();
        nothingLeftOver();
    }

    @Test
    void whereThereIsNothingToSendHarmlessSnapshotsStay() throws InterruptedException {
        readonly("on");
        targetSnapshot("own");

        assertThat(plan(DivergencePolicy.ROLL_BACK).hasWork()).isFalse();
        assertThat(run(DivergencePolicy.ROLL_BACK).success()).isTrue();

        assertThat(labels(vault, "backup/data")).containsExactly("one", "own");
    }

    @Test
    void whatWasWrittenIsGivenUpOnlyByName() throws InterruptedException {
        sourceGoesOn();
        targetWritten();
        targetSnapshot("own");
        targetWritten();
        write(vault, "backup/data", "mine", "more");
        ReplicationPlan plan = plan(DivergencePolicy.ROLL_BACK);
        assertThat(plan.destroys())
                .anyMatch(lost -> lost.startsWith("snapshot backup/data@own"))
                .anyMatch(lost -> lost.contains("bytes written to backup/data since @one"));

        assertThat(replication.run(plan).success()).isTrue();

        same();
        nothingLeftOver();
    }

    @Test
    void aTargetWithNothingToReceiveIsPutRightToo() throws InterruptedException {
        targetWritten();

        ReplicationPlan plan = plan(DivergencePolicy.ROLL_BACK);
        assertThat(plan.hasWork()).isTrue();
        assertThat(replication.run(plan).success()).isTrue();

        assertThat(vault.contents(COPY)).doesNotContainKey("mine");
        assertThat(plan(DivergencePolicy.ROLL_BACK).hasWork()).isFalse();
    }

    @Test
    void aNameThatIsTakenByTheTargetsOwnIsFreedByRollingBack() throws InterruptedException {
        sourceGoesOn();
        targetWritten();
        targetSnapshot("two");

        assertThat(refusal(run(DivergencePolicy.TOLERATE_HARMLESS))).isEqualTo(Decision.Reason.NAME_CLASH);
        assertThat(run(DivergencePolicy.ROLL_BACK).success()).isTrue();

        same();
    }

    @Test
    void whatHappensAfterThePlanIsNotDestroyedByIt() throws InterruptedException {
        sourceGoesOn();
        targetSnapshot("own");
        ReplicationPlan plan = plan(DivergencePolicy.ROLL_BACK);
        targetWritten();
        targetSnapshot("later");

        assertThat(refusal(replication.run(plan))).isEqualTo(Decision.Reason.CHANGED_SINCE_PLANNED);

        assertThat(labels(vault, "backup/data")).containsExactly("one", "own", "later");
        assertThat(vault.contents(COPY)).containsEntry("mine", "precious");
    }

    /** {@code zfs rollback -r} would take it along, whenever it was taken. */
    @Test
    void whatSomebodyTakesAMomentBeforeARollbackStays() throws InterruptedException {
        sourceGoesOn();
        targetWritten();
        targetSnapshot("own");
        vault.beforeEach(command -> {
            if (command instanceof ZfsCommand.Rollback
                    && !labels(vault, "backup/data").contains("late")) {
                targetSnapshot("late");
            }
        });

        assertThat(run(DivergencePolicy.ROLL_BACK).success()).isFalse();

        assertThat(labels(vault, "backup/data")).containsExactly("one", "late");
        assertThat(vault.contents(COPY.snapshot("late"))).containsEntry("mine", "precious");
    }

    /** It may be all that tells of a hold. */
    @Test
    void aBookmarkStaysWhereTheSnapshotsCanNotGo() throws InterruptedException {
        sourceGoesOn();
        targetWritten();
        targetSnapshot("own");
        vault.execute(new ZfsCommand.CreateBookmark(COPY.snapshot("own"), COPY.bookmark("mark")))
                .orThrow();
        vault.execute(new ZfsCommand.Hold("keep", List.of(COPY.snapshot("own"))))
                .orThrow();

        assertThat(run(DivergencePolicy.ROLL_BACK).success()).isFalse();

        assertThat(labels(vault, "backup/data")).containsExactly("one", "own");
        assertThat(history(vault, COPY).bookmarks()).hasSize(1);
    }

    @Test
    void aRollbackThatWasHalfDoneIsFinishedByTheSameRun() throws InterruptedException {
        sourceGoesOn();
        targetWritten();
        targetSnapshot("own");
        vault.failNext(ZfsCommand.Rollback.class::isInstance, ZfsFailure.Kind.HOST_UNREACHABLE);

        ReplicationResult result = run(DivergencePolicy.ROLL_BACK);
        assertThat(result.success()).as("%s", result).isTrue();

        assertThat(labels(vault, "backup/data")).containsExactly("one", "two");
    }

    @Test
    void aHoldOrACloneStandsAgainstRollingBackAndNothingIsLost() throws InterruptedException {
        sourceGoesOn();
        targetWritten();
        targetSnapshot("held");
        vault.execute(new ZfsCommand.Hold("theirs", List.of(COPY.snapshot("held"))))
                .orThrow();

        ReplicationResult held = run(DivergencePolicy.ROLL_BACK);

        assertThat(held.count(Outcome.Failed.class)).isEqualTo(1);
        assertThat(labels(vault, "backup/data")).containsExactly("one", "held");
        vault.execute(new ZfsCommand.Release("theirs", List.of(COPY.snapshot("held"))))
                .orThrow();
        DatasetName clone = DatasetName.of("backup/clone");
        vault.execute(new ZfsCommand.CloneSnapshot(COPY.snapshot("held"), clone, Map.of()))
                .orThrow();

        ReplicationResult cloned = run(DivergencePolicy.ROLL_BACK);

        assertThat(cloned.datasets().get(0).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        f -> assertThat(f.failure().kind()).isEqualTo(ZfsFailure.Kind.HAS_CLONES));
        assertThat(labels(vault, "backup/data")).containsExactly("one", "held");
        assertThat(vault.contents(clone)).containsEntry("mine", "precious");
    }

    @Test
    void failoverAndFailbackGoByIncrements() throws InterruptedException {
        sourceGoesOn();
        assertThat(run().success()).isTrue();
        // the source is lost for a while; the copy is worked on, and the source has something that never went over
        readonly("off");
        write(nas, "tank/data", "late", "never replicated");
        write(vault, "backup/data", "f", "while failed over");
        snapshot(vault, "backup/data@away");
        Replication back = Replication.between(vault, nas).with(new VirtualConcurrency(4));
        ReplicationRequest reversed = ReplicationRequest.of("backup/data", "tank/data")
                .onDivergence(DivergencePolicy.ROLL_BACK)
                .readonly(ReadonlyPolicy.IGNORE)
                .build();
        vault.forgetLog();

        ReplicationPlan plan = back.plan(reversed);
        assertThat(plan.destroys()).singleElement().asString().contains("bytes written to tank/data since @two");
        assertThat(back.run(plan).success()).isTrue();

        assertThat(vault.count(SendStream.Full.class)).isZero();
        assertThat(nas.contents(DATA.snapshot("away"))).isEqualTo(vault.contents(COPY.snapshot("away")));
        // and forth again, by increments, from the side that was first
        write(nas, "tank/data", "f", "home again");
        snapshot(nas, "tank/data@home");
        nas.forgetLog();
        assertThat(run().success()).isTrue();
        assertThat(nas.count(SendStream.Full.class)).isZero();
        same();
    }

    @Test
    void aCascadePassesIncrementsOn() throws InterruptedException {
        readonly("on");
        FakeZfs third = FakeZfs.builder().host("third").seed(3).build();
        Replication onward = Replication.between(vault, third).with(new VirtualConcurrency(9));
        ReplicationRequest cascade =
                ReplicationRequest.of("backup/data", "tank/third").build();
        assertThat(onward.run(onward.plan(cascade)).success()).isTrue();
        for (String label : List.of("two", "three", "four")) {
            write(nas, "tank/data", "f", label);
            snapshot(nas, "tank/data@" + label);
            assertThat(run().success()).isTrue();
            assertThat(onward.run(onward.plan(cascade)).success()).isTrue();
        }
        assertThat(vault.count(SendStream.Full.class)).isEqualTo(1);
        assertThat(labels(third, "tank/third")).containsExactly("one", "two", "three", "four");
        assertThat(history(vault, COPY).bookmarks()).hasSize(1);
        // the base of the last increment stays held in the middle, those before it do not
        Map<dev.zlineage.core.zfs.SnapshotName, java.util.Set<String>> holds = vault.execute(
                        new ZfsCommand.ListHolds(List.of(COPY.snapshot("three"), COPY.snapshot("four"))))
                .orThrow();
        assertThat(holds.get(COPY.snapshot("three"))).isEmpty();
        assertThat(holds.get(COPY.snapshot("four"))).hasSize(1);
    }

    @Test
    void whatIsCutWhileStartingOverStaysHeldAndIsCarriedOn() throws InterruptedException {
        sourceGoesOn();
        targetWritten();
        nas.write(DATA, "large", new byte[400_000]);
        snapshot(nas, "tank/data@three");
        nas.cutStreams(200_000);

        ReplicationResult cut = impatient.run(plan(b -> b.onDivergence(DivergencePolicy.START_OVER)));

        assertThat(cut.success()).isFalse();
        assertThat(cut.datasets().get(0).resumable()).as("%s", cut).isTrue();
        assertThat(nas.execute(new ZfsCommand.DestroySnapshots(DATA, List.of("three")))
                        .failedWith(ZfsFailure.Kind.HELD))
                .isTrue();
        nas.cutStreams(Long.MAX_VALUE);
        ReplicationResult on = replication.run(plan(b -> b.onDivergence(DivergencePolicy.START_OVER)));
        assertThat(on.success()).as("%s", on).isTrue();
        assertThat(on.saved()).isPositive();
        same();
        nothingLeftOver();
    }
}
