// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.DatasetResult.Outcome;
import dev.zlineage.core.run.ReplicationEvent;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine through its door, on hosts held in memory. */
class ReplicationOnFakeTest extends TwoFakes {

    @Test
    void aTreeGoesOverInFullThenByIncrementThenNotAtAll() throws InterruptedException {
        tree();
        assertThat(run().success()).isTrue();
        same();
        nothingLeftOver();
        assertThat(dataset(vault, COPY.child("a")).readonly()).isTrue();
        assertThat(dataset(vault, COPY.child("a")).mounted()).isFalse();

        write(nas, "tank/data/a", "g", "more");
        snapshot(nas, "tank/data@two");
        nas.delete(DATA.child("b"), "f");
        snapshot(nas, "tank/data@three");
        nas.forgetLog();
        ReplicationResult increment = run();
        assertThat(increment.success()).isTrue();
        assertThat(nas.count(SendStream.Full.class)).isZero();
        assertThat(nas.count(SendStream.Series.class)).isEqualTo(5);
        same();
        nothingLeftOver();

        nas.forgetLog();
        vault.forgetLog();
        ReplicationPlan nothing = plan();
        assertThat(nothing.hasWork()).isFalse();
        assertThat(replication.run(nothing).count(Outcome.UpToDate.class)).isEqualTo(5);
        assertThat(nas.commandsRun()).hasSize(2);
        assertThat(vault.commandsRun()).hasSize(3);
    }

    @Test
    void whatTheSystemKeepsInAPoolIsLeftOutUnlessAskedFor() throws InterruptedException {
        create(nas, "tank/.system", "tank/.system/cores", "tank/data", "tank/data/.system");
        ReplicationRequest.Builder whole =
                ReplicationRequest.of("tank", "backup/all").recursive(true).takeSnapshot("now");

        ReplicationPlan plan = replication.plan(whole.build());
        assertThat(plan.leftOut()).containsExactly(DatasetName.of("tank/.system"));
        assertThat(plan.toString()).contains("tank/.system: left out, with everything below: it is the system's own");
        assertThat(plan.toJson()).contains("it is the system's own");
        assertThat(replication.run(plan).success()).isTrue();

        assertThat(labels(nas, "tank/.system")).isEmpty();
        assertThat(labels(vault, "backup/all/.system")).isEmpty();
        assertThat(labels(vault, "backup/all/data/.system")).containsExactly("now");
        assertThat(replication
                        .run(replication.plan(
                                whole.systemDatasets(true).takeSnapshot("later").build()))
                        .success())
                .isTrue();
        assertThat(labels(vault, "backup/all/.system/cores")).containsExactly("later");
    }

    @Test
    void whatIsExcludedIsTold() {
        create(nas, "tank/data", "tank/data/tmp", "tank/data/tmp/below");

        ReplicationPlan plan = replication.plan(ReplicationRequest.of("tank/data", "backup/data")
                .recursive(true)
                .exclude(List.of("tank/data/t*", "tank/data/none"))
                .build());

        assertThat(plan.leftOut()).containsExactly(DatasetName.of("tank/data/tmp"));
        assertThat(plan.toString()).contains("tank/data/tmp: left out, with everything below: it is excluded");
    }

    @Test
    void whatIsTakenInAgainIsTold() throws InterruptedException {
        create(nas, "tank/data", "tank/data/tmp", "tank/data/tmp/keep", "tank/data/tmp/other");
        ReplicationPlan plan = replication.plan(ReplicationRequest.of("tank/data", "backup/data")
                .recursive(true)
                .exclude(List.of("tank/data/t*"))
                .include(List.of("tank/data/tmp/keep"))
                .takeSnapshot("one")
                .build());

        assertThat(plan.leftOut()).containsExactly(DatasetName.of("tank/data/tmp"));
        assertThat(plan.toString())
                .contains("tank/data/tmp: left out, with everything below that is not taken in again: it is excluded")
                .contains("create backup/data/tmp: tank/data/tmp is left out, but what lies below it is sent");
        assertThat(replication.run(plan).success()).isTrue();
        assertThat(labels(vault, "backup/data/tmp/keep")).containsExactly("one");
        assertThat(labels(nas, "tank/data/tmp/other")).isEmpty();
    }

