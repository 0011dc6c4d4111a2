// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.retain.Lifetime;
import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.select.DailyRates;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.DefinitionRunner;
import dev.zlineage.scheduler.HostsSupplier;
import dev.zlineage.scheduler.InMemoryTaskStore;
import dev.zlineage.scheduler.Job;
import dev.zlineage.scheduler.JobKind;
import dev.zlineage.scheduler.JobOutcome;
import dev.zlineage.scheduler.JobOutcome.Ending;
import dev.zlineage.scheduler.ManualScheduler;
import dev.zlineage.scheduler.Origin;
import dev.zlineage.scheduler.RunProgress;
import dev.zlineage.scheduler.ServiceListener;
import dev.zlineage.scheduler.TaskRunner;
import dev.zlineage.scheduler.TaskState;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.metrics.ReplicationMetrics;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.SnapshotOptions;
import dev.zlineage.scheduler.task.TargetRetention;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.scheduler.tick.Tally;
import dev.zlineage.scheduler.tick.TargetLocks;
import dev.zlineage.scheduler.tick.TargetTree;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickReport;
import dev.zlineage.scheduler.tick.TickRun;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tasks that run by themselves, on a fake NAS: what its pools hold after days of their own schedules. */
class DefinitionRunnerOnFakeTest {

    private static final Instant BEGIN = VirtualConcurrency.START;
    private static final PeriodicSnapshotTask HOURLY = new PeriodicSnapshotTask(
            "hourly",
            "tank/data",
            true,
            List.of(),
            Optional.of(Lifetime.parse("PT6H")),
            "auto-%Y-%m-%d_%H-%M",
            CronSchedule.of("0 * * * *"),
            true,
            true,
            SnapshotOptions.DEFAULTS);
    private static final ReplicationTask FOLLOWS = ReplicationTask.of(
                    "follows", Direction.PUSH, new TaskTransport.Local(), List.of("tank/data"), "backup/data")
            .recursive()
            .auto()
            .snapshots(new SnapshotChoice(
                    List.of("hourly"), List.of(), List.of(), Optional.empty(), Optional.empty(), false))
            .retention(new TargetRetention(TargetRetention.Policy.CUSTOM, Optional.of(Lifetime.parse("P1D")), Map.of()))
            .build();

    private final VirtualConcurrency concurrency = new VirtualConcurrency(3);
    private FakeZfs nas =
            FakeZfs.builder().host("nas").seed(1).clock(concurrency::now).build();
    private final Definition definition =
            new Definition(ZoneId.of("UTC"), Optional.empty(), false, List.of(HOURLY), List.of(FOLLOWS));
    private final DefinitionRunner runner =
            DefinitionRunner.of(definition, HostsOfTest::new).with(concurrency);

    /** Hosts that nobody has to close. */
    private final class HostsOfTest implements HostsSupplier.OpenHosts {

        @Override
        public Zfs here() {
            return nas;
        }

        @Override
        public Zfs there(TaskTransport transport) {
            return nas;
        }

        @Override
        public void close() {}
    }

    private void pools() {
        for (String name : List.of("tank/data", "tank/data/below")) {
            nas.execute(new ZfsCommand.CreateFilesystem(DatasetName.of(name), Map.of()))
                    .orThrow();
        }
    }

    private List<String> snapshots(String dataset) {
        DatasetName name = DatasetName.of(dataset);
        return nas
                .execute(new ZfsCommand.ListHistories(List.of(name), Scope.SELF))
                .orThrow()
                .get(name)
                .snapshots()
                .stream()
                .map(snapshot -> snapshot.label())
                .toList();
    }

    /** The clock of the scheduler is that of the world: it goes on by the minute, and everything else follows. */
    private void live(ManualScheduler scheduler, Duration time) throws InterruptedException {
        Instant end = concurrency.now().plus(time);
        while (concurrency.now().isBefore(end)) {
            concurrency.sleep(Duration.ofMinutes(20));
            scheduler.advanceTo(concurrency.now());
        }
    }

