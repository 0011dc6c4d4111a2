// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult.Outcome;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.zfs.Bookmark;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.testkit.Crash;
import dev.zlineage.testkit.VirtualConcurrency;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was received to take a target's place, where that did not come about. */
class LeftIncomingOnFakeTest extends TwoFakes {

    private static final DatasetName INCOMING = DatasetName.of("backup/data.zl1-incoming");

    @BeforeEach
    void diverged() throws InterruptedException {
        create(nas, "tank/data");
        write(nas, "tank/data", "f", "one");
        snapshot(nas, "tank/data@one");
        assertThat(run().success()).isTrue();
        vault.execute(new ZfsCommand.SetProperties(COPY, Map.of("readonly", "off")))
                .orThrow();
        write(vault, "backup/data", "mine", "precious");
        write(nas, "tank/data", "f", "two");
        snapshot(nas, "tank/data@two");
    }

    private ReplicationPlan plan(DivergencePolicy policy) {
        return plan(b -> b.onDivergence(policy));
    }

    /** Everything arrives beside the target, and the first step of the swap fails. */
    private void stopsBeforeTheSwap(DivergencePolicy policy) throws InterruptedException {
        vault.failNext(LeftIncomingOnFakeTest::writesDownTheSwap, ZfsFailure.Kind.BUSY);
        assertThat(impatient.run(plan(policy)).success()).isFalse();
        assertThat(labels(vault, INCOMING.value())).endsWith("two");
    }

    private static boolean writesDownTheSwap(ZfsCommand<?> command) {
        return command instanceof ZfsCommand.SetProperties set
                && set.properties().containsKey("zlineage:swap");
    }

    private static boolean tells(List<String> warnings) {
        return warnings.contains(
                "backup/data.zl1-incoming was received to take the place of backup/data, which goes on by"
                        + " itself now, and takes its room until you destroy it; see: zlineage doctor");
    }

    /** It may be held or cloned by then: as what was set aside, it goes when a person says so. */
    @ParameterizedTest
    @EnumSource(
            value = DivergencePolicy.class,
            names = {"SET_ASIDE", "START_OVER"})
    void itStaysAndIsToldWhereTheTargetGoesOnWithoutIt(DivergencePolicy policy) throws InterruptedException {
        stopsBeforeTheSwap(policy);
        assertThat(tells(plan(policy).warnings())).as("it is still needed").isFalse();

        vault.execute(new ZfsCommand.Rollback(COPY.snapshot("one"), false)).orThrow();
        ReplicationResult result = replication.run(plan(policy));

        assertThat(result.success()).isTrue();
        assertThat(labels(vault, "backup/data")).containsExactly("one", "two");
        assertThat(labels(vault, INCOMING.value())).endsWith("two");
        assertThat(tells(result.warnings())).isTrue();
        assertThat(tells(replication.run(plan(policy)).warnings()))
                .as("also where there is nothing to do")
                .isTrue();
        vault.execute(new ZfsCommand.DestroyDataset(INCOMING, Scope.SUBTREE)).orThrow();
        assertThat(tells(replication.run(plan(policy)).warnings())).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = DivergencePolicy.class,
            names = {"SET_ASIDE", "START_OVER"})
    void nothingIsSentIntoOneThatTheSourceCanNotGoOnFrom(DivergencePolicy policy) throws InterruptedException {
        stopsBeforeTheSwap(policy);
        nas.execute(new ZfsCommand.Rollback(DATA.snapshot("one"), true)).orThrow();
        history(nas, DATA)
                .bookmarks()
                .forEach(b -> nas.execute(new ZfsCommand.DestroyBookmark(DATA.bookmark(b.label())))
                        .orThrow());
        write(nas, "tank/data", "f", "three");
        snapshot(nas, "tank/data@three");

        ReplicationPlan plan = plan(policy);

        assertThat(plan.datasets().get(0).decision()).isInstanceOfSatisfying(Decision.Refuse.class, refuse -> {
            assertThat(refuse.reason()).isEqualTo(Decision.Reason.CANNOT_BE_REPLACED);
            assertThat(refuse.why()).contains("backup/data.zl1-incoming, ends in @two");
            assertThat(refuse.wayOut()).contains("zfs destroy -r backup/data.zl1-incoming");
        });
        vault.execute(new ZfsCommand.DestroyDataset(INCOMING, Scope.SUBTREE)).orThrow();
        assertThat(replication.run(plan(policy)).success()).isTrue();
        assertThat(vault.contents(COPY)).containsEntry("f", "three");
    }

    /** The note of the target's last stream is set on it, as what is carried over is, and says nothing of another dataset. */
    @Test
    void theNoteOfTheFormIsThatOfItsOwnStreams() throws InterruptedException {
        assertThat(replication.run(plan(DivergencePolicy.START_OVER)).success()).isTrue();

        assertThat(vault.execute(new ZfsCommand.GetProperties(List.of(COPY), List.of("zlineage:stream")))
                        .orThrow())
                .singleElement()
                .satisfies(note -> assertThat(note.value())
                        .contains(history(nas, DATA)
                                .snapshot("two")
                                .orElseThrow()
                                .guid()
                                .hex()));
    }