    /** The clone comes first by its name; its origin lies below something that comes later, with what is left out between. */
    @Test
    void whatIsTakenInAgainComesAfterWhatIsAboveIt() throws InterruptedException {
        create(nas, "tank/data", "tank/data/p", "tank/data/p/x", "tank/data/p/x/origin");
        snapshot(nas, "tank/data/p/x/origin@one");
        nas.execute(new ZfsCommand.CloneSnapshot(
                        DatasetName.of("tank/data/p/x/origin").snapshot("one"),
                        DatasetName.of("tank/data/a"),
                        Map.of()))
                .orThrow();
        ReplicationPlan plan = replication.plan(ReplicationRequest.of("tank/data", "backup/data")
                .recursive(true)
                .exclude(List.of("tank/data/p/x"))
                .include(List.of("tank/data/p/x/origin"))
                .takeSnapshot("two")
                .build());

        assertThat(replication.run(plan).success()).as(plan.toString()).isTrue();
        assertThat(labels(vault, "backup/data/p/x/origin")).containsExactly("one", "two");
    }

    @Test
    void whatIsTakenInAgainFailsWithWhatIsAboveIt() throws InterruptedException {
        create(nas, "tank/data", "tank/data/p", "tank/data/p/x", "tank/data/p/x/keep");
        ReplicationPlan plan = replication.plan(ReplicationRequest.of("tank/data", "backup/data")
                .recursive(true)
                .exclude(List.of("tank/data/p/x"))
                .include(List.of("tank/data/p/x/keep"))
                .takeSnapshot("one")
                .build());
        nas.beforeEachSend(stream -> {
            if (stream.toString().contains("tank/data/p@")) {
                nas.cutNextStream(1);
            }
        });

        ReplicationResult result = replication.run(plan);

        assertThat(result.toString()).contains("not tried, because tank/data/p above it failed");
    }

    @Test
    void whatIsIncludedHasToBeLeftOut() {
        ReplicationRequest.Builder request = ReplicationRequest.of("tank/data", "backup/data")
                .exclude(List.of("tank/data/tmp"))
                .include(List.of("tank/data/tmp/keep", "tank/data/a", "tank/other"));

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(request::build)
                .withMessageContaining("nothing to take in again; make it recursive");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(request.recursive(true)::build)
                .withMessageContaining("'tank/data/a' is not left out")
                .withMessageContaining("'tank/other' is not below the source")
                .withMessageNotContaining("keep");
    }