    @Test
    void threeDaysOfSnapshotsAreSentAndGoWhenTheirTimeIsOver() throws InterruptedException {
        pools();
        ManualScheduler scheduler = ManualScheduler.of(definition, runner, BEGIN);
        live(scheduler, Duration.ofDays(3));
        assertThat(scheduler.history())
                .hasSize(144)
                .allSatisfy(ended -> assertThat(ended.outcome().ending())
                        .as(ended.toString())
                        .isEqualTo(Ending.FINISHED));
        assertThat(snapshots("tank/data")).hasSize(6).last().isEqualTo("auto-2026-01-04_00-00");
        assertThat(snapshots("backup/data")).hasSize(24).last().isEqualTo("auto-2026-01-04_00-00");
        assertThat(snapshots("backup/data/below")).isEqualTo(snapshots("backup/data"));
        assertThat(scheduler.status()).allSatisfy(status -> {
            assertThat(status.state()).isInstanceOf(TaskState.Finished.class);
            assertThat(status.lastSnapshot())
                    .hasValueSatisfying(snapshot -> assertThat(snapshot).endsWith("@auto-2026-01-04_00-00"));
            assertThat(status.last()).isPresent();
        });
    }

    /** The name tells when it was due; taken again after a restart, what is there is as good. */
    @Test
    void snapshotsThatAreTakenLateAreNamedAfterTheirTime() throws InterruptedException {
        pools();
        InMemoryTaskStore store = new InMemoryTaskStore();
        ManualScheduler.of(definition, runner, BEGIN, store, ServiceListener.NONE)
                .set(BEGIN);
        concurrency.sleep(Duration.ofMinutes(90));
        ManualScheduler late = ManualScheduler.of(definition, runner, concurrency.now(), store, ServiceListener.NONE);
        late.advanceTo(concurrency.now());
        assertThat(snapshots("backup/data")).containsExactly("auto-2026-01-01_01-00");
        Job again = new Job(
                99,
                JobKind.SNAPSHOTS,
                List.of("hourly"),
                List.of(BEGIN.plus(Duration.ofHours(1))),
                BEGIN,
                Origin.SCHEDULE,
                2);
        assertThat(runner.run(again, new Unwatched(true)).ending()).isEqualTo(Ending.FINISHED);
    }

