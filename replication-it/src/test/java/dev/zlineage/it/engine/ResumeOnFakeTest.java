// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.plan.TargetStep;
import dev.zlineage.core.run.DatasetResult.Outcome;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that are cut, and how the next attempt or run carries them on. */
class ResumeOnFakeTest extends TwoFakes {

    private static final int SIZE = 400_000;

    /** One dataset with snapshots that each rewrite a file of 400 kB, which is what a stream of it weighs. */
    private void source(String... labels) {
        create(nas, "tank/data");
        rewrite(labels);
    }

    private void rewrite(String... labels) {
        for (String label : labels) {
            byte[] noise = new byte[SIZE];
            new Random(label.hashCode()).nextBytes(noise);
            nas.write(DATA, "file", noise);
            snapshot(nas, "tank/data@" + label);
        }
    }

    private DatasetPlan only(UnaryOperator<ReplicationRequest.Builder> change) {
        return plan(change).datasets().get(0);
    }

    private DatasetPlan only() {
        return only(b -> b);
    }

    private boolean interrupted() {
        return dataset(vault, COPY).resumeToken().isPresent();
    }

    /** A first transfer that is cut after so many bytes, by a run that does not try again. */
    private ReplicationResult cut(long after) throws InterruptedException {
        nas.cutNextStream(after);
        return impatient.run(plan());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransferCutAgainAndAgainSendsNothingTwice(boolean full) throws InterruptedException {
        source("one");
        if (!full) {
            run();
            rewrite("two");
        }
        long sent = 0;
        long saved = -1;
        int runs = 0;
        for (ReplicationResult result = cut(60_000); !result.success(); result = cut(60_000)) {
            sent += result.bytes();
            assertThat(interrupted()).isTrue();
            long now = only().streams().get(0).saved();
            assertThat(now).isGreaterThan(saved);
            saved = now;
            assertThat(++runs).isLessThan(20);
        }
        assertThat(runs).isGreaterThan(4);
        assertThat(sent).isLessThan(SIZE + runs * 40_000L);
        same();
        nothingLeftOver();
    }

    @Test
    void withinOneRunProgressRefillsTheBudget() throws InterruptedException {
        source("one");
        for (int i = 0; i < 8; i++) {
            nas.cutNextStream(60_000);
        }

        ReplicationResult result =
                replication.with(Patience.DEFAULT.withAttempts(2)).run(plan());

        assertThat(result.success()).isTrue();
        assertThat(result.datasets().get(0).retries()).isBetween(5, 8);
        assertThat(result.saved()).isGreaterThan(200_000);
        assertThat(result.toString()).contains("bytes were not sent again");
        same();
        nothingLeftOver();
    }

    @Test
    void withoutProgressTheBudgetIsSpentAndTheWaitsGrow() throws InterruptedException {
        source("one");
        nas.cutStreams(10);
        VirtualConcurrency time = new VirtualConcurrency(3);

        ReplicationResult result = Replication.between(nas, vault)
                .with(time)
                .with(Patience.DEFAULT)
                .run(plan());

        assertThat(result.count(Outcome.Failed.class)).isEqualTo(1);
        assertThat(nas.count(SendStream.Full.class) + nas.count(SendStream.Resume.class))
                .isEqualTo(5);
        assertThat(time.nanoTime()).isBetween(7_500_000_000L, 15_100_000_000L);
    }

    @Test
    void whatIsCutStaysHeldSoThatItCanBeCarriedOn() throws InterruptedException {
        source("one");
        cut(100_000);

        assertThat(nas.execute(new ZfsCommand.DestroySnapshots(DATA, List.of("one")))
                        .failedWith(ZfsFailure.Kind.HELD))
                .isTrue();
        assertThat(only().streams().get(0).send()).isInstanceOf(SendStream.Resume.class);
        assertThat(run().success()).isTrue();
        nothingLeftOver();
    }

    @Test
    void lookingDoesNotTouchTheToken() throws InterruptedException {
        source("one");
        cut(100_000);

        ReplicationPlan plan = plan();

        assertThat(plan).isEqualTo(plan());
        assertThat(plan.destroys()).isEmpty();
        assertThat(plan.toString()).contains("carrying on with what was cut").contains("bytes of it are there");
        assertThat(plan.toJson()).contains("\"savedBytes\":");
        assertThat(interrupted()).isTrue();
    }

    @Test
    void whatFollowsTheResumedSnapshotIsSentInTheSameRun() throws InterruptedException {
        source("one", "two", "three");
        cut(100_000);
        rewrite("four");
        nas.forgetLog();

        assertThat(run().success()).isTrue();

        assertThat(nas.count(SendStream.Resume.class)).isEqualTo(1);
        assertThat(nas.count(SendStream.Series.class)).isEqualTo(1);
        assertThat(nas.count(SendStream.Full.class)).isZero();
        same();
        nothingLeftOver();
    }

    @Test
    void aTokenWhoseSnapshotIsGoneIsDiscardedAndThatIsInThePlan() throws InterruptedException {
        source("one", "two");
        cut(100_000);
        release("two");
        destroy(nas, "tank/data", "one");

        DatasetPlan plan = only();
        assertThat(plan.before()).singleElement().isInstanceOf(TargetStep.DiscardPartial.class);
        assertThat(plan().destroys()).singleElement().asString().contains("bytes of an interrupted receive");

        assertThat(run().success()).isTrue();
        assertThat(labels(vault, "backup/data")).containsExactly("two");
        nothingLeftOver();
    }

    @Test
    void aTokenDiesUnderWayAndTheRunPlansAnew() throws InterruptedException {
        source("one", "two");
        cut(100_000);
        release("two");
        ReplicationPlan plan = plan();
        destroy(nas, "tank/data", "one");

        assertThat(replication.run(plan).success()).isTrue();

        assertThat(labels(vault, "backup/data")).containsExactly("two");
        nothingLeftOver();
    }

    @Test
    void aTokenOfSomethingThatIsNotSelectedIsDiscarded() throws InterruptedException {
        source("one", "two");
        cut(100_000);

        assertThat(only(b -> b.newestSnapshotOnly()).before())
                .singleElement()
                .isInstanceOfSatisfying(
                        TargetStep.DiscardPartial.class,
                        d -> assertThat(d.why()).contains("@one is not selected any more"));
        assertThat(replication.run(plan(b -> b.newestSnapshotOnly())).success()).isTrue();
        assertThat(labels(vault, "backup/data")).containsExactly("two");
    }

    @Test
    void aTokenOfSomebodyElseIsLeftAlone() throws InterruptedException {
        source("one");
        create(nas, "tank/other");
        nas.write(DatasetName.of("tank/other"), "file", new byte[100]);
        FakeZfs stranger = FakeZfs.builder().host("stranger").seed(9).build();
        create(stranger, "tank/theirs");
        byte[] noise = new byte[SIZE];
        new Random(1).nextBytes(noise);
        stranger.write(DatasetName.of("tank/theirs"), "file", noise);
        snapshot(stranger, "tank/theirs@x");
        stranger.cutNextStream(100_000);
        Replication theirs = Replication.between(stranger, vault)
                .with(new VirtualConcurrency(1))
                .with(Patience.DEFAULT.withAttempts(1));
        theirs.run(
                theirs.plan(ReplicationRequest.of("tank/theirs", "backup/data").build()));
        assertThat(interrupted()).isTrue();

        ReplicationResult result = run();

        assertThat(result.datasets().get(0).outcome()).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.refusal().reason()).isEqualTo(Decision.Reason.PARTIAL_RECEIVE);
            assertThat(refused.refusal().why()).contains("tank/theirs@x");
            assertThat(refused.refusal().wayOut()).contains("zfs receive -A backup/data");
        });
        assertThat(interrupted()).isTrue();
    }

    @Test
    void aRenamedSourceCarriesOn() throws InterruptedException {
        source("one");
        cut(100_000);
        nas.execute(new ZfsCommand.RenameDataset(DATA, DatasetName.of("tank/renamed")))
                .orThrow();
        nas.forgetLog();
        ReplicationPlan plan = replication.plan(
                ReplicationRequest.of("tank/renamed", "backup/data").build());

        assertThat(replication.run(plan).success()).isTrue();

        assertThat(nas.count(SendStream.Resume.class)).isEqualTo(1);
    }

    @Test
    void anEmptyTargetMadeByHandCarriesOnToo() throws InterruptedException {
        source("one");
        create(vault, "backup/data");
        cut(100_000);
        nas.forgetLog();

        assertThat(run().success()).isTrue();

        assertThat(nas.count(SendStream.Resume.class)).isEqualTo(1);
        same();
    }

    @Test
    void anEncryptedDatasetCarriesOnRaw() throws InterruptedException {
        nas.createEncrypted(DATA, "correct horse");
        rewrite("one");
        cut(100_000);
        nas.forgetLog();

        assertThat(run().success()).isTrue();

        assertThat(nas.count(SendStream.Resume.class)).isEqualTo(1);
        assertThat(dataset(vault, COPY).encryption()).isPresent();
    }

    /** openzfs 6.9.5: the target has 2, the token is for 3, and both go away on the source. */
    @Test
    void aSeriesCutInTheMiddleGoesOnFromWhatArrivedAlthoughTheSourceDestroyedIt() throws InterruptedException {
        source("one");
        run();
        rewrite("two", "three", "four");
        cut(600_000);
        assertThat(labels(vault, "backup/data")).containsExactly("one", "two");
        assertThat(history(nas, DATA).bookmarks())
                .extracting(b -> b.guid())
                .contains(history(vault, COPY).newestSnapshot().orElseThrow().guid());
        for (String label : List.of("one", "two", "three")) {
            destroy(nas, "tank/data", label);
        }
        nas.forgetLog();

        assertThat(run().success()).isTrue();

        assertThat(nas.count(SendStream.Full.class)).isZero();
        assertThat(labels(vault, "backup/data")).containsExactly("one", "two", "four");
        assertThat(vault.contents(COPY.snapshot("four"))).isEqualTo(nas.contents(DATA.snapshot("four")));
        nothingLeftOver();
    }

    @Test
    void aSnapshotThatArrivedAfterAllIsNotSentAgain() throws InterruptedException {
        source("one");
        ReplicationPlan stale = plan();
        run();
        nas.forgetLog();

        ReplicationResult result = replication.run(stale);

        assertThat(result.success()).isTrue();
        assertThat(result.datasets().get(0).arrived())
                .extracting(Snapshot::label)
                .containsExactly("one");
        nothingLeftOver();
    }

    @Test
    void severalDestinationsDoNotDisturbEachOther() throws InterruptedException {
        source("one");
        Replication second = replication;
        ReplicationRequest other =
                ReplicationRequest.of("tank/data", "backup/second").build();
        cut(100_000);
        assertThat(second.run(second.plan(other)).success()).isTrue();
        assertThat(only().streams().get(0).send()).isInstanceOf(SendStream.Resume.class);
        assertThat(run().success()).isTrue();
        assertThat(history(nas, DATA).bookmarks()).hasSize(2);
        rewrite("two");
        assertThat(second.run(second.plan(other)).success()).isTrue();
        destroy(nas, "tank/data", "one");
        nas.forgetLog();

        assertThat(run().success()).isTrue();

        assertThat(nas.count(SendStream.Full.class)).isZero();
        assertThat(history(nas, DATA).bookmarks()).hasSize(2);
    }

    private void release(String label) {
        nas.execute(new ZfsCommand.Release(plan().holdTag(), List.of(DATA.snapshot(label))))
                .orThrow();
    }

    @Test
    void aMiddleOfATreeIsCutAndTheOthersGoOn() throws InterruptedException {
        tree();
        nas.write(DATA.child("b"), "big", new byte[SIZE]);
        snapshot(nas, "tank/data@two");
        nas.cutNextStream(300);

        ReplicationResult result = run();

        assertThat(result.success()).isTrue();
        same();
        nothingLeftOver();
    }
}
