// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.scheduler.InMemoryTaskStore;
import dev.zlineage.scheduler.JdbcTaskStore;
import dev.zlineage.scheduler.JobKind;
import dev.zlineage.scheduler.JobOutcome.Ending;
import dev.zlineage.scheduler.JobRecord;
import dev.zlineage.scheduler.ReplicationService;
import dev.zlineage.scheduler.ServiceEvent;
import dev.zlineage.scheduler.TaskState;
import dev.zlineage.scheduler.TaskStatus;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.RunRules;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.testkit.VirtualConcurrency;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;

/** The service as it runs, on a clock that takes no time. */
@Tag("once")
class ServiceOnVirtualTimeTest {

    private static final String SCHEMA = "auto-%Y-%m-%d_%H-%M";

    /** Each test runs on so many interleavings; the number of the repetition is the seed. */
    private static final int SEEDS = 10;

    private final VirtualConcurrency concurrency;
    private final ScriptedRunner runner;
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final List<ServiceEvent> events = new ArrayList<>();
    private final List<PeriodicSnapshotTask> snapshots = new ArrayList<>();
    private final List<ReplicationTask> replications = new ArrayList<>();
    private Optional<Integer> mostAtOnce = Optional.empty();
    private Optional<ReplicationService> service = Optional.empty();

    ServiceOnVirtualTimeTest(RepetitionInfo repetition) {
        concurrency = new VirtualConcurrency(repetition.getCurrentRepetition());
        runner = new ScriptedRunner(concurrency);
    }

    private ReplicationService start() {
        Definition definition = new Definition(ZoneId.of("UTC"), mostAtOnce, false, snapshots, replications);
        ReplicationService started = ReplicationService.of(definition, runner, store)
                .with(concurrency)
                .listening(events::add)
                .start();
        service = Optional.of(started);
        return started;
    }

    @AfterEach
    void stop() throws InterruptedException {
        service.ifPresent(ReplicationService::close);
        concurrency.drain();
    }

    private static ReplicationTask.Builder task(String id) {
        return ReplicationTask.of(id, Direction.PUSH, new TaskTransport.Local(), List.of("tank/" + id), "backup/" + id)
                .snapshots(new SnapshotChoice(
                        List.of(), List.of(), List.of(SCHEMA), Optional.empty(), Optional.empty(), false));
    }

    private void byHand(String... ids) {
        for (String id : ids) {
            replications.add(task(id).build());
        }
    }

    private void with(String id, String cron, RunRules rules) {
        replications.add(task(id).auto()
                .schedule(CronSchedule.of(cron))
                .own(OwnOptions.DEFAULTS.withRules(rules))
                .build());
    }

    /** One after the other: which of two at the same moment is first known to be free to begin is chance. */
    private void runNow(String... ids) throws InterruptedException {
        for (String id : ids) {
            service.orElseThrow().run(id);
            pass(Duration.ofSeconds(1));
        }
    }

    private void pass(Duration time) throws InterruptedException {
        concurrency.sleep(time);
    }

    private void passHours(long hours) throws InterruptedException {
        pass(Duration.ofHours(hours));
    }

    private String reason(String task) throws InterruptedException {
        TaskStatus status = service.orElseThrow().status().stream()
                .filter(each -> each.task().equals(task))
                .findFirst()
                .orElseThrow();
        return status.state() instanceof TaskState.Waiting waits
                ? waits.reason()
                : status.state().toString();
    }

    private static Instant at(String time) {
        return Instant.parse("2026-01-01T" + time + "Z");
    }

    /** Whatever the names of their hosts: claims are of pools by GUID. */
    @RepeatedTest(SEEDS)
    void w21TwoTasksNeverWriteOneTargetAtATime() throws InterruptedException {
        byHand("one", "two", "three");
        runner.takes("one", Duration.ofHours(1)).writes("one", "backup/a");
        runner.takes("two", Duration.ofHours(1)).writes("two", "backup/a/below");
        runner.writes("three", "backup/ab");
        start();
        runNow("one", "two", "three");
        pass(Duration.ofMinutes(5));
        assertThat(reason("two")).isEqualTo("the task 'one' runs, and overlaps with it");
        assertThat(runner.tasks()).containsExactly("three");
        passHours(3);
        assertThat(runner.run("two").began()).isAfterOrEqualTo(runner.run("one").ended());
    }

