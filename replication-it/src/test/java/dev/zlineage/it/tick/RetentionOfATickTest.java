// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.tick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.retain.RetentionPolicy.Buckets;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotOptions;
import dev.zlineage.scheduler.task.TargetRetention;
import dev.zlineage.scheduler.tick.Tally.Verdict;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickReport;
import dev.zlineage.scheduler.tick.TickRun;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What goes after a tick, and what stays. */
class RetentionOfATickTest extends TickWorld {

    private static String label(int hour) {
        return String.format("auto-2026-01-10_%02d-00", hour);
    }

    private TickReport hour(int hour) throws InterruptedException {
        return tick(String.format("2026-01-10T%02d:00:00Z", hour));
    }

    private ReplicationTask.Builder sendingHourly(TargetRetention retention) {
        return push("r", VAULT, "tank/a", "backup/a")
                .recursive()
                .snapshots(bound("h"))
                .auto()
                .retention(retention);
    }

    @Test
    void bothSidesByTheirLifetimes() throws InterruptedException {
        create(nas, "tank/a", "tank/a/b");
        snapshots.add(keeping(hourly("h", "tank/a").ofTree(), "PT2H"));
        replications.add(sendingHourly(custom("PT3H")).build());
        for (int hour = 1; hour < 6; hour++) {
            assertThat(hour(hour).tally().verdict()).isEqualTo(Verdict.DONE);
        }

        // exactly as old as the lifetime is over it
        assertThat(labels(nas, "tank/a/b")).containsExactly(label(4), label(5));
        assertThat(labels(vault, "backup/a/b")).containsExactly(label(3), label(4), label(5));
    }

    /** Of each of the last two days the newest stays, on both sides, however short lifetimes are. */
    @Test
    void theNewestOfPeriodsStays() throws InterruptedException {
        create(nas, "tank/a");
        Buckets days = new Buckets(0, 2, 0, 0, 0);
        snapshots.add(keeping(hourly("h", "tank/a").ofTree(), "PT2H").with(SnapshotOptions.DEFAULTS.withKeep(days)));
        replications.add(sendingHourly(custom("PT1H"))
                .own(OwnOptions.DEFAULTS.withKeep(new Buckets(0, 3, 0, 0, 0)))
                .build());
        for (String time : List.of("07T22", "07T23", "08T22", "08T23", "09T22", "09T23", "10T00", "10T01")) {
            assertThat(tick("2026-01-" + time + ":00:00Z").tally().verdict()).isEqualTo(Verdict.DONE);
        }

        assertThat(labels(nas, "tank/a"))
                .containsExactly("auto-2026-01-09_23-00", "auto-2026-01-10_00-00", "auto-2026-01-10_01-00");
        assertThat(labels(vault, "backup/a"))
                .containsExactly("auto-2026-01-08_23-00", "auto-2026-01-09_23-00", "auto-2026-01-10_01-00");
    }

    @Test
    void theNewestOfPeriodsStaysAloneWithoutALifetime() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(hourly("h", "tank/a").with(SnapshotOptions.DEFAULTS.withKeep(new Buckets(3, 0, 0, 0, 0))));
        for (int hour = 1; hour < 7; hour++) {
            hour(hour);
        }

