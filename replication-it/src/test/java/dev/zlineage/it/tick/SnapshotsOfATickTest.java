// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.HookPrograms;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.SnapshotOptions;
import dev.zlineage.scheduler.tick.SnapshotHook;
import dev.zlineage.scheduler.tick.SnapshotReport;
import dev.zlineage.scheduler.tick.SnapshotReport.Outcome;
import dev.zlineage.scheduler.tick.Tally;
import dev.zlineage.scheduler.tick.Tally.Verdict;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickListener;
import dev.zlineage.scheduler.tick.TickReport;
import dev.zlineage.scheduler.tick.TickRun;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tick takes, on a host held in memory. */
class SnapshotsOfATickTest extends TickWorld {

    private static final String ONE = "2026-01-10T01:00:00Z";
    private static final String LABEL = "auto-2026-01-10_01-00";

    private static Outcome outcome(TickReport report) {
        assertThat(report.snapshots()).hasSize(1);
        return report.snapshots().get(0).outcome();
    }

    @Test
    void aTreeWithExcludesInOneTransactionGroup() throws InterruptedException {
        create(nas, "tank/a", "tank/a/b", "tank/a/tmp", "tank/a/tmp/x", "tank/other");
        snapshots.add(hourly("h", "tank/a").ofTree("tank/a/t*p"));

        TickReport report = tick(ONE);

        assertThat(report.tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(report.snapshots().get(0).taken())
                .extracting(Object::toString)
                .containsExactly("tank/a@" + LABEL, "tank/a/b@" + LABEL);
        assertThat(Stream.of("tank/a", "tank/a/b")
                        .map(name -> history(nas, name).snapshots().get(0).createtxg())
                        .distinct())
                .hasSize(1);
        assertThat(labels(nas, "tank/a/tmp")).isEmpty();
        assertThat(labels(nas, "tank/a/tmp/x")).isEmpty();
        assertThat(labels(nas, "tank/other")).isEmpty();
    }

    @Test
    void whatIsTakenInAgainGetsItsSnapshotInTheSameTransactionGroup() throws InterruptedException {
        create(nas, "tank/a", "tank/a/tmp", "tank/a/tmp/keep", "tank/a/tmp/keep/x", "tank/a/tmp/other");
        snapshots.add(hourly("h", "tank/a")
                .ofTree("tank/a/t*p")
                .with(SnapshotOptions.DEFAULTS.withInclude(List.of("tank/a/tmp/keep"))));

        TickReport report = tick(ONE);

        assertThat(report.tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(report.snapshots().get(0).taken())
                .extracting(Object::toString)
                .containsExactly("tank/a@" + LABEL, "tank/a/tmp/keep@" + LABEL, "tank/a/tmp/keep/x@" + LABEL);
        assertThat(history(nas, "tank/a/tmp/keep/x").snapshots().get(0).createtxg())
                .isEqualTo(history(nas, "tank/a").snapshots().get(0).createtxg());
        assertThat(labels(nas, "tank/a/tmp")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tank/a/tmp"})
    void snapshotsAreGivenTheUserPropertiesOfTheirTask(String leftOut) throws InterruptedException {
        create(nas, "tank/a", "tank/a/b", "tank/a/tmp");
        PeriodicSnapshotTask tree = leftOut.isEmpty()
                ? hourly("h", "tank/a").ofTree()
                : hourly("h", "tank/a").ofTree(leftOut);
        snapshots.add(tree.withProperties(Map.of("org.example:why", "each hour", "org.example:by", "h")));

        assertThat(tick(ONE).tally().verdict()).isEqualTo(Verdict.DONE);

        Map<SnapshotName, String> why = nas.execute(new ZfsCommand.ListSnapshotProperty(
                        List.of(DatasetName.of("tank/a")), Scope.SUBTREE, "org.example:why"))
                .orThrow();
        assertThat(why)
                .containsEntry(DatasetName.of("tank/a").snapshot(LABEL), "each hour")
                .containsEntry(DatasetName.of("tank/a/b").snapshot(LABEL), "each hour")
                .hasSize(leftOut.isEmpty() ? 3 : 2);
    }

    /** The names tell the time in the zone of the definition. */
    @Test
    void namesAreOfTheZone() throws InterruptedException {
        create(nas, "tank/a", "tank/b");
        zone = ZoneId.of("Europe/Berlin");
        snapshots.add(PeriodicSnapshotTask.of("z", "tank/a", "%Y-%m-%d_%H-%M%z", HOURLY));
        snapshots.add(PeriodicSnapshotTask.of("s", "tank/b", "at-%s", HOURLY));

        tick("2026-07-10T01:00:00Z");

        assertThat(labels(nas, "tank/a")).containsExactly("2026-07-10_03-00--0200");
        assertThat(labels(nas, "tank/b")).containsExactly("at-1783645200");
    }

    @Test
    void twoTasksOfOneNameTakeItOnce() throws InterruptedException {
        create(nas, "tank/a", "tank/a/b", "tank/a/tmp");
        snapshots.add(hourly("inner", "tank/a/b"));
        snapshots.add(hourly("outer", "tank/a").ofTree("tank/a/tmp"));
        snapshots.add(hourly("left-out", "tank/a/tmp"));

        TickReport report = tick(ONE);

        assertThat(report.tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(report.snapshots())
                .extracting(r -> r.task() + " " + r.taken().size())
                .containsExactlyInAnyOrder("outer 2", "inner 0", "left-out 1");
        assertThat(report.toString())
                .contains("tank/a/b@" + LABEL + " is there: another task of this tick has taken it");
    }

    @Test
    void whatExistsIsAnErrorThatNamesIt() throws InterruptedException {
        create(nas, "tank/a", "tank/a/b");
        snapshot(nas, "tank/a/b", LABEL);
        snapshots.add(hourly("h", "tank/a").ofTree());

        TickReport report = tick(ONE);

        assertThat(report.tally().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(outcome(report)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.failure().kind()).isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
            assertThat(failed.failure().text()).contains("tank/a/b@" + LABEL + " exists");
        });
        assertThat(labels(nas, "tank/a")).isEmpty();
    }

    /** As after a crash, or where cron starts it twice. What is missing is taken. */
    /** What has a hook is taken last, so that nobody waits for it; the hook after is called however all went. */
    @Test
    void hooksAreCalledBesideTheSnapshotsOfTheirTask() throws InterruptedException {
        create(nas, "tank/a", "tank/b");
        snapshots.add(hourly("hooked", "tank/a").ofTree());
        snapshots.add(hourly("gone", "tank/gone"));
        snapshots.add(hourly("plain", "tank/b"));
        List<String> told = new ArrayList<>();
        SnapshotHook hook = new SnapshotHook() {
            @Override
            public void before(Occasion occasion) {
                told.add("before " + occasion.snapshot() + " " + labels(nas, "tank/a") + labels(nas, "tank/b"));
                throw new IllegalStateException("no database");
            }

            @Override
            public void after(Occasion occasion, boolean taken) {
                told.add("after " + occasion.task() + " " + taken + " " + labels(nas, "tank/a"));
            }
        };
        now = Instant.parse("2026-01-10T01:00:00Z");
        TickRun hooked =
                run().withHooks(task -> Optional.of(hook).filter(h -> !task.id().equals("plain")));

        TickReport report = hooked.run(Tick.at(definition(), now));

        String label = "auto-2026-01-10_01-00";
        assertThat(told)
                .containsExactly("before tank/a@" + label + " [][" + label + "]", "after hooked true [" + label + "]");
        assertThat(report.warnings())
                .containsExactly(
                        "tank/a@" + label
                                + " was taken although the hook before it failed: java.lang.IllegalStateException: no database");
        assertThat(report.snapshots()).hasSize(3);

        told.clear();
        snapshots.set(
                0,
                hourly("hooked", "tank/a")
                        .with(SnapshotOptions.DEFAULTS.withHooks(
                                new HookPrograms(Optional.empty(), Optional.empty(), Duration.ofMinutes(1), true))));
        now = Instant.parse("2026-01-10T02:00:00Z");
        TickReport required = run().withHooks(task -> Optional.of(hook)).run(Tick.at(definition(), now));
        assertThat(labels(nas, "tank/a")).containsExactly(label);
        assertThat(told).contains("after hooked false [" + label + "]");
        assertThat(required.tally().verdict()).isEqualTo(Tally.Verdict.PARTLY_FAILED);
    }

    @Test
    void theSameTickTwiceIsNoError() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(hourly("h", "tank/a").ofTree());
        tick(ONE);
        create(nas, "tank/a/new");

        TickReport report = tick("2026-01-10T01:00:41Z");

        assertThat(outcome(report)).isEqualTo(new Outcome.Taken());
        assertThat(report.snapshots().get(0).taken())
                .extracting(Object::toString)
                .containsExactly("tank/a/new@" + LABEL);
        assertThat(outcome(tick("2026-01-10T01:00:59Z"))).isEqualTo(new Outcome.Existed("it was taken in this minute"));
    }

    @Test
    void byHandWhatExistsIsAsGood() throws InterruptedException {
        create(nas, "tank/a");
        snapshot(nas, "tank/a", "auto-2026-01-10_00-00");
        now = now.plusSeconds(59);
        snapshots.add(hourly("h", "tank/a"));

        assertThat(outcome(byHand("h"))).isEqualTo(new Outcome.Existed("it was there already"));
    }

    /** Without an offset in the names, the hour that is shown twice has one snapshot; with it, two. */
    @Test
    void theHourThatIsShownTwice() throws InterruptedException {
        create(nas, "tank/plain", "tank/offset");
        zone = ZoneId.of("Europe/Berlin");
        snapshots.add(hourly("plain", "tank/plain"));
        snapshots.add(PeriodicSnapshotTask.of("offset", "tank/offset", "%Y-%m-%d_%H-%M%z", HOURLY));

        tick("2026-10-25T00:00:00Z");
        TickReport again = tick("2026-10-25T01:00:00Z");
        TickReport after = tick("2026-10-25T02:00:00Z");

        assertThat(again.tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(again.toString()).contains("is there: the clock has shown this time before");
        assertThat(after.tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(labels(nas, "tank/plain")).containsExactly("auto-2026-10-25_02-00", "auto-2026-10-25_03-00");
        assertThat(labels(nas, "tank/offset"))
                .containsExactly("2026-10-25_02-00--0200", "2026-10-25_02-00--0100", "2026-10-25_03-00--0100");
    }

    @Test
    void emptyOnesAreDestroyedAgainUnlessSomethingBelowIsNot() throws InterruptedException {
        create(nas, "tank/a", "tank/a/quiet", "tank/a/busy");
        snapshots.add(notEmpty(hourly("h", "tank/a").ofTree()));
        tick(ONE);
        write(nas, "tank/a/busy", "new");

        TickReport report = tick("2026-01-10T02:00:00Z");

        assertThat(report.snapshots().get(0).empty())
                .extracting(Object::toString)
                .containsExactly("tank/a/quiet@auto-2026-01-10_02-00");
        assertThat(labels(nas, "tank/a")).containsExactly(LABEL, "auto-2026-01-10_02-00");
        assertThat(labels(nas, "tank/a/busy")).containsExactly(LABEL, "auto-2026-01-10_02-00");
        assertThat(labels(nas, "tank/a/quiet")).containsExactly(LABEL);
    }

    /** A first snapshot stays in any case, and so does one that another task wants to have. */
    @Test
    void emptyOnesStayWhereSomeoneWantsThem() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(notEmpty(hourly("h", "tank/a")));
        snapshots.add(PeriodicSnapshotTask.of("d", "tank/a", "daily-%Y-%m-%d_%H-%M", CronSchedule.of("0 3 * * *")));
        tick(ONE);
        tick("2026-01-10T02:00:00Z");
        tick("2026-01-10T03:00:00Z");

        assertThat(labels(nas, "tank/a"))
                .containsExactlyInAnyOrder(LABEL, "auto-2026-01-10_03-00", "daily-2026-01-10_03-00");
    }

    @Test
    void emptyOnesStayWhereNobodyCanTell() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(notEmpty(hourly("h", "tank/a")));
        tick(ONE);
        nas.failNext(ZfsCommand.ListWritten.class::isInstance, ZfsFailure.Kind.TIMED_OUT);

        TickReport report = tick("2026-01-10T02:00:00Z");

        assertThat(labels(nas, "tank/a")).hasSize(2);
        assertThat(report.warnings()).singleElement().asString().contains("can't be told whether they are empty");
    }

    /** Someone puts another snapshot in the place of the empty one, at the last moment. */
    @Test
    void onlyTheVerySnapshotIsDestroyed() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(notEmpty(hourly("h", "tank/a")));
        tick(ONE);
        String label = "auto-2026-01-10_02-00";
        int[] listings = {0};
        nas.beforeEach(command -> {
            if (command instanceof ZfsCommand.ListHistories && ++listings[0] == 2) {
                destroy(nas, "tank/a", label);
                write(nas, "tank/a", "theirs");
                snapshot(nas, "tank/a", label);
            }
        });

        tick("2026-01-10T02:00:00Z");

        assertThat(listings[0]).isGreaterThanOrEqualTo(2);
        assertThat(labels(nas, "tank/a")).containsExactly(LABEL, label);
    }

    @Test
    void oneTaskThatFailsStopsNoOther() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(hourly("gone", "tank/gone"));
        snapshots.add(PeriodicSnapshotTask.of("bad", "tank/a", "auto-%Y", HOURLY));
        snapshots.add(hourly("good", "tank/a"));

        TickReport report = tick(ONE);

        assertThat(report.tally().verdict()).isEqualTo(Verdict.PARTLY_FAILED);
        assertThat(labels(nas, "tank/a")).containsExactly(LABEL);
        assertThat(report.snapshots())
                .extracting(SnapshotReport::task, r -> r.outcome().getClass().getSimpleName())
                .containsExactlyInAnyOrder(tuple("gone", "Failed"), tuple("bad", "Refused"), tuple("good", "Taken"));
    }

    /** No snapshot can be taken of a dataset whose first stream was cut. */
    @Test
    void whatIsBeingReceivedIsLeftOut() throws InterruptedException {
        create(nas, "tank/a", "tank/a/tmp", "tank/src");
        write(nas, "tank/src", "x".repeat(100_000));
        snapshot(nas, "tank/src", "manual");
        replications.add(push("r", LOCAL, "tank/src", "tank/a/copy")
                .snapshots(sending("manual-%Y-%m-%d_%H-%M"))
                .attempts(1)
                .build());
        nas.execute(new ZfsCommand.RenameSnapshot(
                        DatasetName.of("tank/src").snapshot("manual"), "manual-2026-01-01_00-00"))
                .orThrow();
        nas.cutStreams(50_000);
        byHand("r");
        assertThat(nas.execute(new ZfsCommand.ListDatasets(List.of(DatasetName.of("tank/a/copy")), Scope.SELF))
                        .orThrow()
                        .get(0)
                        .resumeToken())
                .isPresent();
        snapshots.add(hourly("h", "tank/a").ofTree("tank/a/tmp"));

        TickReport report = tick(ONE);

        assertThat(outcome(report)).isEqualTo(new Outcome.Taken());
        assertThat(labels(nas, "tank/a")).containsExactly(LABEL);
        assertThat(labels(nas, "tank/a/copy")).isEmpty();
    }

    @Test
    void aPreviewTakesNothing() {
        create(nas, "tank/a");
        snapshots.add(hourly("h", "tank/a"));

        TickReport report = run().plan(Tick.all(definition(), now));

        assertThat(report.toString()).isEqualTo("snapshot task h: tank/a@auto-2026-01-10_00-00 will be taken\n");
        assertThat(history(nas, "tank/a").snapshots())
                .extracting(Snapshot::label)
                .isEmpty();
        assertThat(nas.commandsRun()).noneMatch(ZfsCommand.TakeSnapshots.class::isInstance);
    }

    /** What the first hook has frozen is thawed; nothing more is begun. */
    @Test
    void aRunThatIsCancelledBeforeASnapshotTakesNoMore() throws InterruptedException {
        create(nas, "tank/a", "tank/b");
        snapshots.add(hourly("a", "tank/a"));
        snapshots.add(hourly("b", "tank/b"));
        Cancellation cancellation = new Cancellation();
        List<String> told = new ArrayList<>();
        SnapshotHook hook = new SnapshotHook() {
            @Override
            public void before(Occasion occasion) {
                told.add("before " + occasion.task());
                cancellation.cancel();
                assertThat(occasion.cancellation().isCancelled()).isTrue();
            }

            @Override
            public void after(Occasion occasion, boolean taken) {
                told.add("after " + occasion.task() + " " + taken);
            }
        };
        now = Instant.parse(ONE);

        TickReport report = run().withHooks(task -> Optional.of(hook))
                .run(Tick.at(definition(), now), TickListener.NONE, cancellation);

        assertThat(told).containsExactly("before a", "after a false");
        assertThat(report.snapshots())
                .extracting(SnapshotReport::outcome)
                .hasOnlyElementsOfType(Outcome.Cancelled.class);
        assertThat(report.tally().verdict()).isEqualTo(Verdict.CANCELLED);
        assertThat(report.toString()).contains("tank/b@" + LABEL + " CANCELLED before it was taken");
        assertThat(labels(nas, "tank/a")).isEmpty();
        assertThat(labels(nas, "tank/b")).isEmpty();
    }
}