    /** What it holds is where the target goes on from as soon as the swap is done. */
    @ParameterizedTest
    @EnumSource(
            value = DivergencePolicy.class,
            names = {"SET_ASIDE", "START_OVER"})
    void whatItEndsInStaysBookmarked(DivergencePolicy policy) throws InterruptedException {
        vault.loseAnswer(LeftIncomingOnFakeTest::writesDownTheSwap, ZfsFailure.Kind.HOST_UNREACHABLE);
        assertThat(impatient.run(plan(policy)).success()).isFalse();

        assertThat(history(nas, DATA).bookmarks())
                .extracting(Bookmark::guid)
                .contains(history(nas, DATA).snapshot("two").orElseThrow().guid());
        destroy(nas, "tank/data", "two");
        write(nas, "tank/data", "f", "three");
        snapshot(nas, "tank/data@three");
        ReplicationResult result = replication.run(plan(policy));
        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(labels(vault, "backup/data")).endsWith("two", "three");
        nothingLeftOver();
    }

    /** The bookmark of what is sent anew was there before, so that it does not tell that a run died. */
    @Test
    void noHoldIsLeftWhereARunDiedThatSentTheSameAnew() throws InterruptedException {
        ReplicationResult first = replication.run(plan(DivergencePolicy.START_OVER));
        assertThat(first.success()).isTrue();
        vault.execute(new ZfsCommand.SetProperties(COPY, Map.of("readonly", "off")))
                .orThrow();
        int moment = 0;
        boolean died = true;
        while (died) {
            write(vault, "backup/data", "mine", "precious " + moment);
            Crash crash = Crash.at(moment++, 1);
            died = false;
            try {
                Replication.between(crash.door(nas), crash.door(vault))
                        .with(new VirtualConcurrency(7))
                        .run(plan(DivergencePolicy.START_OVER));
            } catch (Crash.Dead e) {
                died = true;
            }
            ReplicationResult next = replication.run(plan(DivergencePolicy.START_OVER));
            assertThat(next.datasets().get(0).outcome())
                    .as("died at moment %s: %s", moment, next)
                    .isInstanceOfAny(Outcome.Replicated.class, Outcome.UpToDate.class);
            nothingLeftOver();
            vault.execute(new ZfsCommand.SetProperties(COPY, Map.of("readonly", "off")))
                    .orThrow();
        }
        assertThat(moment).isGreaterThan(20);
    }

    /** What lies below may be beside the target by then, and would be begun anew in its old place. */
    @Test
    void nothingBelowIsTriedWhereASwapThatWasPlannedUnderWayStopsHalfWay() throws InterruptedException {
        assertThat(replication.run(plan(DivergencePolicy.START_OVER)).success()).isTrue();
        create(nas, "tank/data/a", "tank/data/b");
        write(nas, "tank/data/a", "f", "a");
        snapshot(nas, "tank/data@three");
        assertThat(replication.run(plan(DivergencePolicy.START_OVER)).success()).isTrue();
        write(nas, "tank/data/a", "f", "more");
        snapshot(nas, "tank/data@four");
        ReplicationPlan plan = plan(DivergencePolicy.START_OVER);
        vault.execute(new ZfsCommand.SetProperties(COPY, Map.of("readonly", "off")))
                .orThrow();
        write(vault, "backup/data", "mine", "precious");
        vault.failNext(
                command -> command instanceof ZfsCommand.RenameDataset rename
                        && rename.from().equals(COPY.child("b")),
                ZfsFailure.Kind.NO_PERMISSION);

        ReplicationResult stopped = replication.run(plan);

        assertThat(stopped.datasets().get(1).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().text()).contains("half way in the place of another"));
        assertThat(replication.run(plan(DivergencePolicy.START_OVER)).success()).isTrue();
        same();
        nothingLeftOver();
    }

    /** A plan of one dataset, made under way, has not looked at what lies below it. */
    @Test
    void nothingIsRenamedWhereSomethingBelowCanNotBeMoved() throws InterruptedException {
        assertThat(replication.run(plan(DivergencePolicy.START_OVER)).success()).isTrue();
        create(nas, "tank/data/a");
        nas.createEncrypted(DATA.child("b"), "a passphrase");
        snapshot(nas, "tank/data@three");
        assertThat(replication.run(plan(DivergencePolicy.START_OVER)).success()).isTrue();
        snapshot(nas, "tank/data@four");
        ReplicationPlan plan = plan(DivergencePolicy.START_OVER);
        vault.execute(new ZfsCommand.SetProperties(COPY, Map.of("readonly", "off")))
                .orThrow();
        write(vault, "backup/data", "mine", "precious");
        vault.forgetLog();

        assertThat(replication.run(plan).success()).isFalse();

        assertThat(vault.commandsRun()).noneMatch(ZfsCommand.RenameDataset.class::isInstance);
        assertThat(plan(DivergencePolicy.START_OVER).datasets().get(0).decision())
                .isInstanceOfSatisfying(
                        Decision.Refuse.class,
                        refuse -> assertThat(refuse.reason()).isEqualTo(Decision.Reason.CANNOT_BE_REPLACED));
    }
}