    @RepeatedTest(SEEDS)
    void w22NoRequestByHandIsLost() throws InterruptedException {
        byHand("one", "two");
        runner.takes("one", Duration.ofMinutes(10));
        ReplicationService running = start();
        running.run("one");
        running.run("two");
        pass(Duration.ofMinutes(1));
        running.run("one");
        running.run("one");
        passHours(1);
        // the second and third are served by one run, which begins after both were asked for
        assertThat(runner.tasks()).containsExactlyInAnyOrder("one", "two", "one");
        assertThatThrownBy(() -> running.run("none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no task 'none'");
    }

    @RepeatedTest(SEEDS)
    void w22MissedTimesAreCaughtUpAsTheTaskSays() throws InterruptedException {
        with("once", "0 * * * *", RunRules.DEFAULT);
        with("skip", "0 * * * *", RunRules.DEFAULT.missed(RunRules.Missed.SKIP));
        with("all", "0 * * * *", RunRules.DEFAULT.missed(RunRules.Missed.ALL));
        with("fresh", "0 * * * *", RunRules.DEFAULT.staleness(Duration.ofMinutes(20)));
        start().close();
        passHours(3);
        pass(Duration.ofMinutes(30));
        start();
        pass(Duration.ofMinutes(1));
        assertThat(runner.tasks()).containsExactlyInAnyOrder("once", "all", "all", "all");
        assertThat(events)
                .filteredOn(ServiceEvent.Missed.class::isInstance)
                .extracting(event -> ((ServiceEvent.Missed) event).task() + " "
                        + ((ServiceEvent.Missed) event).times().size())
                .containsExactlyInAnyOrder("once 2", "skip 3", "fresh 3");
    }

    /** A host that takes an hour to answer, a run that takes a day: what else is due begins in its minute. */
    @RepeatedTest(SEEDS)
    void w23OneSlowTaskHoldsUpNothingElse() throws InterruptedException {
        byHand("slow", "long");
        with("other", "0 * * * *", RunRules.DEFAULT);
        snapshots.add(PeriodicSnapshotTask.of("hourly", "tank/x", SCHEMA, CronSchedule.of("0 * * * *")));
        runner.isAskedFor("slow", Duration.ofHours(1)).writes("slow", "backup/slow");
        runner.takes("long", Duration.ofHours(24)).writes("long", "backup/long");
        ReplicationService running = start();
        running.run("slow");
        running.run("long");
        passHours(5);
        pass(Duration.ofMinutes(1));
        assertThat(runner.runs)
                .filteredOn(run -> run.task().equals("other") || run.task().equals("hourly"))
                .hasSize(10)
                .allSatisfy(
                        run -> assertThat(run.began().getEpochSecond() % 3600).isLessThan(2));
    }

    @RepeatedTest(SEEDS)
    void w24ARunIsCancelledAndPausedAndEndsWithItsDeadlineOrItsWindow() throws InterruptedException {
        byHand("cancelled", "paused");
        with("deadline", "0 1 * * *", RunRules.DEFAULT.deadline(Duration.ofMinutes(30)));
        replications.add(task("window")
                .auto()
                .schedule(CronSchedule.of("0 1 * * *").within(LocalTime.of(0, 30), LocalTime.of(1, 44)))
                .own(OwnOptions.DEFAULTS.withRules(RunRules.DEFAULT.endingWithWindow()))
                .build());
        for (String id : List.of("cancelled", "paused", "deadline", "window")) {
            runner.takes(id, Duration.ofHours(2)).writes(id, "backup/" + id);
        }
        ReplicationService running = start();
        running.run("cancelled");
        running.run("paused");
        pass(Duration.ofMinutes(10));
        assertThat(running.cancel("cancelled")).isTrue();
        running.pause("paused");
        passHours(3);
        assertThat(reason("paused")).isEqualTo("the task is paused");
        assertThat(runner.run("deadline").ended()).isBetween(at("01:30:00"), at("01:30:05"));
        assertThat(runner.run("window").ended()).isBetween(at("01:45:00"), at("01:45:05"));
        running.goOn("paused");
        passHours(3);
        assertThat(runner.tasks()).filteredOn("paused"::equals).hasSize(2);
        assertThat(running.history(Optional.empty(), 9))
                .extracting(JobRecord::outcome)
                .extracting(outcome -> outcome.ending() + " " + outcome.text())
                .containsExactly(
                        "FINISHED ",
                        "CANCELLED its time of the day is over; what was cut is carried on by the next run",
                        "CANCELLED its deadline was reached; what was cut is carried on by the next run",
                        "CANCELLED cancelled");
        assertThat(running.cancel("none")).isFalse();
    }

    @RepeatedTest(SEEDS)
    void noMoreRunThanMayAndTheImportantOnesFirst() throws InterruptedException {
        mostAtOnce = Optional.of(2);
        byHand("a", "b", "c");
        replications.add(task("urgent")
                .own(OwnOptions.DEFAULTS.withRules(RunRules.DEFAULT.priority(5)))
                .build());
        for (String id : List.of("a", "b", "c", "urgent")) {
            runner.takes(id, Duration.ofMinutes(10)).writes(id, "backup/" + id);
        }
        start();
        runNow("a", "b", "c", "urgent");
        pass(Duration.ofMinutes(1));
        assertThat(reason("c")).isEqualTo("2 replication tasks run, which is the most that may at the same time");
        passHours(1);
        assertThat(runner.tasks().subList(0, 2)).containsExactlyInAnyOrder("a", "b");
        assertThat(runner.run("urgent").began())
                .isBeforeOrEqualTo(runner.run("c").began());
    }

    /** While the small ones go on and on, the one that overlaps with them all would never begin. */
    @RepeatedTest(SEEDS)
    void whoWantsMuchIsNotOvertakenForEver() throws InterruptedException {
        byHand("whole");
        with("left", "*/2 * * * *", RunRules.DEFAULT);
        with("right", "1-59/2 * * * *", RunRules.DEFAULT);
        runner.writes("whole", "backup").writes("left", "backup/left").writes("right", "backup/right");
        runner.takes("left", Duration.ofSeconds(100)).takes("right", Duration.ofSeconds(100));
        ReplicationService running = start();
        passHours(1);
        running.run("whole");
        pass(Duration.ofMinutes(5));
        assertThat(runner.tasks()).contains("whole");
    }

    @RepeatedTest(SEEDS)
    void whatASnapshotTaskTakesIsSentAfterwards() throws InterruptedException {
        snapshots.add(PeriodicSnapshotTask.of("hourly", "tank/x", SCHEMA, CronSchedule.of("0 * * * *")));
        replications.add(task("follows")
                .auto()
                .snapshots(new SnapshotChoice(
                        List.of("hourly"), List.of(), List.of(), Optional.empty(), Optional.empty(), false))
                .build());
        with("same-minute", "0 * * * *", RunRules.DEFAULT);
        runner.takes("hourly", Duration.ofSeconds(20)).writes("hourly", "tank/x");
        runner.writes("same-minute", "tank/x", "backup/same");
        start();
        passHours(1);
        pass(Duration.ofMinutes(1));
        assertThat(runner.tasks()).containsExactlyInAnyOrder("hourly", "follows", "same-minute");
        assertThat(runner.tasks().get(0)).isEqualTo("hourly");
    }

    private void after(String id, String... others) {
        after(id, RunRules.DEFAULT, others);
    }

    private void after(String id, RunRules rules, String... others) {
        replications.add(task(id).auto()
                .own(OwnOptions.DEFAULTS.withRules(rules).withAfter(List.of(others)))
                .build());
    }

    @RepeatedTest(SEEDS)
    void aReplicationRunsAfterOthers() throws InterruptedException {
        after("d", "c");
        after("c", "a", "b");
        with("a", "0 * * * *", RunRules.DEFAULT);
        with("b", "0 * * * *", RunRules.DEFAULT);
        runner.takes("a", Duration.ofMinutes(1)).takes("b", Duration.ofMinutes(10));
        start();
        passHours(1);
        pass(Duration.ofMinutes(5));
        assertThat(reason("c")).isEqualTo("the task 'b', which it runs after, has not ended");
        assertThat(runner.tasks()).containsExactly("a");
        pass(Duration.ofMinutes(30));
        assertThat(runner.tasks()).containsExactly("a", "b", "c", "d");
        assertThat(runner.run("c").began()).isAfterOrEqualTo(runner.run("b").ended());
        assertThat(runner.run("d").began()).isAfterOrEqualTo(runner.run("c").ended());
        passHours(1);
        assertThat(runner.tasks()).hasSize(8);
    }

    @RepeatedTest(SEEDS)
    void whatRunsAfterOneThatFailedIsNotRunAndSaysWhy() throws InterruptedException {
        with("a", "0 * * * *", RunRules.DEFAULT);
        after("b", "a");
        after("c", "b");
        runner.fails("a", true);
        ReplicationService running = start();
        passHours(1);
        pass(Duration.ofMinutes(5));
        assertThat(runner.tasks()).containsExactly("a");
        assertThat(running.history(Optional.empty(), 9))
                .extracting(JobRecord::outcome)
                .extracting(outcome -> outcome.ending() + " " + outcome.text())
                .containsExactly(
                        "ERROR it was not run, since the task 'b', which it runs after, did not end well: it was not run, since"
                                + " the task 'a', which it runs after, did not end well: broken",
                        "ERROR it was not run, since the task 'a', which it runs after, did not end well: broken",
                        "ERROR broken");

        running.run("b"); // whoever asks for it has it, and what follows it
        pass(Duration.ofMinutes(1));
        assertThat(runner.tasks()).containsExactly("a", "b", "c");

        runner.fails("a", false);
        passHours(1);
        assertThat(runner.tasks()).containsExactly("a", "b", "c", "a", "b", "c");
    }

    /** When it has ended, its next run waits already, and begins. */
    @RepeatedTest(SEEDS)
    void aTaskThatIsDueBeforeItHasEndedKeepsNobodyWaitingForEver() throws InterruptedException {
        with("a", "*/15 * * * *", RunRules.DEFAULT);
        after("b", "a");
        runner.takes("a", Duration.ofMinutes(20)).takes("b", Duration.ofMinutes(5));
        start();
        pass(Duration.ofMinutes(40));
        assertThat(reason("b")).isEqualTo("the task 'a', which it runs after, has not ended");
        pass(Duration.ofMinutes(10)); // now a is due once more, later than b was asked for
        assertThat(runner.tasks()).containsExactly("a");
        pass(Duration.ofMinutes(11));
        assertThat(runner.tasks()).containsExactly("a", "a", "b");
        assertThat(runner.run("b").began()).isBetween(at("00:55:00"), at("00:55:30"));
        passHours(5);
        assertThat(runner.tasks()).filteredOn("b"::equals).hasSizeGreaterThanOrEqualTo(7);
    }

    /** Nor where they never run at the same time, and the other one is the more important. */
    @RepeatedTest(SEEDS)
    void ofATaskThatRunsAllTheTimeAndOneAfterItWhichOverlapNeitherWaitsForEver() throws InterruptedException {
        with("a", "*/15 * * * *", RunRules.DEFAULT.priority(2));
        after("b", "a");
        runner.takes("a", Duration.ofMinutes(20)).takes("b", Duration.ofMinutes(5));
        runner.writes("a", "backup/a").writes("b", "backup/a/b");
        start();
        passHours(12);
        assertThat(runner.tasks()).filteredOn("a"::equals).hasSizeGreaterThan(20);
        List<ScriptedRunner.Run> following =
                runner.runs.stream().filter(run -> run.task().equals("b")).toList();
        assertThat(following).hasSizeGreaterThanOrEqualTo(3);
        assertThat(runner.runs)
                .filteredOn(run -> run.task().equals("a"))
                .noneMatch(run -> following.stream()
                        .anyMatch(b ->
                                b.began().isBefore(run.ended()) && run.began().isBefore(b.ended())));
    }

    /** Both are asked for at the same moment. */
    @RepeatedTest(SEEDS)
    void ofTwoThatRunAfterATaskTheOneThatRunsAfterTheOtherToo() throws InterruptedException {
        after("last", "first", "middle");
        after("middle", "first");
        with("first", "0 * * * *", RunRules.DEFAULT);
        runner.takes("middle", Duration.ofMinutes(10));
        start();
        passHours(1);
        pass(Duration.ofMinutes(30));
        assertThat(runner.tasks()).containsExactly("first", "middle", "last");
    }

    /** It is due when the last of them has ended; whatever else it waits for from then on counts. */
    @RepeatedTest(SEEDS)
    void howLongOthersRunMakesNothingStaleThatRunsAfterThem() throws InterruptedException {
        byHand("long");
        with("a", "0 1 * * *", RunRules.DEFAULT);
        with("c", "0 1 * * *", RunRules.DEFAULT);
        after("b", RunRules.DEFAULT.staleness(Duration.ofHours(1)), "a", "c");
        runner.takes("a", Duration.ofHours(2)).takes("c", Duration.ofHours(7));
        runner.writes("b", "backup/x").writes("long", "backup/x").takes("long", Duration.ofHours(12));
        start();
        passHours(9);
        assertThat(store.history(Optional.of("b"), 9))
                .extracting(ended -> ended.outcome().ending())
                .containsExactly(Ending.FINISHED);
        assertThat(runner.tasks()).containsExactly("a", "c", "b");

        passHours(22);
        runNow("long");
        passHours(3);
        assertThat(store.history(Optional.of("b"), 9).get(0).outcome()).satisfies(outcome -> {
            assertThat(outcome.ending()).isEqualTo(Ending.SKIPPED);
            assertThat(outcome.text())
                    .matches("it was due at 2026-01-02T08:00:\\S+ and may wait for no longer than PT1H");
        });
    }

    @RepeatedTest(SEEDS)
    void whatHasNeverRunIsInNobodysWay() throws InterruptedException {
        with("daily", "0 1 * * *", RunRules.DEFAULT);
        with("weekly", "0 1 * * 0", RunRules.DEFAULT);
        after("b", "daily", "weekly");
        start();
        passHours(2);
        assertThat(runner.tasks()).containsExactly("daily", "b");
    }

    @RepeatedTest(SEEDS)
    void whatHasOnlyEverBeenSkippedIsInNobodysWayEither() throws InterruptedException {
        byHand("long");
        with("daily", "0 1 * * *", RunRules.DEFAULT);
        with("other", "0 1 * * *", RunRules.DEFAULT.staleness(Duration.ofMinutes(10)));
        after("b", "daily", "other");
        runner.writes("long", "backup/x").writes("other", "backup/x").takes("long", Duration.ofHours(3));
        start();
        runNow("long");
        pass(Duration.ofMinutes(65));
        assertThat(runner.tasks()).containsExactly("daily");
        pass(Duration.ofMinutes(10));
        assertThat(runner.tasks()).containsExactly("daily", "b");
        assertThat(store.memory(JobKind.REPLICATION, "other"))
                .hasValueSatisfying(
                        memory -> assertThat(memory.last().outcome().ending()).isEqualTo(Ending.SKIPPED));
    }

    @RepeatedTest(SEEDS)
    void whatIsSkippedInTheEndMakesNothingStaleThatRunsAfterIt() throws InterruptedException {
        byHand("long");
        with("daily", "0 1 * * *", RunRules.DEFAULT);
        with("other", "0 1 * * *", RunRules.DEFAULT.staleness(Duration.ofHours(3)));
        after("b", RunRules.DEFAULT.staleness(Duration.ofHours(2)), "daily", "other");
        runner.writes("long", "backup/x").writes("other", "backup/x").takes("long", Duration.ofHours(6));
        start();
        runNow("long");
        passHours(3);
        assertThat(runner.tasks()).containsExactly("daily");
        passHours(2);
        assertThat(runner.tasks()).containsExactly("daily", "b");
    }

    /** Somebody asks for what waits for others already: it does not wait for them any more. */
    @RepeatedTest(SEEDS)
    void aRequestByHandWaitsForNoOther() throws InterruptedException {
        byHand("a", "b");
        after("c", "a", "b");
        runner.takes("b", Duration.ofHours(1));
        ReplicationService running = start();
        runNow("b", "a");
        pass(Duration.ofMinutes(1));
        assertThat(reason("c")).startsWith("the task 'b'");
        running.run("c");
        pass(Duration.ofMinutes(1));
        assertThat(runner.tasks()).containsExactly("a", "c");
        passHours(2);
        assertThat(runner.tasks()).containsExactly("a", "c", "b", "c");
    }

    /** Such a definition has problems; a service that is given it all the same goes on. */
    @RepeatedTest(SEEDS)
    void aCircleNeverBegins() throws InterruptedException {
        after("a", "b");
        after("b", "a");
        ReplicationService running = start();
        running.run("a");
        pass(Duration.ofMinutes(1));
        assertThat(runner.tasks()).containsExactly("a");
    }

    /** What is stopped is given back, and begun again by the next process. */
    @RepeatedTest(SEEDS)
    void aStopEndsWhatTakesTooLongAndForgetsNothing() throws InterruptedException {
        byHand("short", "long", "waits");
        runner.takes("short", Duration.ofSeconds(20)).takes("long", Duration.ofHours(9));
        runner.writes("long", "backup/x").writes("waits", "backup/x");
        ReplicationService running = start();
        runNow("short", "long", "waits");
        Instant asked = concurrency.now();
        running.stop(Duration.ofMinutes(1));
        assertThat(Duration.between(asked, concurrency.now()))
                .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(70));
        assertThat(store.history(Optional.empty(), 9)).singleElement().satisfies(ended -> {
            assertThat(ended.job().tasks()).containsExactly("short");
            assertThat(ended.outcome().ending()).isEqualTo(Ending.FINISHED);
        });
        assertThatThrownBy(() -> running.run("short")).isInstanceOf(IllegalStateException.class);
        runner.takes("long", Duration.ofSeconds(10));
        start();
        pass(Duration.ofMinutes(2));
        assertThat(store.history(Optional.empty(), 9))
                .extracting(
                        ended -> ended.job().tasks().get(0) + " " + ended.job().attempts())
                .containsExactly("waits 1", "long 2", "short 1");
    }