    @Test
    void theDryRunChangesNothing() {
        tree();
        nas.forgetLog();
        vault.forgetLog();

        plan(b -> b.takeSnapshot("now"));

        assertThat(nas.commandsRun())
                .allMatch(c -> c instanceof ZfsCommand.ListDatasets || c instanceof ZfsCommand.ListHistories);
        assertThat(vault.commandsRun())
                .allMatch(c -> c instanceof ZfsCommand.ListDatasets
                        || c instanceof ZfsCommand.ListHistories
                        || c instanceof ZfsCommand.ListFeatures);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 10_000})
    void lookingAtBothSidesTakesAConstantNumberOfCommands(int datasets) {
        create(nas, "tank/data");
        create(vault, "backup/data");
        for (int i = 1; i < datasets; i++) {
            create(nas, "tank/data/d" + i);
            create(vault, "backup/data/d" + i);
        }
        snapshot(nas, "tank/data@one");
        snapshot(vault, "backup/data@other");
        nas.forgetLog();
        vault.forgetLog();

        assertThat(plan().datasets()).hasSize(datasets);

        assertThat(nas.commandsRun()).hasSize(2);
        assertThat(vault.commandsRun()).hasSize(3);
    }

    @Test
    void theSnapshotIsTakenAtomicallyAndSent() throws InterruptedException {
        tree();

        ReplicationResult result = replication.run(plan(b -> b.takeSnapshot("now")));

        assertThat(result.success()).isTrue();
        assertThat(labels(vault, "backup/data/a/deep")).containsExactly("one", "now");
        Set<Long> txgs = new HashSet<>();
        for (Dataset d : nas.execute(new ZfsCommand.ListDatasets(List.of(DATA), Scope.SUBTREE))
                .orThrow()) {
            txgs.add(history(nas, d.name()).snapshot("now").orElseThrow().createtxg());
        }
        assertThat(txgs).hasSize(1);
        same();
    }

    @Test
    void aForeignTargetIsCarriedOnByAnIncrementAtTheFirstRun() throws InterruptedException {
        tree();
        run();
        for (Dataset d : nas.execute(new ZfsCommand.ListDatasets(List.of(DATA), Scope.SUBTREE))
                .orThrow()) {
            history(nas, d.name())
                    .bookmarks()
                    .forEach(b -> nas.execute(
                                    new ZfsCommand.DestroyBookmark(d.name().bookmark(b.label())))
                            .orThrow());
            nas.execute(new ZfsCommand.RenameSnapshot(d.name().snapshot("one"), "renamed"))
                    .orThrow();
        }
        vault.execute(new ZfsCommand.Hold("theirs", List.of(COPY.snapshot("one"))))
                .orThrow();
        snapshot(nas, "tank/data@two");
        nas.forgetLog();

        assertThat(run().success()).isTrue();

        assertThat(nas.count(SendStream.Full.class)).isZero();
        assertThat(labels(vault, "backup/data")).containsExactly("one", "two");
        same();
        assertThat(vault.execute(new ZfsCommand.ListHolds(List.of(COPY.snapshot("one"))))
                        .orThrow()
                        .values())
                .containsExactly(Set.of("theirs"));
    }

    @Test
    void aBookmarkSavesTheIncrementWhoseSnapshotIsGone() throws InterruptedException {
        tree();
        run();
        for (String name : List.of("tank/data", "tank/data/a", "tank/data/a/deep", "tank/data/b", "tank/data/vol")) {
            destroy(nas, name, "one");
        }
        write(nas, "tank/data/b", "g", "after");
        snapshot(nas, "tank/data@two");
        nas.forgetLog();

        assertThat(run().success()).isTrue();

        assertThat(nas.count(SendStream.Full.class)).isZero();
        assertThat(labels(vault, "backup/data/b")).containsExactly("one", "two");
        assertThat(vault.contents(COPY.child("b").snapshot("two")))
                .isEqualTo(nas.contents(DATA.child("b").snapshot("two")));
        nothingLeftOver();
    }

    @Test
    void severalDestinationsDoNotDisturbEachOther() throws InterruptedException {
        tree();
        run();
        ReplicationRequest other = ReplicationRequest.of("tank/data", "backup/other")
                .recursive(true)
                .build();
        assertThat(replication.run(replication.plan(other)).success()).isTrue();
        assertThat(history(nas, DATA).bookmarks()).hasSize(2);
        snapshot(nas, "tank/data@two");
        run();
        destroy(nas, "tank/data", "one");
        snapshot(nas, "tank/data@three");
        nas.forgetLog();

        assertThat(replication.run(replication.plan(other)).success()).isTrue();
        assertThat(run().success()).isTrue();

        assertThat(nas.count(SendStream.Full.class)).isZero();
        assertThat(history(nas, DATA).bookmarks()).hasSize(2);
    }

    @Test
    void aWrittenTargetIsRefusedAndItsSiblingsAreNot() throws InterruptedException {
        tree();
        run();
        vault.execute(new ZfsCommand.SetProperties(COPY.child("b"), Map.of("readonly", "off")))
                .orThrow();
        write(vault, "backup/data/b", "mine", "precious");
        snapshot(nas, "tank/data@two");

        ReplicationResult result = run();

        assertThat(result.count(Outcome.Refused.class)).isEqualTo(1);
        assertThat(result.count(Outcome.Replicated.class)).isEqualTo(4);
        assertThat(result.success()).isFalse();
        assertThat(result.toString()).contains("tank/data/b").contains("way out");
        assertThat(vault.contents(COPY.child("b"))).containsEntry("mine", "precious");
    }

    @Test
    void aTargetWithDataAndWithoutSnapshotsIsNeverOverwritten() throws InterruptedException {
        tree();
        create(vault, "backup/data", "backup/data/b");
        write(vault, "backup/data/b", "mine", "precious");

        ReplicationResult result = run();

        assertThat(result.count(Outcome.Refused.class)).isEqualTo(1);
        assertThat(result.count(Outcome.Replicated.class)).isEqualTo(4);
        assertThat(vault.contents(COPY.child("b"))).containsEntry("mine", "precious");
    }

    @Test
    void anEmptyTargetMadeByHandBecomesTheReplica() throws InterruptedException {
        tree();
        create(vault, "backup/data", "backup/data/b");

        assertThat(run().success()).isTrue();

        same();
        nothingLeftOver();
    }

    @Test
    void aCutStreamFailsItsDatasetAloneAndTheNextRunConverges() throws InterruptedException {
        tree();
        nas.cutNextStream(40);

        ReplicationResult result = impatient.run(plan());

        assertThat(result.count(Outcome.Failed.class)).isPositive();
        assertThat(result.success()).isFalse();
        nothingLeftOver();
        assertThat(run().success()).isTrue();
        same();
        nothingLeftOver();
    }

    @Test
    void aChildOfAFailedNewParentIsNotTried() throws InterruptedException {
        tree();
        nas.beforeEachSend(stream -> {
            if (stream instanceof SendStream.Full full && full.to().dataset().equals(DATA.child("a"))) {
                nas.execute(new ZfsCommand.DestroySnapshots(DATA.child("a"), List.of("one")));
                nas.execute(new ZfsCommand.RenameSnapshot(DATA.child("a").snapshot("one"), "elsewhere"));
            }
        });

        ReplicationResult result = impatient.run(plan());

        assertThat(result.datasets())
                .filteredOn(d -> d.outcome() instanceof Outcome.Failed)
                .extracting(DatasetResult::source)
                .containsExactly(DATA.child("a"), DATA.child("a/deep"));
        assertThat(result.count(Outcome.Replicated.class)).isEqualTo(3);
    }

    @Test
    void aSnapshotDestroyedUnderASeriesIsToldOfAlthoughBothEndsSucceed() throws InterruptedException {
        tree();
        run();
        snapshot(nas, "tank/data@two");
        snapshot(nas, "tank/data@three");
        ReplicationPlan plan = plan();
        destroy(nas, "tank/data/b", "two");

        ReplicationResult result = replication.run(plan);

        assertThat(result.success()).isTrue();
        assertThat(result.datasets())
                .filteredOn(d -> d.source().equals(DATA.child("b")))
                .singleElement()
                .satisfies(
                        d -> assertThat(d.arrived()).extracting(Snapshot::label).containsExactly("three"));
        assertThat(result.warnings()).singleElement().asString().contains("tank/data/b: @two went away");
        nothingLeftOver();
    }

    @Test
    void withoutPermissionToBookmarkAndHoldItGoesOnAndSaysWhatIsLost() throws InterruptedException {
        tree();
        nas.failNext(c -> c instanceof ZfsCommand.CreateBookmark, ZfsFailure.Kind.NO_PERMISSION);
        nas.failNext(c -> c instanceof ZfsCommand.Hold, ZfsFailure.Kind.NO_PERMISSION);

        ReplicationResult result = run();

        assertThat(result.success()).isTrue();
        assertThat(result.warnings()).singleElement().asString().contains("not permitted");
    }

    @Test
    void aNewTargetThatIsNotReadOnlyAfterAllIsToldOf() throws InterruptedException {
        tree();
        ReplicationPlan plan = plan();
        vault.beforeEach(command -> {
            if (command instanceof ZfsCommand.ListHistories) {
                vault.execute(new ZfsCommand.SetProperties(COPY.child("b"), Map.of("readonly", "off")));
            }
        });

        ReplicationResult result = replication.run(plan);

        assertThat(result.success()).isTrue();
        assertThat(result.warnings()).singleElement().asString().contains("backup/data/b could not be made read-only");
    }

    @Test
    void aPropertyThatIsNotSetAfterAllIsToldOf() throws InterruptedException {
        tree();
        ReplicationRequest request = ReplicationRequest.of("tank/data", "backup/data")
                .recursive(true)
                .properties(new PropertyChoice(false, Set.of(), Map.of("exec", "off", "org.x:a", "1")))
                .build();
        vault.beforeEach(command -> {
            if (command instanceof ZfsCommand.ListHistories && vault.count(ReceiveStream.class) > 0) {
                vault.execute(new ZfsCommand.InheritProperty(COPY.child("b"), "org.x:a"));
            }
        });

        ReplicationResult result = replication.run(replication.plan(request));

        assertThat(result.success()).isTrue();
        assertThat(result.warnings()).containsExactly("org.x:a could not be set on backup/data/b (zfs allow userprop)");
        int asked = vault.count(ZfsCommand.GetProperties.class);
        run();
        assertThat(vault.count(ZfsCommand.GetProperties.class)).isEqualTo(asked);
    }

    @Test
    void whoMayNotMakeATargetReadOnlyIsToldAndReplicatesAllTheSame() throws InterruptedException {
        tree();
        run();
        vault.execute(new ZfsCommand.SetProperties(COPY.child("b"), Map.of("readonly", "off")))
                .orThrow();
        snapshot(nas, "tank/data@two");
        vault.failNext(c -> c instanceof ZfsCommand.SetProperties, ZfsFailure.Kind.NO_PERMISSION);

        ReplicationResult result = run();

        assertThat(result.success()).isTrue();
        assertThat(result.warnings()).singleElement().asString().contains("backup/data/b could not be made read-only");
        assertThat(run().warnings()).isEmpty();
        assertThat(dataset(vault, COPY.child("b")).readonly()).isTrue();
        vault.execute(new ZfsCommand.SetProperties(COPY.child("b"), Map.of("readonly", "off")))
                .orThrow();
        vault.failNext(c -> c instanceof ZfsCommand.SetProperties, ZfsFailure.Kind.INVALID);
        assertThat(run().count(Outcome.Failed.class)).isEqualTo(1);
    }

    @Test
    void aListingThatFailsStopsEverythingBeforeItBegins() {
        tree();
        vault.failNext(c -> c instanceof ZfsCommand.ListDatasets, ZfsFailure.Kind.HOST_UNREACHABLE);

        assertThatExceptionOfType(ZfsException.class)
                .isThrownBy(this::plan)
                .satisfies(e -> assertThat(e.failure().kind()).isEqualTo(ZfsFailure.Kind.HOST_UNREACHABLE));
    }

    @Test
    void aVerificationThatFailsIsNoSuccess() throws InterruptedException {
        tree();
        ReplicationPlan plan = plan();
        vault.failNext(c -> c instanceof ZfsCommand.ListHistories, ZfsFailure.Kind.HOST_UNREACHABLE);

        ReplicationResult result = impatient.run(plan);

        assertThat(result.count(Outcome.Failed.class)).isEqualTo(5);
        assertThat(result.toString()).contains("not verified");
        assertThat(run().success()).isTrue();
        nothingLeftOver();
    }

    @Test
    void aLostAcknowledgementStillGivesAnIncrementNextTime() throws InterruptedException {
        tree();
        run();
        snapshot(nas, "tank/data@two");
        ReplicationPlan plan = plan();
        vault.failNext(c -> c instanceof ZfsCommand.ListHistories, ZfsFailure.Kind.HOST_UNREACHABLE);
        impatient.run(plan);
        for (String name : List.of("tank/data", "tank/data/a", "tank/data/a/deep", "tank/data/b", "tank/data/vol")) {
            destroy(nas, name, "one");
            destroy(nas, name, "two");
        }
        snapshot(nas, "tank/data@three");
        nas.forgetLog();

        assertThat(run().success()).isTrue();

        assertThat(nas.count(SendStream.Full.class)).isZero();
        assertThat(labels(vault, "backup/data")).containsExactly("one", "two", "three");
        nothingLeftOver();
    }

    @Test
    void aCancelledRunSaysSoAndTheNextOneConverges() throws InterruptedException {
        tree();
        Cancellation cancellation = new Cancellation();
        List<ReplicationEvent> events = new ArrayList<>();

        ReplicationResult result = replication.run(
                plan(),
                event -> {
                    events.add(event);
                    if (event instanceof ReplicationEvent.StreamFinished) {
                        cancellation.cancel();
                    }
                },
                cancellation);

        assertThat(result.count(Outcome.Cancelled.class)).isPositive();
        assertThat(result.success()).isFalse();
        assertThat(events.get(0)).isInstanceOf(ReplicationEvent.Started.class);
        assertThat(events.get(events.size() - 1)).isInstanceOf(ReplicationEvent.Finished.class);
        nothingLeftOver();
        assertThat(run().success()).isTrue();
        same();
    }

    @Test
    void aTransferOfManySnapshotsCostsFourCommandsADatasetAndAConstantABatch() throws InterruptedException {
        tree();
        run();
        for (int i = 0; i < 50; i++) {
            snapshot(nas, "tank/data@s" + i);
        }
        ReplicationPlan plan = plan();
        nas.forgetLog();
        vault.forgetLog();

        replication.run(plan);

        assertThat(nas.count(ZfsCommand.CreateBookmark.class)).isEqualTo(5);
        assertThat(nas.count(SendStream.class)).isEqualTo(5);
        assertThat(vault.count(ReceiveStream.class)).isEqualTo(5);
        assertThat(nas.count(ZfsCommand.DestroyBookmark.class)).isEqualTo(5);
        assertThat(nas.commandsRun()).hasSize(5 + 1 + 1 + 5);
        assertThat(vault.commandsRun()).hasSize(1);
        assertThat(nas.roundTrips())
                .as("marks, releases, and removes old marks")
                .isEqualTo(3);
    }

    @Test
    void aHoldThatCouldNotBeReleasedIsReleasedByTheNextRun() throws InterruptedException {
        tree();
        run();
        snapshot(nas, "tank/data@two");
        nas.failNext(ZfsCommand.Release.class::isInstance, ZfsFailure.Kind.HOST_UNREACHABLE);

        assertThat(run().success()).isTrue();

        assertThat(run().bytes()).isZero();
        nothingLeftOver();
    }

    @Test
    void anOldBookmarkStaysWhereTheNewOneCouldNotBeMade() throws InterruptedException {
        create(nas, "tank/data");
        snapshot(nas, "tank/data@one");
        run();
        snapshot(nas, "tank/data@two");
        nas.failNext(ZfsCommand.CreateBookmark.class::isInstance, ZfsFailure.Kind.HOST_UNREACHABLE);

        assertThat(run().success()).isTrue();

        assertThat(history(nas, DATA).bookmarks()).hasSize(1);
    }

    /** Holding and releasing are granted each by itself. */
    @Test
    void whoMayHoldAndNotReleaseKeepsTheBookmarksThatTellOfHolds() throws InterruptedException {
        create(nas, "tank/data");
        snapshot(nas, "tank/data@one");
        run();
        for (String label : List.of("two", "three")) {
            snapshot(nas, "tank/data@" + label);
            nas.failNext(ZfsCommand.Release.class::isInstance, ZfsFailure.Kind.NO_PERMISSION);
            assertThat(run().success()).isTrue();
        }

        run();

        nothingLeftOver();
    }

    @Test
    void whatIsThereIsMarkedAnewAlsoWhereNothingElseCanBeSent() throws InterruptedException {
        tree();
        run();
        snapshot(nas, "tank/data/a@two");
        nas.failNext(
                command -> command instanceof ZfsCommand.CreateBookmark mark
                        && mark.bookmark().dataset().equals(DATA.child("a/deep")),
                ZfsFailure.Kind.HOST_UNREACHABLE);
        run();
        create(nas, "tank/data/middle", "tank/data/middle/new");
        snapshot(nas, "tank/data/middle/new@one");
        DatasetName deep = DATA.child("a/deep");
        vault.failNext(ZfsCommand.CreateFilesystem.class::isInstance, ZfsFailure.Kind.NO_PERMISSION);

        assertThat(run().count(Outcome.Failed.class)).isEqualTo(1);

        assertThat(history(nas, deep).bookmarks())
                .anyMatch(mark -> history(vault, COPY.child("a/deep")).holds(mark.guid()));
    }

    @Test
    void whatIsCarriedOnIsReleasedThoughItsBookmarkWasNeverMade() throws InterruptedException {
        create(nas, "tank/data");
        snapshot(nas, "tank/data@one");
        run();
        nas.write(DATA, "big", new byte[100_000]);
        snapshot(nas, "tank/data@two");
        nas.failNext(ZfsCommand.CreateBookmark.class::isInstance, ZfsFailure.Kind.HOST_UNREACHABLE);
        nas.cutNextStream(50_000);
        impatient.run(plan());
        snapshot(nas, "tank/data@three");

        assertThat(run().saved()).isPositive();

        nothingLeftOver();
    }

    @Test
    void sourceInsideTargetAndTargetInsideSourceAreRefusedOnOneHost() {
        Replication onOne = Replication.between(nas, nas);
        create(nas, "tank/data", "tank/data/in");

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> onOne.plan(ReplicationRequest.of("tank/data/in", "tank/data")
                        .recursive(true)
                        .build()));
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> onOne.plan(ReplicationRequest.of("tank/data", "tank/data/in")
                        .recursive(true)
                        .build()));
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> onOne.plan(ReplicationRequest.of("tank/data", "tank/data/in/new")
                        .recursive(true)
                        .build()));
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> onOne.plan(
                        ReplicationRequest.of("tank/data", "tank/data").build()));
    }

    @Test
    void whatDoesNotExistIsNamed() {
        assertThatExceptionOfType(ZfsException.class).isThrownBy(this::plan).withMessageContaining("tank/data");
        create(nas, "tank/data");
        assertThatExceptionOfType(ZfsException.class)
                .isThrownBy(() -> replication.plan(
                        ReplicationRequest.of("tank/data", "nopool/x").build()))
                .withMessageContaining("nopool");
    }

    @Test
    void aMiddleHostThatWasRolledBackIsNoSilentSource() throws InterruptedException {
        tree();
        run();
        FakeZfs third = FakeZfs.builder().host("third").seed(3).build();
        Replication onward = Replication.between(vault, third).with(new VirtualConcurrency(9));
        ReplicationRequest cascade = ReplicationRequest.of("backup/data", "tank/third")
                .recursive(true)
                .build();
        assertThat(onward.run(onward.plan(cascade)).success()).isTrue();
        assertThatExceptionOfType(ZfsException.class)
                .as("what a replica sent on stays held there")
                .isThrownBy(() -> destroy(vault, "backup/data", "one"))
                .satisfies(e -> assertThat(e.failure().kind()).isEqualTo(ZfsFailure.Kind.HELD));
        vault.execute(new ZfsCommand.Release(onward.plan(cascade).holdTag(), List.of(COPY.snapshot("one"))))
                .orThrow();
        destroy(vault, "backup/data", "one");
        snapshot(vault, "backup/data@two");

        ReplicationPlan plan = onward.plan(cascade);

        assertThat(plan.datasets().get(0).decision())
                .isInstanceOfSatisfying(
                        Decision.Refuse.class,
                        r -> assertThat(r.reason()).isEqualTo(Decision.Reason.BOOKMARK_OF_REPLICA));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyInterleavingGivesTheSameEnd(long seed) throws InterruptedException {
        tree();
        Replication seeded = Replication.between(nas, vault).with(new VirtualConcurrency(seed));

        assertThat(seeded.run(plan()).success()).as("seed %d", seed).isTrue();

        same();
        nothingLeftOver();
    }

    @Test
    void bookmarksThatArePeoplesOwnStay() throws InterruptedException {
        tree();
        BookmarkName own = DATA.bookmark("mine");
        nas.execute(new ZfsCommand.CreateBookmark(DATA.snapshot("one"), own)).orThrow();
        run();
        snapshot(nas, "tank/data@two");
        run();

        assertThat(history(nas, DATA).bookmarks())
                .hasSize(2)
                .anyMatch(b -> b.label().equals("mine"));
    }
}
