// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.tick.TickReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/**
 * A service whose clock is set by hand, and whose jobs run at once on the thread that sets it: a year of schedules takes as
 * long as its jobs. It decides as {@link ReplicationService} does, by the same code.
 *
 * <pre>{@code
 * ManualScheduler scheduler = ManualScheduler.of(definition, runner, Instant.parse("2026-03-01T00:00:00Z"));
 * scheduler.advanceTo(Instant.parse("2026-04-01T00:00:00Z"));
 * assertThat(scheduler.history()).hasSize(31);
 * }</pre>
 *
 * <p>A job takes no time on its clock, so that deadlines and ends of windows never come under it. Used by one thread.
 */
public final class ManualScheduler {

    private final TaskStore store;
    private final Dispatcher dispatcher;
    private final ServiceListener listener;
    private TaskRunner runner;
    private Instant now;

    private ManualScheduler(
            Definition definition,
            TaskRunner runner,
            TaskStore store,
            Instant now,
            ServiceListener listener,
            long seed) {
        this.store = store;
        this.runner = runner;
        this.now = now;
        this.listener = listener;
        this.dispatcher = new Dispatcher(
                new Tasks(definition),
                store,
                "manual",
                now,
                new SplittableRandom(seed)::nextDouble,
                this::nanoTime,
                listener);
    }

    private long nanoTime() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    /**
     * A scheduler that remembers in memory.
     *
     * @param definition all tasks
     * @param runner does their work
     * @param now what its clock shows
     * @return a scheduler; nothing is due before it
     */
    public static ManualScheduler of(Definition definition, TaskRunner runner, Instant now) {
        return of(definition, runner, now, new InMemoryTaskStore(), ServiceListener.NONE);
    }

    /**
     * A scheduler on a store, which may hold what an earlier one left.
     *
     * @param definition all tasks
     * @param runner does their work
     * @param now what its clock shows
     * @param store keeps what has to outlive it
     * @param listener told what happens
     * @return a scheduler
     */
    public static ManualScheduler of(
            Definition definition, TaskRunner runner, Instant now, TaskStore store, ServiceListener listener) {
        return new ManualScheduler(definition, runner, store, now, listener, 1);
    }

    /**
     * What its clock shows.
     *
     * @return the moment that was set last
     */
    public Instant now() {
        return now;
    }

    /**
     * Lets the clock go on, minute by minute as far as anything is due: each job runs at the moment at which it is due.
     *
     * @param moment what the clock shows in the end
     * @throws InterruptedException if the thread is interrupted
     */
    public void advanceTo(Instant moment) throws InterruptedException {
        settle();
        for (Optional<Instant> next = dispatcher.nextBegin(now);
                next.isPresent() && !next.get().isAfter(moment);
                next = dispatcher.nextBegin(now)) {
            now = next.get();
            settle();
        }
        set(moment);
    }

    /**
     * Sets the clock, as a suspend or an administrator does: the moments between are passed over.
     *
     * @param moment what the clock shows now; may be earlier
     * @throws InterruptedException if the thread is interrupted
     */
    public void set(Instant moment) throws InterruptedException {
        now = moment;
        settle();
    }

    /**
     * Asks for a task, and runs it.
     *
     * @param task the id of a task that is enabled
     * @return the jobs that served it
     * @throws IllegalArgumentException if there is no such task, or it is disabled
     * @throws InterruptedException if the thread is interrupted
     */
    public List<Job> run(String task) throws InterruptedException {
        List<Job> jobs = dispatcher.request(task, now);
        settle();
        return jobs;
    }

    /**
     * Pauses a task.
     *
     * @param task its id
     */
    public void pause(String task) {
        dispatcher.pause(task, true, now);
    }

    /**
     * Ends a pause, and runs what waits.
     *
     * @param task its id
     * @throws InterruptedException if the thread is interrupted
     */
    public void goOn(String task) throws InterruptedException {
        dispatcher.pause(task, false, now);
        settle();
    }

    /**
     * Forgets what waits of a task.
     *
     * @param task its id
     * @return whether there was anything
     */
    public boolean cancel(String task) {
        return dispatcher.cancel(task, now);
    }

    /**
     * Replaces the definition.
     *
     * @param definition all tasks
     * @param work does their work from now on
     * @throws InterruptedException if the thread is interrupted
     */
    public void define(Definition definition, TaskRunner work) throws InterruptedException {
        dispatcher.define(new Tasks(definition), now);
        runner = work;
        settle();
    }

    /**
     * Where each task stands.
     *
     * @return in the order of the definition, snapshot tasks first
     */
    public List<TaskStatus> status() {
        return new Statuses(dispatcher, store, now).all();
    }

    /**
     * What became of all jobs.
     *
     * @return the latest first, as many as the store remembers
     */
    public List<JobRecord> history() {
        return store.history(Optional.empty(), Integer.MAX_VALUE);
    }

    /** Runs all that can be run now, and what follows from it. */
    private void settle() throws InterruptedException {
        dispatcher.watch(now);
        if (!dispatcher.leads(now)) {
            return;
        }
        dispatcher.follow(now);
        boolean more = true;
        while (more) {
            for (List<Dispatcher.Question> questions = dispatcher.unasked(now);
                    !questions.isEmpty();
                    questions = dispatcher.unasked(now)) {
                questions.forEach(this::askForClaims);
            }
            List<StartedJob> begun = new ArrayList<>();
            dispatcher.begin(now, begun::add);
            for (StartedJob job : begun) {
                dispatcher.ended(job.job().id(), runner.run(job.job(), new Watched(job, this::told)), now);
            }
            more = !begun.isEmpty();
        }
    }

    private void told(Job job, TickReport report) {
        listener.on(new ServiceEvent.Reported(now, job, report));
    }

    private void askForClaims(Dispatcher.Question question) {
        try {
            dispatcher.claims(question, runner.claims(question.job()));
        } catch (TaskRunner.CannotRunException e) {
            dispatcher.cannotRun(question, e, now);
        }
    }

    private record Watched(StartedJob started, BiConsumer<Job, TickReport> told) implements TaskRunner.RunningJob {

        @Override
        public Cancellation cancellation() {
            return started.cancellation();
        }

        @Override
        public void progressed(RunProgress progress) {
            started.progressed(progress);
        }

        @Override
        public void reported(TickReport report) {
            told.accept(started.job(), report);
        }

        @Override
        public boolean stillMine() {
            return true;
        }
    }
}