    /** Another process took the job over while this one did not come to renew its lease: what it says of it counts no more. */
    @RepeatedTest(SEEDS)
    void aJobThatSomebodyElseHasTakenOverIsLeftToThem() throws InterruptedException {
        byHand("job");
        runner.takes("job", Duration.ofMinutes(5));
        ReplicationService running = start();
        long id = running.run("job").get(0).id();
        pass(Duration.ofSeconds(5));
        Instant later = concurrency.now().plus(Duration.ofHours(1));
        Optional<Instant> said = store.lead("other", later, Optional.empty());
        assertThat(store.lead("other", later, said)).isEmpty();
        assertThat(store.begin(id, "other", later, later.plusSeconds(60))).isPresent();
        for (int i = 1; i <= 20; i++) {
            pass(Duration.ofSeconds(30));
            assertThat(store.lead("other", later.plusSeconds(i), Optional.empty()))
                    .isEmpty();
        }
        assertThat(runner.run("job").ended()).isBefore(at("00:01:30"));
        assertThat(events)
                .filteredOn(ServiceEvent.GivenBack.class::isInstance)
                .extracting(event -> ((ServiceEvent.GivenBack) event).why())
                .containsExactly("somebody else has taken it over");
        assertThat(running.history(Optional.empty(), 9)).isEmpty();
    }