    /** A copy that somebody has changed is refused, and lags more each hour; one that is gone is not told of any more. */
    @Test
    void metricsTellHowFarEachDatasetIsBehind() throws InterruptedException {
        pools();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ManualScheduler scheduler =
                ManualScheduler.of(definition, runner, BEGIN, new InMemoryTaskStore(), ReplicationMetrics.in(registry));
        live(scheduler, Duration.ofHours(2));
        assertThat(lag(registry, "tank/data")).isZero();
        assertThat(registry.get("zlineage.task.last.success")
                        .tag("task", "follows")
                        .gauge()
                        .value())
                .isEqualTo(concurrency.now().getEpochSecond());
        assertThat(registry.get("zlineage.dataset.sent")
                        .tag("dataset", "tank/data")
                        .counter()
                        .count())
                .isPositive();

        nas.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of("backup/data").snapshot("mine")), Scope.SELF, Map.of()))
                .orThrow();
        nas.write(DatasetName.of("backup/data"), "file", new byte[1 << 20]);
        live(scheduler, Duration.ofHours(3));
        assertThat(lag(registry, "tank/data")).isEqualTo(3 * 3600);
        assertThat(lag(registry, "tank/data/below")).isZero();
        assertThat(registry.get("zlineage.failures")
                        .tag("class", "refused")
                        .counter()
                        .count())
                .isEqualTo(3);

        nas.execute(new ZfsCommand.DestroyDataset(DatasetName.of("tank/data/below"), Scope.SUBTREE))
                .orThrow();
        live(scheduler, Duration.ofHours(1));
        assertThat(registry.find("zlineage.dataset.lag")
                        .tag("dataset", "tank/data/below")
                        .gauge())
                .isNull();
    }

    /** Where nothing has changed no history is read: what a service began without is not told as if there were nothing. */
    @Test
    void metricsTellNothingOfWhatWasNotLookedAtNorOfTasksThatAreGone() throws InterruptedException {
        pools();
        ManualScheduler first = ManualScheduler.of(definition, runner, BEGIN);
        live(first, Duration.ofHours(1));
        for (int i = 0; i < 3; i++) { // until nothing is left to learn
            first.run("follows");
            concurrency.sleep(Duration.ofSeconds(3));
            first.set(concurrency.now());
        }
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ManualScheduler next = ManualScheduler.of(
                definition, runner, concurrency.now(), new InMemoryTaskStore(), ReplicationMetrics.in(registry));
        next.run("follows");
        assertThat(next.history()).extracting(ended -> ended.outcome().ending()).containsExactly(Ending.FINISHED);
        assertThat(registry.get("zlineage.dataset.newest.snapshot")
                        .tag("dataset", "tank/data")
                        .gauge()
                        .value())
                .isNaN();

        next.define(new Definition(ZoneId.of("UTC"), Optional.empty(), false, List.of(HOURLY), List.of()), runner);
        assertThat(registry.getMeters())
                .filteredOn(meter -> meter.getId().getTag("task") != null)
                .isEmpty();
        live(next, Duration.ofHours(1));
        assertThat(registry.get("zlineage.runs").tag("task", "hourly").counter().count())
                .isEqualTo(1);
    }

    private static double lag(SimpleMeterRegistry registry, String dataset) {
        return registry.get("zlineage.dataset.lag")
                .tag("dataset", dataset)
                .gauge()
                .value();
    }

    /** After days in which nothing ran, almost all of a target is over at once. */
    @Test
    void whatRetentionLeavesAloneIsNamedAndGoesWithConsent() throws InterruptedException {
        pools();
        live(ManualScheduler.of(definition, runner, BEGIN), Duration.ofHours(12));
        concurrency.sleep(Duration.ofDays(3));
        assertThat(runner.run(job(JobKind.SNAPSHOTS, "hourly"), new Unwatched(true))
                        .ending())
                .isEqualTo(Ending.ERROR);
        Job follows = job(JobKind.REPLICATION, "follows");
        JobOutcome left = runner.run(follows, new Unwatched(true));
        assertThat(left.ending()).isEqualTo(Ending.ERROR);
        assertThat(left.text())
                .contains(
                        "retention on this host leaves backup/data alone: 24 of the 26 snapshots of all datasets together would be destroyed at once",
                        "maximumShare=");
        assertThat(snapshots("backup/data")).hasSize(13);
        DefinitionRunner consents = runner.withMaximumShare(1);
        assertThat(consents.run(follows, new Unwatched(true)).ending()).isEqualTo(Ending.FINISHED);
        assertThat(snapshots("backup/data")).hasSize(1);
    }

    private Job job(JobKind kind, String task) {
        return new Job(99, kind, List.of(task), List.of(concurrency.now()), BEGIN, Origin.BY_HAND, 1);
    }

    @Test
    void aPoolThatIsNotThereHoldsTheTask() throws InterruptedException {
        nas = FakeZfs.builder()
                .host("nas")
                .pool("tank", 1L << 40)
                .clock(concurrency::now)
                .build();
        nas.execute(new ZfsCommand.CreateFilesystem(DatasetName.of("tank/data"), Map.of()))
                .orThrow();
        ManualScheduler scheduler = ManualScheduler.of(definition, runner, BEGIN);
        live(scheduler, Duration.ofHours(2));
        assertThat(scheduler.status().get(1).state())
                .isInstanceOfSatisfying(
                        TaskState.Held.class,
                        held -> assertThat(held.reason()).isEqualTo("the pool backup is not there on nas"));
        assertThat(scheduler.status().get(0).state()).isInstanceOf(TaskState.Finished.class);
    }

    /** An embedder that expects its pools to come back by themselves, and has somebody who grants what is missing. */
    @Test
    void whoEmbedsItSaysWhatPutsATaskOnHold() throws InterruptedException {
        pools();
        DefinitionRunner own = runner.holding(failure -> failure.kind() == ZfsFailure.Kind.NO_PERMISSION
                || failure.text().contains("quota"));
        nas.failNext(ZfsCommand.ListDatasets.class::isInstance, ZfsFailure.Kind.NO_PERMISSION);
        assertThat(ended(own)).startsWith("HOLD ");
        nas.failNext(ZfsCommand.ListDatasets.class::isInstance, ZfsFailure.Kind.POOL_UNAVAILABLE);
        assertThat(ended(own)).startsWith("ERROR ");
        nas.failNext(ZfsCommand.ListDatasets.class::isInstance, ZfsFailure.Kind.POOL_UNAVAILABLE);
        assertThat(ended(runner)).startsWith("HOLD ");
    }

    private String ended(DefinitionRunner how) throws InterruptedException {
        ManualScheduler scheduler = ManualScheduler.of(definition, how, BEGIN);
        scheduler.run("follows");
        scheduler.advanceTo(BEGIN.plusSeconds(1));
        JobOutcome outcome = scheduler.history().get(0).outcome();
        return outcome.ending() + " " + outcome.text();
    }

    /** Of three tasks of a minute one lies in a pool that is not imported, one in a pool that is suspended. */
    @Test
    void aPoolThatCanNotBeUsedIsInNobodyElsesWay() throws InterruptedException {
        nas = FakeZfs.builder()
                .host("nas")
                .pool("tank", 1L << 40)
                .pool("stuck", 1L << 40)
                .clock(concurrency::now)
                .build();
        pools();
        nas.beforeEach(command -> {
            if (command instanceof ZfsCommand.ListDatasets list
                    && list.names().stream().anyMatch(name -> name.value().startsWith("stuck"))) {
                nas.failNext(each -> each == command, ZfsFailure.Kind.POOL_UNAVAILABLE);
            }
        });
        List<PeriodicSnapshotTask> tasks =
                List.of(HOURLY, hourly("absent", "gone/data"), hourly("suspended", "stuck/data"));
        Definition three = new Definition(ZoneId.of("UTC"), Optional.empty(), false, tasks, List.of());
        DefinitionRunner work = DefinitionRunner.of(three, HostsOfTest::new).with(concurrency);
        ManualScheduler scheduler = ManualScheduler.of(three, work, BEGIN);

        live(scheduler, Duration.ofHours(1));

        assertThat(snapshots("tank/data/below")).containsExactly("auto-2026-01-01_01-00");
        assertThat(scheduler.history()).singleElement().satisfies(ended -> {
            assertThat(ended.outcome().ending()).isEqualTo(Ending.HOLD);
            assertThat(ended.outcome().text()).contains("gone/data", "(and 1 more)");
        });
    }

    private static PeriodicSnapshotTask hourly(String id, String dataset) {
        return PeriodicSnapshotTask.of(id, dataset, "auto-%Y-%m-%d_%H-%M", CronSchedule.of("0 * * * *"));
    }

    /** Who has lost a job looks, and changes nothing. */
    @Test
    void nothingIsChangedForAJobThatIsSomebodyElses() throws InterruptedException {
        pools();
        ManualScheduler scheduler = ManualScheduler.of(definition, runner, BEGIN);
        live(scheduler, Duration.ofHours(1));
        nas.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of("tank/data").snapshot("auto-2026-01-01_01-30")),
                        Scope.SUBTREE,
                        Map.of()))
                .orThrow();
        List<String> before = snapshots("backup/data");
        Job job = new Job(9, JobKind.REPLICATION, List.of("follows"), List.of(BEGIN), BEGIN, Origin.BY_HAND, 1);
        JobOutcome outcome = runner.run(job, new Unwatched(false));
        assertThat(outcome.ending()).isNotEqualTo(Ending.FINISHED);
        assertThat(snapshots("backup/data")).isEqualTo(before);
        assertThat(runner.run(job, new Unwatched(true)).ending()).isEqualTo(Ending.FINISHED);
        assertThat(snapshots("backup/data")).hasSize(2);
    }

    /** From then on it runs, also as long as it only looks, and moves nothing. */
    @Test
    void aJobThatHasGotItsTargetIsToldToWaitNoMore() throws InterruptedException {
        pools();
        List<String> told = new ArrayList<>();
        TargetLocks contended = () -> new TargetLocks.Holder() {
            @Override
            public Optional<String> take(
                    TargetTree tree, String task, Consumer<String> waits, Cancellation cancellation) {
                waits.accept("somebody writes into " + tree.top());
                told.add("taken");
                return Optional.empty();
            }

            @Override
            public void close() {}
        };
        TaskRunner.RunningJob watched = new TaskRunner.RunningJob() {
            @Override
            public Cancellation cancellation() {
                return new Cancellation();
            }

            @Override
            public void waits(String reason) {
                told.add(reason);
            }

            @Override
            public void progressed(RunProgress progress) {
                told.add("goes on");
            }

            @Override
            public boolean stillMine() {
                return true;
            }
        };
        nas.beforeEach(command -> told.add("looks"));
        runner.locking(contended).run(job(JobKind.REPLICATION, "follows"), watched);
        assertThat(told)
                .containsSubsequence("somebody writes into backup/data", "taken", "looks")
                .containsSequence("taken", "goes on");
    }

    private record Unwatched(boolean stillMine) implements TaskRunner.RunningJob {

        @Override
        public Cancellation cancellation() {
            return new Cancellation();
        }

        @Override
        public void progressed(RunProgress progress) {}
    }

    /** Begun a minute before a part of the day with a limit is over: the rest goes without. */
    @Test
    void theSpeedOfATaskGoesByTheTimeOfTheDay() throws InterruptedException {
        pools();
        nas.write(DatasetName.of("tank/data"), "file", new byte[1 << 20]);
        ReplicationTask slow = ReplicationTask.of(
                        "slow", Direction.PUSH, new TaskTransport.Local(), List.of("tank/data"), "backup/data")
                .snapshots(new SnapshotChoice(
                        List.of(),
                        List.of(),
                        List.of("auto-%Y-%m-%d_%H-%M"),
                        Optional.empty(),
                        Optional.empty(),
                        false))
                .own(OwnOptions.DEFAULTS.withSpeedLimits(List.of(
                        new DailyRates.Window(LocalTime.of(22, 0), LocalTime.of(0, 1), Optional.of(8 * 1024L)))))
                .build();
        nas.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of("tank/data").snapshot("auto-2026-01-01_00-00")), Scope.SELF, Map.of()))
                .orThrow();
        Definition whole = new Definition(ZoneId.of("UTC"), Optional.empty(), false, List.of(), List.of(slow));

        TickReport report =
                TickRun.of(whole, new HostsOfTest()).with(concurrency).run(Tick.all(whole, concurrency.now()));

        assertThat(report.tally().verdict()).as(report.toString()).isEqualTo(Tally.Verdict.DONE);
        assertThat(snapshots("backup/data")).containsExactly("auto-2026-01-01_00-00");
        assertThat(Duration.between(BEGIN, concurrency.now()))
                .isBetween(Duration.ofSeconds(59), Duration.ofSeconds(62));
    }
}