        assertThat(labels(nas, "tank/a")).containsExactly(label(4), label(5), label(6));
    }

    @Test
    void theTargetFollowsItsSource() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(keeping(hourly("h", "tank/a").ofTree(), "PT2H"));
        replications.add(sendingHourly(SAME).build());
        for (int hour = 1; hour < 6; hour++) {
            hour(hour);
        }

        assertThat(labels(nas, "tank/a")).containsExactly(label(4), label(5));
        assertThat(labels(vault, "backup/a")).containsExactly(label(4), label(5));
    }

    @Test
    void withoutRetentionEverythingStays() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(keeping(hourly("h", "tank/a").ofTree(), "PT1H"));
        replications.add(sendingHourly(TargetRetention.KEEP_ALL).build());
        for (int hour = 1; hour < 5; hour++) {
            hour(hour);
        }

        assertThat(labels(nas, "tank/a")).containsExactly(label(4));
        assertThat(labels(vault, "backup/a")).containsExactly(label(1), label(2), label(3), label(4));
    }

    /** The vault is away for hours; what it goes on from stays, and the next run is an increment. */
    @Test
    void nothingGoesWhileTheOtherSideIsNotSeen() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(keeping(hourly("h", "tank/a").ofTree(), "PT1H"));
        replications.add(sendingHourly(custom("P1D")).build());
        hour(1);
        far.away = true;
        for (int hour = 2; hour < 5; hour++) {
            TickReport away = hour(hour);
            assertThat(away.tally().verdict()).isEqualTo(Verdict.PARTLY_FAILED);
            assertThat(away.toString()).contains("vault can't be reached", "make that host reachable");
        }
        assertThat(labels(nas, "tank/a")).containsExactly(label(1), label(2), label(3), label(4));
        far.away = false;

        TickReport back = hour(5);

        assertThat(back.tally().verdict()).as(back.toString()).isEqualTo(Verdict.DONE);
        assertThat(labels(vault, "backup/a")).hasSize(5);
        assertThat(labels(nas, "tank/a")).containsExactly(label(5));
    }

    /** The newest goes in any case. */
    @Test
    void w1WhatRetentionWouldDestroyAtOnceIsNotSent() throws InterruptedException {
        create(nas, "tank/a", "tank/a/b");
        for (int hour = 1; hour < 9; hour++) {
            snapshot(nas, "tank/a", label(hour));
        }
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .recursive()
                .retention(custom("PT2H"))
                .build());
        now = Instant.parse("2026-01-10T08:30:00Z");

        assertThat(run().plan(Tick.of(definition(), now, "r")).toString())
                .contains("full      @" + label(7), "leaves out 6 snapshots");
        assertThat(byHand("r").tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(labels(vault, "backup/a/b")).containsExactly(label(7), label(8));

        snapshot(nas, "tank/a", label(9));
        snapshot(nas, "tank/a", label(10));
        now = Instant.parse("2026-01-11T08:30:00Z");
        assertThat(byHand("r").tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(labels(vault, "backup/a/b")).containsExactly(label(10));
    }

    @Test
    void copiesThatRetentionLetGoAreNoGapAndOnesThatSomebodyDestroyedAre() throws InterruptedException {
        create(nas, "tank/a");
        for (int hour = 1; hour < 9; hour++) {
            snapshot(nas, "tank/a", label(hour));
        }
        replications.add(
                push("r", VAULT, "tank/a", "backup/a").retention(custom("PT3H")).build());
        now = Instant.parse("2026-01-10T08:30:00Z");
        byHand("r");
        assertThat(labels(vault, "backup/a")).containsExactly(label(6), label(7), label(8));
        assertThat(run().plan(Tick.of(definition(), now, "r")).toString())
                .contains("leaves out 5 snapshots that retention would destroy at once")
                .doesNotContain("can't be sent any more");

        destroy(vault, "backup/a", label(7));

        assertThat(byHand("r").toString())
                .contains("1 snapshot of tank/a that is selected, @" + label(7) + ", is missing");
    }

    @Test
    void w5AnExpressionOwnsNothingButWhatMatches() throws InterruptedException {
        create(nas, "tank/a");
        snapshot(nas, "tank/a", "m1");
        snapshot(nas, "tank/a", "m2");
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .snapshots(matching("m.", Optional.empty()))
                .retention(SAME)
                .build());
        byHand("r");
        snapshot(vault, "backup/a", "theirs");
        destroy(nas, "tank/a", "m1");

        byHand("r");

        assertThat(labels(vault, "backup/a")).containsExactly("m2", "theirs");
    }

    /** What the schedule lets through is sent, and goes when the source has let it go. */
    @Test
    void w6AnExpressionWithAScheduleLetsGoOfItsCopies() throws InterruptedException {
        create(nas, "tank/a");
        for (String time : List.of("01:00", "01:30", "02:00")) {
            now = Instant.parse("2026-01-10T" + time + ":00Z");
            snapshot(nas, "tank/a", "m" + time.replace(':', '-'));
        }
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .snapshots(matching("m.*", Optional.of(HOURLY)))
                .retention(SAME)
                .build());
        byHand("r");
        assertThat(labels(vault, "backup/a")).containsExactly("m01-00", "m02-00");
        destroy(nas, "tank/a", "m01-00");

        byHand("r");

        assertThat(labels(vault, "backup/a")).containsExactly("m02-00");
    }

    @Test
    void w7PendingSnapshotsOfAnExpressionAreHeld() throws InterruptedException {
        create(nas, "tank/a", "tank/a/left-out");
        snapshots.add(keeping(hourly("h", "tank/a").ofTree(), "PT1H"));
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .recursive("tank/a/left-out")
                .snapshots(matching("auto-.*", Optional.empty()))
                .holdPending(true)
                .build());
        for (int hour = 1; hour < 4; hour++) {
            hour(hour);
        }

        assertThat(labels(nas, "tank/a")).containsExactly(label(1), label(2), label(3));
        assertThat(labels(nas, "tank/a/left-out")).as("it is not waited for").containsExactly(label(3));
        byHand("r");
        hour(4);
        assertThat(labels(nas, "tank/a")).containsExactly(label(3), label(4));
    }

    @Test
    void w8TheBaseOfAPullSurvivesItsOwnLifetime() throws InterruptedException {
        create(vault, "tank/theirs");
        snapshot(vault, "tank/theirs", label(1));
        replications.add(ReplicationTask.of("r", Direction.PULL, VAULT, List.of("tank/theirs"), "backup/theirs")
                .snapshots(receiving(SCHEMA))
                .streams(PLAIN)
                .auto()
                .schedule(HOURLY)
                .retention(custom("PT1H"))
                .build());
        hour(5);
        snapshot(vault, "tank/theirs", label(6));

        assertThat(hour(7).tally().verdict()).isEqualTo(Verdict.DONE);

        assertThat(labels(nas, "backup/theirs")).containsExactly(label(6));
    }

    /** Neither deletes, neither holds what is pending; what they go on from stays all the same. */
    @Test
    void w9TasksThatDoNotRunDestroyNothing() throws InterruptedException {
        create(nas, "tank/a", "tank/other");
        snapshots.add(hourly("h", "tank/a").ofTree());
        snapshots.add(keeping(hourly("o", "tank/other"), "PT1H"));
        replications.add(sendingHourly(custom("PT1H")).build());
        hour(1);
        hour(2);
        hour(3);
        assertThat(labels(vault, "backup/a")).containsExactly(label(3));
        ReplicationTask byHand = push("r", VAULT, "tank/a", "backup/a")
                .recursive()
                .snapshots(bound("h"))
                .retention(custom("PT1H"))
                .build();
        snapshot(vault, "backup/a", label(0));
        replications.set(0, byHand);
        hour(4);
        replications.set(
                0,
                sendingHourly(custom("PT1H")).holdPending(true).enabled(false).build());
        hour(5);

        assertThat(labels(vault, "backup/a")).containsExactly(label(3), label(0));
        assertThat(labels(nas, "tank/other")).containsExactly(label(5));
    }

    /** In a tree that is looked at because another task has run. */
    @Test
    void w9ATaskThatHasNotRunLetsNothingGoOfAnotherOnesTree() throws InterruptedException {
        create(nas, "tank/a");
        snapshot(nas, "tank/a", label(1));
        snapshot(nas, "tank/a", label(2));
        replications.add(
                push("r", LOCAL, "tank/a", "backup/a").retention(custom("PT1H")).build());
        now = Instant.parse("2026-01-10T01:30:00Z");
        byHand("r");
        snapshot(nas, "backup", "night-2026-01-10_01-00");
        snapshot(nas, "backup", "night-2026-01-10_02-00");
        snapshots.add(keeping(
                PeriodicSnapshotTask.of("p", "backup", "own-%Y-%m-%d_%H-%M", HOURLY)
                        .ofTree(),
                "PT1H"));
        snapshots.add(keeping(
                PeriodicSnapshotTask.of("n", "backup", "night-%Y-%m-%d_%H-%M", CronSchedule.of("0 1,2 * * *")),
                "PT1H"));
        hour(3);
        hour(5);

        assertThat(labels(nas, "backup"))
                .containsExactly("night-2026-01-10_01-00", "night-2026-01-10_02-00", "own-2026-01-10_05-00");
        assertThat(labels(nas, "backup/a")).contains(label(1), label(2), "own-2026-01-10_05-00");
        byHand("n");
        assertThat(labels(nas, "backup")).doesNotContain("night-2026-01-10_01-00");
    }

    /** A task of the same names in the same tree, with a longer life. */
    @Test
    void whatAnotherTaskKeepsStays() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(keeping(hourly("h", "tank/a"), "PT1H"));
        snapshots.add(keeping(PeriodicSnapshotTask.of("night", "tank/a", SCHEMA, CronSchedule.of("0 1 * * *")), "P1D"));
        for (int hour = 1; hour < 5; hour++) {
            hour(hour);
        }

        assertThat(labels(nas, "tank/a")).containsExactly(label(1), label(4));
    }

    @Test
    void moreThanAHalfNeedsConsent() throws InterruptedException {
        create(nas, "tank/a");
        for (int hour = 1; hour < 5; hour++) {
            snapshot(nas, "tank/a", label(hour));
        }
        snapshots.add(keeping(hourly("h", "tank/a"), "PT1H"));
        share = 0.5;

        TickReport report = hour(10);

        assertThat(report.tally().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(report.toString()).contains("tank/a: LEFT ALONE, 4 of the 5 snapshots");
        assertThat(labels(nas, "tank/a")).hasSize(5);
        share = 1;
        assertThat(byHand("h").tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(labels(nas, "tank/a")).containsExactly(label(10));
    }

    @Test
    void nothingGoesWhereATaskCanNotBeRead() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(keeping(hourly("h", "tank/a"), "PT1H"));
        replications.add(push("bad", VAULT, "tank/a", "backup/a").attempts(0).build());
        hour(1);

        TickReport report = hour(3);

        assertThat(labels(nas, "tank/a")).containsExactly(label(1), label(3));
        assertThat(report.tally().verdict()).isEqualTo(Verdict.PARTLY_FAILED);
        assertThat(report.toString())
                .contains("something is wrong with the definition", "replication-tasks.bad.retries");
    }

    /** Also where it is asked what is worth sending. */
    @Test
    void aSnapshotTaskThatCanNotBeReadStopsNoReplication() throws InterruptedException {
        create(nas, "tank/a");
        snapshot(nas, "tank/a", label(1));
        snapshots.add(PeriodicSnapshotTask.of("bad", "tank//a", "auto-%Y", HOURLY));
        replications.add(
                push("r", LOCAL, "tank/a", "backup/a").retention(custom("PT1H")).build());

        TickReport report = byHand("r");

        assertThat(labels(nas, "backup/a")).containsExactly(label(1));
        assertThat(report.tally().verdict()).isEqualTo(Verdict.PARTLY_FAILED);
        assertThat(report.toString()).contains("periodic-snapshot-tasks.bad.dataset");
    }

    @Test
    void aDateOfItsOwnEndsASnapshot() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(hourly("h", "tank/a"));
        nas.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of("tank/a").snapshot("old")),
                        Scope.SELF,
                        Map.of("zlineage:destroy_at", "2026-01-10T02:00:00Z")))
                .orThrow();
        hour(1);
        Definition definition = new Definition(zone, Optional.empty(), true, snapshots, replications);
        assertThat(labels(nas, "tank/a")).containsExactly("old", label(1));

        now = now.plusSeconds(3600);
        TickRun.of(definition, hosts).with(concurrency).run(Tick.at(definition, now));

        assertThat(labels(nas, "tank/a")).containsExactly(label(1), label(2));
    }

    @Test
    void aPreviewTellsWhatWouldGo() throws InterruptedException {
        create(nas, "tank/a");
        snapshots.add(keeping(hourly("h", "tank/a"), "PT1H"));
        snapshot(nas, "tank/a", label(1));
        snapshot(nas, "tank/a", label(2));
        now = Instant.parse("2026-01-10T09:00:00Z");

        TickReport report = run().plan(Tick.all(definition(), now));

        assertThat(report.toString())
                .contains(
                        "retention on this host: 1 snapshot can go as things stand now", "destroy tank/a@" + label(1));
        assertThat(labels(nas, "tank/a")).hasSize(2);
    }
}
