// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.retain.RetentionPolicy;
import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationEvent;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.Restore;
import dev.zlineage.scheduler.task.SnapshotOptions;
import dev.zlineage.scheduler.task.TargetRetention;
import dev.zlineage.scheduler.tick.SourceReport;
import dev.zlineage.scheduler.tick.SourceReport.Outcome;
import dev.zlineage.scheduler.tick.Tally.Verdict;
import dev.zlineage.scheduler.tick.TaskReport;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Snapshots, then replications, on two hosts held in memory. */
class TickOnFakeTest extends TickWorld {

    private static SourceReport only(TickReport report) {
        assertThat(report.tasks()).hasSize(1);
        assertThat(report.tasks().get(0).sources()).hasSize(1);
        return report.tasks().get(0).sources().get(0);
    }

    private static List<String> outcomes(SourceReport source) {
        return ((Outcome.Ran) source.outcome())
                .result().datasets().stream()
                        .map(d -> d.source() + " " + d.outcome().getClass().getSimpleName())
                        .toList();
    }

    @Test
    void whatATickTakesIsSentInTheSameTick() throws InterruptedException {
        create(nas, "tank/a", "tank/a/b");
        snapshots.add(hourly("h", "tank/a").ofTree());
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .recursive()
                .snapshots(bound("h"))
                .auto()
                .build());

        TickReport first = tick("2026-01-10T01:00:00Z");
        write(nas, "tank/a/b", "new");
        TickReport second = tick("2026-01-10T02:00:00Z");
        TickReport nothing = tick("2026-01-10T02:01:00Z");

        assertThat(first.tally()).hasToString("Tally[good=3, refused=0, failed=0, cancelled=0, busy=0]");
        assertThat(second.tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(labels(vault, "backup/a/b")).containsExactly("auto-2026-01-10_01-00", "auto-2026-01-10_02-00");
        assertThat(vault.contents(DatasetName.of("backup/a/b"))).containsEntry("file", "new");
        assertThat(nothing.toString()).isEqualTo("nothing is due at 2026-01-10T02:01Z[UTC]\n");
    }

    /** What was saved of the datasets comes back: the same snapshots, with what they held, whatever became of the sources. */
    @Test
    void aTaskThatIsTurnedAroundBringsBackWhatItSaved() throws InterruptedException {
        create(nas, "tank/a", "tank/a/b", "tank/a/tmp");
        write(nas, "tank/a/b", "precious");
        snapshots.add(hourly("h", "tank/a").ofTree("tank/a/tmp"));
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .recursive("tank/a/tmp")
                .snapshots(bound("h"))
                .auto()
                .build());
        assertThat(tick("2026-01-10T01:00:00Z").tally().verdict()).isEqualTo(Verdict.DONE);
        nas.execute(new ZfsCommand.DestroyDataset(DatasetName.of("tank/a"), Scope.SUBTREE))
                .orThrow();

        replications.add(Restore.of(definition(), "r", "back", "tank/restored"));
        assertThat(byHand("back").tally().verdict()).isEqualTo(Verdict.DONE);

