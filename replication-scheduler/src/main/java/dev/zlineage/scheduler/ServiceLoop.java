// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.run.Cancellation;
import dev.zlineage.scheduler.JobOutcome.Ending;
import dev.zlineage.scheduler.tick.TickReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a service. It alone touches the dispatcher; jobs run in forks and report by its inbox. */
final class ServiceLoop {

    /** So soon it sees that the clock was set, or that somebody left a job in the store. */
    private static final Duration LOOK = Duration.ofSeconds(15);

    private static final Duration LONGEST_STOP = Duration.ofDays(30);

    private static final Logger LOG = LoggerFactory.getLogger(ServiceLoop.class);

    private final Dispatcher dispatcher;
    private final TaskStore store;
    private final Concurrency concurrency;
    private final Concurrency.Mailbox<Consumer<ServiceLoop>> inbox;
    private final ServiceListener listener;
    private TaskRunner runner;
    private Optional<Long> stopAt = Optional.empty();
    private boolean stopped;
    private boolean leads;
    private long lookedAt;

    ServiceLoop(
            Dispatcher dispatcher,
            TaskRunner runner,
            TaskStore store,
            Concurrency concurrency,
            Concurrency.Mailbox<Consumer<ServiceLoop>> inbox,
            ServiceListener listener) {
        this.dispatcher = dispatcher;
        this.runner = runner;
        this.store = store;
        this.concurrency = concurrency;
        this.inbox = inbox;
        this.listener = listener;
        this.lookedAt = concurrency.nanoTime();
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    TaskStore store() {
        return store;
    }

    Instant now() {
        return concurrency.now();
    }

    void define(Tasks tasks, TaskRunner work) {
        dispatcher.define(tasks, now());
        runner = work;
    }

    /** Begins nothing more, and ends what still runs after a while. */
    void stop(Duration within) {
        Duration bounded = within.compareTo(LONGEST_STOP) < 0 ? within : LONGEST_STOP;
        long at = concurrency.nanoTime() + bounded.toNanos();
        stopAt = Optional.of(stopAt.map(before -> Math.min(before, at)).orElse(at));
    }

    void run() {
        boolean interrupted = false;
        while (!done()) {
            boolean well = decided();
            try {
                listen(well ? sleep(now()) : shorter(LOOK, Optional.empty(), now()));
            } catch (InterruptedException e) {
                interrupted = true;
                stop(Duration.ZERO);
            }
        }
        resign();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** In the end it does not wait for a store that will not write down what has ended: that job is free when its lease is over. */
    private boolean done() {
        return stopAt.isPresent()
                && dispatcher.started().stream()
                        .allMatch(job -> stopped && job.ended().isPresent());
    }

    private void resign() {
        try {
            dispatcher.resign();
        } catch (RuntimeException e) {
            LOG.warn("others wait until the lead of this service is over", e);
        }
    }

    /** False if that failed, most likely by the store: then it is waited for a while, but listened all the same. */
    private boolean decided() {
        try {
            decide(now());
            return true;
        } catch (RuntimeException | Error e) {
            LOG.error("the service goes on after a failure", e);
            return false;
        }
    }

    private void decide(Instant now) {
        if (stopAt.isPresent() && !stopped && stopAt.get() - concurrency.nanoTime() <= 0) {
            stopped = true; // first, so that a store that fails does not keep it from stopping
            dispatcher.stopAll();
        }
        dispatcher.watch(now);
        if (stopAt.isEmpty()) {
            look(now);
        }
        // whoever took over from one that stops would free what still runs
        leads = !done() && dispatcher.leads(now);
        if (leads && stopAt.isEmpty()) {
            dispatcher.follow(now);
            dispatcher.unasked(now).forEach(this::askForClaims);
            dispatcher.begin(now, this::begin);
        }
    }

    private void listen(Duration atMost) throws InterruptedException {
        Optional<Consumer<ServiceLoop>> message = inbox.poll(atMost);
        while (message.isPresent()) {
            try {
                message.get().accept(this);
            } catch (RuntimeException | Error e) {
                LOG.error("the service goes on after a failure", e);
            }
            message = inbox.poll(Duration.ZERO);
        }
    }

    private void look(Instant now) {
        if (concurrency.nanoTime() - lookedAt >= LOOK.toNanos()) {
            lookedAt = concurrency.nanoTime();
            dispatcher.takeUp(now);
        }
    }

    private Duration sleep(Instant now) {
        Duration sleep = shorter(LOOK, dispatcher.nextWatch(now), now);
        if (stopAt.isEmpty()) {
            // what is due is no business of one that stands by
            return leads ? shorter(sleep, dispatcher.nextBegin(now), now) : sleep;
        }
        Duration left = Duration.ofNanos(Math.max(0, stopAt.get() - concurrency.nanoTime()));
        return stopped || sleep.compareTo(left) < 0 ? sleep : left;
    }

    private static Duration shorter(Duration longest, Optional<Instant> next, Instant now) {
        Duration until = next.map(at -> Duration.between(now, at)).orElse(longest);
        return until.isNegative() ? Duration.ZERO : until.compareTo(longest) < 0 ? until : longest;
    }

    private void askForClaims(Dispatcher.Question question) {
        TaskRunner work = runner;
        Job job = question.job();
        TaskRunner.CannotRunException later =
                new TaskRunner.CannotRunException(JobOutcome.of(Ending.ERROR, Stop.NO_THREAD.words()), true);
        fork(
                "claims-" + job.id(),
                () -> {
                    Consumer<ServiceLoop> answer;
                    try {
                        Set<Claim> claims = work.claims(job);
                        answer = loop -> loop.dispatcher.claims(question, claims);
                    } catch (TaskRunner.CannotRunException e) {
                        answer = loop -> loop.dispatcher.cannotRun(question, e, loop.now());
                    } catch (RuntimeException | Error e) {
                        LOG.error("what {} reads and writes could not be told", job.tasks(), e);
                        TaskRunner.CannotRunException why = new TaskRunner.CannotRunException(unexpected(e));
                        answer = loop -> loop.dispatcher.cannotRun(question, why, loop.now());
                    }
                    inbox.post(answer);
                },
                loop -> loop.dispatcher.cannotRun(question, later, loop.now()));
    }

    private void begin(StartedJob started) {
        TaskRunner work = runner;
        Job job = started.job();
        fork(
                "job-" + job.id(),
                () -> {
                    JobOutcome outcome;
                    try {
                        outcome = work.run(job, new Watched(started));
                    } catch (InterruptedException e) {
                        outcome = JobOutcome.of(Ending.CANCELLED, "interrupted");
                    } catch (RuntimeException | Error e) {
                        LOG.error("the job of {} ended in a way that nobody foresaw", job.tasks(), e);
                        outcome = unexpected(e);
                    }
                    JobOutcome ended = outcome;
                    inbox.post(loop -> loop.dispatcher.ended(job.id(), ended, loop.now()));
                },
                loop -> loop.dispatcher.notBegun(job.id(), loop.now()));
    }

    /** A host that has no room for another thread may have some later. */
    private void fork(String name, Runnable body, Consumer<ServiceLoop> otherwise) {
        try {
            concurrency.fork(name, body);
        } catch (RuntimeException | Error e) {
            LOG.error("no thread could be begun for {}", name, e);
            inbox.post(otherwise);
        }
    }

    private static JobOutcome unexpected(Throwable e) {
        return JobOutcome.of(Ending.ERROR, "unexpected: " + e);
    }

    private final class Watched implements TaskRunner.RunningJob {

        private final StartedJob started;

        Watched(StartedJob started) {
            this.started = started;
        }

        @Override
        public Cancellation cancellation() {
            return started.cancellation();
        }

        @Override
        public void progressed(RunProgress progress) {
            started.progressed(progress);
            inbox.post(loop -> listener.on(new ServiceEvent.Progressed(loop.now(), started.job(), progress)));
        }

        @Override
        public void waits(String reason) {
            started.waits(reason);
            inbox.post(loop -> listener.on(new ServiceEvent.Waits(loop.now(), started.job(), reason)));
        }

        @Override
        public void reported(TickReport report) {
            inbox.post(loop -> listener.on(new ServiceEvent.Reported(loop.now(), started.job(), report)));
        }

        @Override
        public boolean stillMine() {
            return store.holds(started.lease());
        }
    }
}