    @RepeatedTest(SEEDS)
    void aHostThatDoesNotAnswerIsAskedAgainButNotForEver() throws InterruptedException {
        byHand("shaky", "dead");
        runner.doesNotAnswer("shaky", 3).doesNotAnswer("dead", 99);
        start();
        runNow("shaky", "dead");
        pass(Duration.ofSeconds(3));
        assertThat(reason("dead")).matches("it is asked again at \\S+ what it reads and writes: no answer");
        pass(Duration.ofMinutes(2));
        assertThat(runner.tasks()).containsExactly("shaky");
        assertThat(store.history(Optional.empty(), 9))
                .extracting(ended -> ended.job().tasks().get(0) + " "
                        + ended.outcome().ending() + " " + ended.outcome().text())
                .containsExactly("dead ERROR no answer", "shaky FINISHED ");
    }

    /** The snapshots of one minute are one job; whoever cancels or pauses one task means no other. */
    @RepeatedTest(SEEDS)
    void oneTaskOfAJobOfSeveralIsCancelledOrPausedAlone() throws InterruptedException {
        for (String id : List.of("cancelled", "paused", "taken")) {
            snapshots.add(PeriodicSnapshotTask.of(id, "tank/" + id, SCHEMA, CronSchedule.of("0 * * * *")));
        }
        runner.isAskedFor("cancelled", Duration.ofMinutes(1));
        ReplicationService running = start();
        passHours(1);
        pass(Duration.ofSeconds(5));
        assertThat(running.cancel("cancelled")).isTrue();
        running.pause("paused");
        pass(Duration.ofMinutes(5));
        assertThat(store.history(Optional.empty(), 9))
                .extracting(ended -> ended.job().tasks() + " " + ended.outcome().ending())
                .containsExactly("[taken] FINISHED", "[cancelled] CANCELLED");
        assertThat(reason("paused")).isEqualTo("the task is paused");
    }