        assertThat(labels(nas, "tank/restored/b")).containsExactly("auto-2026-01-10_01-00");
        assertThat(nas.contents(DatasetName.of("tank/restored/b"))).containsEntry("file", "precious");
        assertThat(tick("2026-01-10T02:30:00Z").tasks())
                .as("it never runs by itself")
                .isEmpty();
    }

    /** What lies in another source has its own copy; both come back to where they were, whether it lies in that copy too or not. */
    @Test
    void sourcesWithinEachOtherComeBackToTheirPlaces() throws InterruptedException {
        create(nas, "tank/a", "tank/a/in", "tank/a/in/b");
        write(nas, "tank/a", "outer");
        write(nas, "tank/a/in", "inner");
        write(nas, "tank/a/in/b", "deep");
        snapshot(nas, "tank/a", "auto-2026-01-10_00-00");
        OwnOptions own = OwnOptions.DEFAULTS.withTargets(Map.of("tank/a/in", "backup/apart"));
        ReplicationTask.Builder saving = ReplicationTask.of(
                        "r", Direction.PUSH, VAULT, List.of("tank/a", "tank/a/in"), "backup/saved")
                .snapshots(sending(SCHEMA))
                .streams(PLAIN)
                .own(own);
        for (ReplicationTask task : List.of(
                saving.recursive().build(), saving.recursive("tank/a/in").build())) {
            replications.clear();
            replications.add(task);
            assertThat(byHand("r").tally().verdict()).isEqualTo(Verdict.DONE);
            String place = "tank/restored" + task.exclude().size();
            replications.add(Restore.of(definition(), "r", "back", place));

            TickReport report = byHand("back");

            assertThat(report.tally().verdict()).as("%s", report).isEqualTo(Verdict.DONE);
            assertThat(report.toString()).doesNotContain("needs it as a parent");
            assertThat(nas.contents(DatasetName.of(place))).containsEntry("file", "outer");
            assertThat(nas.contents(DatasetName.of(place + "/in"))).containsEntry("file", "inner");
            assertThat(nas.contents(DatasetName.of(place + "/in/b"))).containsEntry("file", "deep");
        }
    }

    @Test
    void pullsToo() throws InterruptedException {
        create(vault, "tank/theirs");
        snapshot(vault, "tank/theirs", "auto-2026-01-09_00-00");
        replications.add(ReplicationTask.of("r", Direction.PULL, VAULT, List.of("tank/theirs"), "backup/theirs")
                .snapshots(receiving(SCHEMA))
                .streams(PLAIN)
                .auto()
                .schedule(HOURLY)
                .build());

        assertThat(tick("2026-01-10T01:00:00Z").tally().verdict()).isEqualTo(Verdict.DONE);

        assertThat(labels(nas, "backup/theirs")).containsExactly("auto-2026-01-09_00-00");
    }

    /** A host that is away, a task that can't be done, a source that is gone: each is told, and the rest is done. */
    @Test
    void whatFailsStopsNothingElse() throws InterruptedException {
        create(nas, "tank/a", "tank/b");
        snapshot(nas, "tank/a", "auto-2026-01-09_00-00");
        snapshot(nas, "tank/b", "auto-2026-01-09_00-00");
        replications.add(push("away", VAULT, "tank/a", "backup/a").build());
        replications.add(
                push("not-yet", LOCAL, "tank/a", "backup/p").streams(TOO_SLOW).build());
        replications.add(
                ReplicationTask.of("half", Direction.PUSH, LOCAL, List.of("tank/gone", "tank/b"), "backup/half")
                        .snapshots(sending(SCHEMA))
                        .streams(PLAIN)
                        .build());
        far.away = true;

        TickReport report = run().run(Tick.all(definition(), now));

        assertThat(report.tally().verdict()).isEqualTo(Verdict.PARTLY_FAILED);
        assertThat(report.tasks())
                .extracting(
                        TaskReport::task,
                        task -> task.refusals().size(),
                        task -> task.sources().stream()
                                .map(s -> s.source() + " "
                                        + s.outcome().getClass().getSimpleName())
                                .toList())
                .containsExactly(
                        tuple("away", 0, List.of("tank/a Failed")),
                        tuple("not-yet", 1, List.of()),
                        tuple("half", 0, List.of("tank/b Ran", "tank/gone Failed")));
        assertThat(labels(nas, "backup/half/b")).containsExactly("auto-2026-01-09_00-00");
        assertThat(report.toString())
                .contains("replication task not-yet: REFUSED", "replication-tasks.not-yet.speed-limit: '1000': ");
        assertThat(report.toJson()).contains("\"format\": \"zlineage.tick/1\"", "\"verdict\": \"partly-failed\"");
    }

    @Test
    void theVerdictTellsRefusedFromFailed() throws InterruptedException {
        create(nas, "tank/a");
        snapshot(nas, "tank/a", "auto-2026-01-09_00-00");
        replications.add(
                push("r", LOCAL, "tank/a", "backup/a").streams(TOO_SLOW).build());
        replications.add(push("gone", LOCAL, "tank/gone", "backup/gone").build());

        assertThat(byHand("r").tally().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(byHand("gone").tally().verdict()).isEqualTo(Verdict.FAILED);
    }

    /**
     * W19: each dataset of a full filesystem is sent alone, so that it can be resumed; what the target has more of is not
     * touched, and what is gone on the source goes by retention.
     */
    @Test
    void w19AFullFilesystemGoesOnWhereItWasCutAndTakesNothingAway() throws InterruptedException {
        create(nas, "tank/a", "tank/a/z");
        write(nas, "tank/a/z", "x".repeat(1_000_000));
        snapshot(nas, "tank/a/z", "by-hand");
        nas.execute(new ZfsCommand.CloneSnapshot(
                        DatasetName.of("tank/a/z").snapshot("by-hand"), DatasetName.of("tank/a/clone"), Map.of()))
                .orThrow();
        write(nas, "tank/a/clone", "y".repeat(1_000_000));
        snapshot(nas, "tank/a", "auto-2026-01-09_00-00");
        nas.execute(new ZfsCommand.SetProperties(DatasetName.of("tank/a/z"), Map.of("my:note", "x")))
                .orThrow();
        replications.add(push("whole", VAULT, "tank/a", "backup/a")
                .recursive()
                .streams(WHOLE)
                .retention(AS_SOURCE)
                .attempts(1)
                .build());
        nas.cutStreams(700_000);
        int runs = 0;
        while (byHand("whole").tally().verdict() != Verdict.DONE && ++runs < 20) {}

        assertThat(runs).isBetween(1, 10);
        assertThat(nas.count(SendStream.Resume.class)).isPositive();
        assertThat(labels(vault, "backup/a/z")).containsExactly("by-hand", "auto-2026-01-09_00-00");
        assertThat(vault.execute(new ZfsCommand.ListDatasets(List.of(DatasetName.of("backup/a/clone")), Scope.SELF))
                        .orThrow()
                        .get(0)
                        .origin())
                .contains(DatasetName.of("backup/a/z").snapshot("by-hand"));
        create(vault, "backup/a/own");
        snapshot(vault, "backup/a/own", "mine");
        snapshot(nas, "tank/a/z", "auto-2026-01-10_00-00");
        nas.cutStreams(Long.MAX_VALUE);

        byHand("whole");

        assertThat(labels(vault, "backup/a/own")).containsExactly("mine");
        assertThat(labels(vault, "backup/a/z"))
                .containsExactly("by-hand", "auto-2026-01-09_00-00", "auto-2026-01-10_00-00");
        destroy(nas, "tank/a/z", "auto-2026-01-09_00-00");
        byHand("whole");
        assertThat(labels(vault, "backup/a/z")).containsExactly("by-hand", "auto-2026-01-10_00-00");
    }

    /** W20: where a task asks for it, copies of datasets that are gone go after a while, with their last snapshots. */
    @Test
    void w20CopiesOfWhatIsGoneGoWhereATaskAsksForIt() throws InterruptedException {
        create(nas, "tank/a", "tank/a/b", "tank/a/c");
        snapshot(nas, "tank/a", "auto-2026-01-09_00-00");
        replications.add(push("keeps", LOCAL, "tank/a", "backup/keeps")
                .recursive()
                .retention(AS_SOURCE)
                .build());
        replications.add(push("prunes", VAULT, "tank/a", "backup/a")
                .recursive()
                .retention(AS_SOURCE)
                .own(OwnOptions.DEFAULTS.withPrune(Duration.ofDays(7)))
                .build());
        byHand("keeps");
        byHand("prunes");
        nas.execute(new ZfsCommand.DestroyDataset(DatasetName.of("tank/a/b"), Scope.SUBTREE))
                .orThrow();
        assertThat(byHand("prunes").toString())
                .contains("copies of task prunes: 1 dataset without a source", "backup/a/b: note, tank/a/b is gone");
        now = now.plus(Duration.ofDays(7));
        TickReport preview = run().plan(Tick.of(definition(), now, "prunes"));
        assertThat(preview.toString()).contains("backup/a/b: destroy, tank/a/b is gone since 2026-01-10");
        assertThat(labels(vault, "backup/a/b")).containsExactly("auto-2026-01-09_00-00");
        far.away = true;
        assertThat(byHand("prunes").pruning()).as("nothing was replicated").isEmpty();
        far.away = false;

        TickReport report = byHand("prunes");

        assertThat(report.toString()).contains("backup/a/b is destroyed");
        assertThat(report.toJson()).contains("\"pruning\"", "\"destroyed\"");
        assertThat(history(vault, "backup/a/b").isEmpty()).isTrue();
        assertThat(vault.execute(new ZfsCommand.ListDatasets(List.of(DatasetName.of("backup/a")), Scope.SUBTREE))
                        .orThrow())
                .hasSize(2);
        byHand("keeps");
        assertThat(labels(nas, "backup/keeps/b")).containsExactly("auto-2026-01-09_00-00");
    }

    /** W25: they are attempts, and what arrives in between starts the count anew. */
    @Test
    void w25RetriesAreAttemptsOfEachDatasetThatBroughtNothing() throws InterruptedException {
        create(nas, "tank/a");
        write(nas, "tank/a", "x".repeat(1_000_000));
        snapshot(nas, "tank/a", "auto-2026-01-09_00-00");
        replications.add(push("r", VAULT, "tank/a", "backup/a").attempts(2).build());
        nas.cutStreams(300_000);

        assertThat(byHand("r").tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(nas.count(SendStream.class)).isGreaterThan(3);

        create(nas, "tank/b");
        write(nas, "tank/b", "x".repeat(1_000_000));
        snapshot(nas, "tank/b", "auto-2026-01-09_00-00");
        replications.add(push("s", VAULT, "tank/b", "backup/b").attempts(3).build());
        nas.cutStreams(0);
        int before = nas.count(SendStream.class);

        TickReport report = byHand("s");

        assertThat(report.tally().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(nas.count(SendStream.class) - before).isEqualTo(3);
    }

    @Test
    void w10AStreamThatIsCutIsNoSuccess() throws InterruptedException {
        create(nas, "tank/a");
        write(nas, "tank/a", "x".repeat(1_000_000));
        snapshot(nas, "tank/a", "auto-2026-01-09_00-00");
        replications.add(push("r", VAULT, "tank/a", "backup/a").attempts(1).build());
        nas.cutStreams(300_000);

        TickReport report = byHand("r");

        assertThat(report.tally().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(outcomes(only(report))).containsExactly("tank/a Failed");
    }

    @Test
    void w11OneChildWithoutABaseStopsNoOther() throws InterruptedException {
        create(nas, "tank/a", "tank/a/child", "tank/a/other");
        snapshots.add(hourly("h", "tank/a").ofTree());
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .recursive()
                .snapshots(bound("h"))
                .auto()
                .build());
        tick("2026-01-10T01:00:00Z");
        destroy(vault, "backup/a/child", "auto-2026-01-10_01-00");
        snapshot(vault, "backup/a/child", "foreign");

        TickReport report = tick("2026-01-10T02:00:00Z");

        assertThat(report.tally().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(outcomes(only(report)))
                .containsExactly("tank/a Replicated", "tank/a/child Refused", "tank/a/other Replicated");
        assertThat(labels(vault, "backup/a/other")).hasSize(2);
        assertThat(labels(vault, "backup/a/child")).containsExactly("foreign");
    }

    @Test
    void w12DataInATargetWithoutSnapshotsIsNotOverwrittenOnAnyLevel() throws InterruptedException {
        create(nas, "tank/a", "tank/a/child");
        snapshot(nas, "tank/a", "auto-2026-01-09_00-00");
        create(vault, "backup/a", "backup/a/child");
        write(vault, "backup/a/child", "precious");
        replications.add(push("r", VAULT, "tank/a", "backup/a").recursive().build());

        TickReport report = byHand("r");

        assertThat(outcomes(only(report))).containsExactly("tank/a Replicated", "tank/a/child Refused");
        assertThat(vault.contents(DatasetName.of("backup/a/child"))).containsEntry("file", "precious");
    }

    @Test
    void w13FromScratchKeepsTheOldCopyAside() throws InterruptedException {
        create(nas, "tank/a");
        write(nas, "tank/a", "new");
        snapshot(nas, "tank/a", "auto-2026-01-09_00-00");
        create(vault, "backup/a", "backup/a/theirs");
        write(vault, "backup/a", "old");
        snapshot(vault, "backup/a", "foreign");
        replications.add(push("r", VAULT, "tank/a", "backup/a").build());
        assertThat(byHand("r").tally().verdict()).isEqualTo(Verdict.REFUSED);
        replications.set(
                0, push("r", VAULT, "tank/a", "backup/a").fromScratch(true).build());

        assertThat(byHand("r").tally().verdict()).isEqualTo(Verdict.DONE);

        assertThat(vault.contents(DatasetName.of("backup/a"))).containsEntry("file", "new");
        List<DatasetName> all = vault
                .execute(new ZfsCommand.ListHistories(List.of(DatasetName.of("backup")), Scope.SUBTREE))
                .orThrow()
                .entrySet()
                .stream()
                .filter(e -> e.getValue().snapshot("foreign").isPresent())
                .map(Map.Entry::getKey)
                .toList();
        assertThat(all).anySatisfy(aside -> assertThat(vault.contents(aside)).containsEntry("file", "old"));
    }

    @Test
    void w14RenamedSnapshotsAreStillTheBase() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(hourly("h", "tank/a"));
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .snapshots(bound("h"))
                .auto()
                .build());
        tick("2026-01-10T01:00:00Z");
        nas.execute(new ZfsCommand.RenameSnapshot(
                        DatasetName.of("tank/a").snapshot("auto-2026-01-10_01-00"), "important"))
                .orThrow();

        TickReport report = tick("2026-01-10T02:00:00Z");

        assertThat(report.tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(((Outcome.Ran) only(report).outcome()).plan().toString()).contains("increment @important -> ");
    }

    @Test
    void w15WhatTheTargetHasOfItsOwnIsNotRolledBack() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(hourly("h", "tank/a"));
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .snapshots(bound("h"))
                .auto()
                .build());
        tick("2026-01-10T01:00:00Z");
        write(vault, "backup/a", "theirs");
        snapshot(vault, "backup/a", "theirs");

        TickReport report = tick("2026-01-10T02:00:00Z");

        assertThat(((Outcome.Ran) only(report).outcome())
                        .result()
                        .datasets()
                        .get(0)
                        .outcome())
                .isInstanceOfSatisfying(
                        DatasetResult.Outcome.Refused.class,
                        refused -> assertThat(refused.refusal().reason()).isEqualTo(Decision.Reason.DIVERGED));
        assertThat(labels(vault, "backup/a")).containsExactly("auto-2026-01-10_01-00", "theirs");
    }

    /** The grandchild has nowhere to go. */
    @Test
    void w16AChildWithoutMatchingSnapshotsDoesNotMakeItsChildrenFail() throws InterruptedException {
        create(nas, "tank/a", "tank/a/b", "tank/a/b/c");
        snapshots.add(hourly("top", "tank/a"));
        snapshots.add(hourly("deep", "tank/a/b/c"));
        snapshot(nas, "tank/a/b", "manual");
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .recursive()
                .snapshots(bound("top", "deep"))
                .auto()
                .build());

        TickReport report = tick("2026-01-10T01:00:00Z");

        assertThat(report.tally().failed()).as(report.toString()).isZero();
        assertThat(labels(vault, "backup/a/b/c")).containsExactly("auto-2026-01-10_01-00");
    }

    @Test
    void w17AGlobLeavesOutTheSameInSnapshotsAndReplication() throws InterruptedException {
        create(nas, "tank/a", "tank/a/tmp", "tank/a/tmp/x");
        snapshots.add(hourly("h", "tank/a").ofTree("tank/a/t?p"));
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .recursive("tank/a/t?p")
                .snapshots(bound("h"))
                .auto()
                .build());

        TickReport report = tick("2026-01-10T01:00:00Z");

        assertThat(report.tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(outcomes(only(report))).containsExactly("tank/a Replicated");
        assertThat(labels(nas, "tank/a/tmp/x")).isEmpty();
    }

    @Test
    void sourcesGoToTargetsOfTheirOwnAndComeBack() throws InterruptedException {
        create(nas, "tank/a", "tank/b");
        create(vault, "backup/own");
        snapshots.add(hourly("a", "tank").ofTree());
        replications.add(ReplicationTask.of("r", Direction.PUSH, VAULT, List.of("tank/a", "tank/b"), "backup")
                .snapshots(bound("a"))
                .own(OwnOptions.DEFAULTS.withTargets(Map.of("tank/b", "backup/own/x")))
                .auto()
                .build());

        assertThat(tick("2026-01-10T01:00:00Z").tally().verdict()).isEqualTo(Verdict.DONE);

        assertThat(labels(vault, "backup/a")).containsExactly("auto-2026-01-10_01-00");
        assertThat(labels(vault, "backup/own/x")).containsExactly("auto-2026-01-10_01-00");
        replications.add(Restore.of(definition(), "r", "back", "tank/restored"));
        assertThat(byHand("back").tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(labels(nas, "tank/restored/a")).containsExactly("auto-2026-01-10_01-00");
        assertThat(labels(nas, "tank/restored/b")).containsExactly("auto-2026-01-10_01-00");
    }

    /** Snapshots, replication and retention on both sides see the same datasets. */
    @Test
    void whatIsTakenInAgainIsPartOfTheTaskEverywhere() throws InterruptedException {
        create(nas, "tank/a", "tank/a/tmp", "tank/a/tmp/keep", "tank/a/tmp/x");
        PeriodicSnapshotTask hourly = hourly("h", "tank/a")
                .ofTree("tank/a/tmp")
                .with(SnapshotOptions.DEFAULTS
                        .withInclude(List.of("tank/a/tmp/keep"))
                        .withKeep(new RetentionPolicy.Buckets(1, 0, 0, 0, 0)));
        snapshots.add(hourly);
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .recursive("tank/a/tmp")
                .own(OwnOptions.DEFAULTS.withInclude(List.of("tank/a/tmp/keep")))
                .snapshots(bound("h"))
                .retention(new TargetRetention(TargetRetention.Policy.SOURCE, Optional.empty(), Map.of()))
                .auto()
                .build());

        tick("2026-01-10T01:00:00Z");
        vault.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of("backup/a/tmp").snapshot("auto-2026-01-10_01-00")),
                        Scope.SELF,
                        Map.of()))
                .orThrow();
        TickReport report = tick("2026-01-10T02:00:00Z");

        assertThat(report.tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(outcomes(only(report))).containsExactly("tank/a Replicated", "tank/a/tmp/keep Replicated");
        assertThat(labels(nas, "tank/a/tmp/keep")).containsExactly("auto-2026-01-10_02-00");
        assertThat(labels(vault, "backup/a/tmp/keep")).containsExactly("auto-2026-01-10_02-00");
        assertThat(labels(vault, "backup/a/tmp")).containsExactly("auto-2026-01-10_01-00");
        assertThat(labels(nas, "tank/a/tmp/x")).isEmpty();
    }

    @Test
    void aRegularExpressionIsRestrictedByAScheduleToo() throws InterruptedException {
        create(nas, "tank/a");
        for (int hour = 1; hour < 4; hour++) {
            now = Instant.parse("2026-01-10T0" + hour + ":00:00Z");
            snapshot(nas, "tank/a", "m" + hour);
        }
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .snapshots(matching("m.", Optional.of(CronSchedule.of("0 2 * * *"))))
                .build());

        assertThat(byHand("r").tally().verdict()).isEqualTo(Verdict.DONE);

        assertThat(labels(vault, "backup/a")).containsExactly("m2");
    }

    @Test
    void w24ATickThatIsCancelledBeginsNothingFurther() throws InterruptedException {
        create(nas, "tank/a", "tank/b");
        snapshot(nas, "tank/a", "auto-2026-01-09_00-00");
        snapshot(nas, "tank/b", "auto-2026-01-09_00-00");
        replications.add(push("one", VAULT, "tank/a", "backup/a").build());
        replications.add(push("two", VAULT, "tank/b", "backup/b").build());
        Cancellation cancellation = new Cancellation();
        List<String> begun = new ArrayList<>();

        TickReport report = run().run(
                        Tick.all(definition(), now),
                        (task, plan) -> event -> {
                            if (event instanceof ReplicationEvent.Finished) {
                                begun.add(task.id());
                                cancellation.cancel();
                            }
                        },
                        cancellation);

        assertThat(begun).containsExactly("one");
        assertThat(report.tally().verdict()).isEqualTo(Verdict.CANCELLED);
        assertThat(report.retention()).isEmpty();
        assertThat(labels(vault, "backup/b")).isEmpty();
    }

    @Test
    void w24APreviewChangesNothing() {
        create(nas, "tank/a");
        snapshot(nas, "tank/a", "auto-2026-01-09_00-00");
        replications.add(push("r", VAULT, "tank/a", "backup/a").build());

        TickReport report = run().plan(Tick.all(definition(), now));

        assertThat(only(report).outcome()).isInstanceOf(Outcome.Planned.class);
        assertThat(report.toString()).contains("replication task r: tank/a -> backup/a\n  plan: tank/a");
        assertThat(report.toJson()).contains("\"format\": \"zlineage.plan/1\"");
        assertThat(labels(vault, "backup/a")).isEmpty();
        assertThat(nas.count(SendStream.class)).isZero();
    }
}