    @RepeatedTest(SEEDS)
    void aScheduleThatIsNewHasMissedNothing() throws InterruptedException {
        with("old", "0 * * * *", RunRules.DEFAULT);
        start().close();
        passHours(3);
        with("new", "0 * * * *", RunRules.DEFAULT.missed(RunRules.Missed.ALL));
        start();
        pass(Duration.ofMinutes(30));
        assertThat(runner.tasks()).containsExactly("old");
        passHours(1);
        assertThat(runner.tasks()).containsExactlyInAnyOrder("old", "old", "new");
    }

    /** The same threads, and another clock on the wall. */
    private Concurrency shifted(Supplier<Duration> by) {
        return (Concurrency) Proxy.newProxyInstance(
                Concurrency.class.getClassLoader(), new Class<?>[] {Concurrency.class}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("now")
                                ? concurrency.now().plus(by.get())
                                : method.invoke(concurrency, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Of two hosts one is hours ahead; each goes by how long the other says nothing. */
    @RepeatedTest(SEEDS)
    void whoStandsByDoesNotTakeOverSinceItsClockIsAhead() throws InterruptedException {
        with("each", "*/5 * * * *", RunRules.DEFAULT);
        ReplicationService first = start();
        pass(Duration.ofSeconds(5));
        ScriptedRunner other = new ScriptedRunner(concurrency);
        Definition definition = new Definition(ZoneId.of("UTC"), mostAtOnce, false, snapshots, replications);
        ReplicationService second = ReplicationService.of(definition, other, store)
                .with(shifted(() -> Duration.ofHours(5)))
                .listening(events::add)
                .start();
        try {
            pass(Duration.ofMinutes(21));
            assertThat(events).doesNotHaveAnyElementsOfTypes(ServiceEvent.TookOver.class);
            assertThat(runner.runs).hasSize(4);
            first.close();
            pass(Duration.ofMinutes(2));
            assertThat(events).hasAtLeastOneElementOfType(ServiceEvent.TookOver.class);
        } finally {
            second.close();
        }
    }

    /** An hour is an hour, whoever sets the clock meanwhile. */
    @RepeatedTest(SEEDS)
    void aDeadlineDoesNotDependOnTheClockOnTheWall() throws InterruptedException {
        replications.add(task("job")
                .own(OwnOptions.DEFAULTS.withRules(RunRules.DEFAULT.deadline(Duration.ofHours(1))))
                .build());
        runner.takes("job", Duration.ofHours(9));
        AtomicReference<Duration> shift = new AtomicReference<>(Duration.ZERO);
        Concurrency shifted = shifted(shift::get);
        Definition definition = new Definition(ZoneId.of("UTC"), mostAtOnce, false, snapshots, replications);
        ReplicationService running =
                ReplicationService.of(definition, runner, store).with(shifted).start();
        service = Optional.of(running);
        running.run("job");
        pass(Duration.ofMinutes(10));
        shift.set(Duration.ofHours(5));
        pass(Duration.ofMinutes(10));
        assertThat(runner.runs).isEmpty();
        passHours(1);
        assertThat(runner.run("job").ended()).isBetween(at("01:00:00"), at("01:00:20"));
    }

    /** The first one freezes while a job of it runs, and wakes when the second one has taken over. */
    @RepeatedTest(SEEDS)
    void ofTwoServicesOnOneStoreOneRunsTheTasks() throws InterruptedException, IOException {
        with("job", "0 * * * *", RunRules.DEFAULT.missed(RunRules.Missed.ALL));
        with("each", "*/5 * * * *", RunRules.DEFAULT.missed(RunRules.Missed.ALL));
        Definition definition = new Definition(ZoneId.of("UTC"), mostAtOnce, false, snapshots, replications);
        Path folder = Files.createTempDirectory("store");
        try (JdbcTaskStore shared = JdbcTaskStore.file(folder.resolve("tasks"))) {
            ScriptedRunner other = new ScriptedRunner(concurrency).takes("job", Duration.ofMinutes(2));
            runner.takes("job", Duration.ofMinutes(3));
            AtomicBoolean freezes = new AtomicBoolean(true);
            ReplicationService first = ReplicationService.of(definition, runner, shared)
                    .with(concurrency)
                    .listening(event -> {
                        if (event instanceof ServiceEvent.Began began
                                && began.job().tasks().contains("job")
                                && freezes.getAndSet(false)) {
                            freeze(Duration.ofMinutes(12));
                        }
                    })
                    .start();
            pass(Duration.ofSeconds(1));
            ReplicationService second = ReplicationService.of(definition, other, shared)
                    .with(concurrency)
                    .listening(events::add)
                    .start();
            pass(Duration.ofMinutes(30));
            assertThat(other.runs).isEmpty();
            passHours(1);
            assertThat(events).hasAtLeastOneElementOfType(ServiceEvent.StandsBy.class);
            assertThat(events).hasAtLeastOneElementOfType(ServiceEvent.TookOver.class);
            // what went on while its service was frozen had lost its job, and may change nothing
            assertThat(runner.lost).containsExactly("job");
            assertThat(other.lost).isEmpty();
            assertThat(shared.history(Optional.of("job"), 9)).singleElement().satisfies(ended -> {
                assertThat(ended.job().attempts()).isEqualTo(2);
                assertThat(ended.outcome().ending()).isEqualTo(Ending.FINISHED);
            });
            second.close();
            passHours(1);
            first.close();
            List<Instant> times = new ArrayList<>();
            shared.history(Optional.of("each"), 99)
                    .forEach(ended -> times.add(0, ended.job().moment()));
            assertThat(times)
                    .startsWith(at("00:05:00"), at("00:10:00"))
                    .doesNotHaveDuplicates()
                    .hasSizeBetween(29, 30);
            assertThat(runner.tasks()).as("it has taken over again").endsWith("each");
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(folder);
        }
    }

    private void freeze(Duration time) {
        try {
            pass(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @RepeatedTest(SEEDS)
    void anotherDefinitionWhileAJobRuns() throws InterruptedException {
        byHand("goes", "stays");
        runner.takes("goes", Duration.ofMinutes(10)).writes("goes", "backup/x").writes("stays", "backup/x");
        ReplicationService running = start();
        running.run("goes");
        pass(Duration.ofMinutes(1));
        running.run("goes");
        running.run("stays");
        replications.remove(0);
        running.define(new Definition(ZoneId.of("UTC"), mostAtOnce, false, snapshots, replications), runner);
        passHours(1);
        assertThat(running.history(Optional.empty(), 9))
                .extracting(ended ->
                        ended.job().tasks().get(0) + " " + ended.outcome().ending())
                .containsExactlyInAnyOrder("goes SKIPPED", "goes FINISHED", "stays FINISHED");
        assertThat(running.status()).extracting(TaskStatus::task).containsExactly("stays");
    }

    @RepeatedTest(SEEDS)
    void aHostWithoutRoomForAThreadIsWaitedFor() throws InterruptedException {
        with("each", "*/5 * * * *", RunRules.DEFAULT);
        AtomicReference<String> without = new AtomicReference<>("job-");
        Concurrency narrow = (Concurrency) Proxy.newProxyInstance(
                Concurrency.class.getClassLoader(), new Class<?>[] {Concurrency.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("fork")
                            && arguments[0].toString().startsWith(without.get())) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    try {
                        return method.invoke(concurrency, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        Definition definition = new Definition(ZoneId.of("UTC"), mostAtOnce, false, snapshots, replications);
        service = Optional.of(
                ReplicationService.of(definition, runner, store).with(narrow).start());
        pass(Duration.ofSeconds(312));
        assertThat(runner.runs).isEmpty();
        assertThat(reason("each"))
                .matches("it is asked again at \\S+ what it reads and writes: no thread could be begun for it");
        without.set("claims-");
        pass(Duration.ofSeconds(4));
        without.set("none");
        pass(Duration.ofMinutes(1));
        assertThat(store.history(Optional.empty(), 9))
                .singleElement()
                .satisfies(ended -> assertThat(ended.outcome().ending()).isEqualTo(Ending.FINISHED));
    }

    /** Whoever takes over frees the jobs of the one before. */
    @RepeatedTest(SEEDS)
    void whoStopsKeepsTheLeadUntilItsJobsHaveEnded() throws InterruptedException {
        byHand("long");
        runner.takes("long", Duration.ofMinutes(5));
        ReplicationService first = start();
        first.run("long");
        pass(Duration.ofSeconds(5));
        ScriptedRunner other = new ScriptedRunner(concurrency);
        Definition definition = new Definition(ZoneId.of("UTC"), mostAtOnce, false, snapshots, replications);
        ReplicationService second = ReplicationService.of(definition, other, store)
                .with(concurrency)
                .listening(events::add)
                .start();
        try {
            concurrency.fork("stops", () -> {
                try {
                    first.stop(Duration.ofMinutes(10));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            pass(Duration.ofMinutes(4));
            assertThat(events).doesNotHaveAnyElementsOfTypes(ServiceEvent.TookOver.class);
            pass(Duration.ofMinutes(2));
            assertThat(events).hasAtLeastOneElementOfType(ServiceEvent.TookOver.class);
            assertThat(runner.lost).isEmpty();
            assertThat(other.runs).isEmpty();
            assertThat(store.history(Optional.empty(), 9))
                    .singleElement()
                    .satisfies(ended -> assertThat(ended.job().attempts()).isEqualTo(1));
        } finally {
            second.close();
        }
    }
}
