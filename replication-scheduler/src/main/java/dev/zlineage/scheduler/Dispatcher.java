// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.scheduler.JobOutcome.Ending;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which job begins when: turns the clock into jobs, lets each begin in its turn, and keeps apart what overlaps. It runs nothing
 * and waits for nothing; who drives it does, so that one thread and a clock set by hand are enough to try it. Used by one
 * thread.
 */
final class Dispatcher {

    /** A clock that is set back by less is waited for: nothing is due twice. */
    static final Duration WAITED_FOR = Duration.ofDays(1);

    /** For how long a job is somebody's who says nothing more. */
    static final Duration LEASE = Duration.ofSeconds(60);

    private static final Duration HALF_LEASE = LEASE.dividedBy(2);

    /** So many hosts are asked at a time what jobs read and write. */
    private static final int QUESTIONS = 16;

    private static final String LOST = "somebody else has taken it over";

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** What a job reads and writes; the number tells answers to an earlier definition apart. */
    record Question(Job job, int number) {}

    private final TaskStore store;
    private final String node;
    private final DoubleSupplier random;
    private final LongSupplier nanoTime;
    private final ServiceListener listener;
    private final Leadership leadership;
    private final Map<Long, WaitingJob> waiting = new TreeMap<>();
    private final Map<Long, StartedJob> started = new TreeMap<>();
    private Tasks tasks;
    private Agenda agenda;
    private Predecessors predecessors;

    /** When the tasks were defined: a schedule that is new has missed nothing before. */
    private Instant defined;

    /** The cursor of the store at which the agenda stands; empty while it gave away times that the store may not have. */
    private Optional<Instant> agreed;

    /** Whether the store may not know yet which schedules are followed. */
    private boolean untold;

    /** Takes up what the store holds; nothing was due before its first moment. */
    Dispatcher(
            Tasks tasks,
            TaskStore store,
            String node,
            Instant now,
            DoubleSupplier random,
            LongSupplier nanoTime,
            ServiceListener listener) {
        this.store = store;
        this.node = node;
        this.random = random;
        this.nanoTime = nanoTime;
        this.listener = guarded(listener);
        this.leadership = new Leadership(store, node, nanoTime, this.listener);
        if (store.cursor().isEmpty()) {
            store.advance(Optional.empty(), now, List.of(), Optional.empty());
        }
        plan(tasks, now);
        takeUp(now);
    }

    /** Whoever listens badly keeps nothing from being done. */
    private static ServiceListener guarded(ServiceListener told) {
        return event -> {
            try {
                told.on(event);
            } catch (RuntimeException e) {
                LOG.warn("a listener failed on {}", event, e);
            }
        };
    }

    /** Whether this one begins jobs; of several on one store the others stand by. */
    boolean leads(Instant now) {
        return leadership.leads(now, () -> takeUp(now));
    }

    /** Lets another one lead at once. */
    void resign() {
        leadership.resign();
    }

    /** Other tasks from now on. What runs goes on as it began. */
    void define(Tasks other, Instant now) {
        noteWhoWaitsForOthers(now); // under the new definition some of those may be gone
        plan(other, now);
        waiting.values().forEach(WaitingJob::askAgain);
        listener.on(new ServiceEvent.Defined(now, tasks.ids()));
    }

    /** From the store on. If that fails, all is as before. */
    private void plan(Tasks other, Instant since) {
        Instant cursor = store.cursor().orElseThrow();
        agenda = new Agenda(other, cursor, store.followed(), since, random);
        tasks = other;
        predecessors = new Predecessors(other, store, waiting.values(), started.values());
        defined = since;
        agreed = Optional.of(cursor);
        untold = true;
    }

    Tasks tasks() {
        return tasks;
    }

    /** Makes jobs of what became due. */
    void follow(Instant now) {
        Instant followed = store.cursor().orElseThrow();
        if (now.isBefore(followed)) {
            if (now.isBefore(followed.minus(WAITED_FOR))) {
                listener.on(new ServiceEvent.ClockWentBack(now, followed));
                store.advance(Optional.of(followed), now, List.of(), Optional.empty());
                plan(tasks, now);
            }
            return;
        }
        if (agreed.filter(followed::equals).isEmpty()) {
            plan(tasks, defined); // the store failed meanwhile, or another one has led
        }
        agreed = Optional.empty();
        Instant to = now.truncatedTo(ChronoUnit.MILLIS); // as stores keep it
        Agenda.Due due = agenda.until(to, store.paused());
        boolean any = !due.requests().isEmpty() || !due.missed().isEmpty();
        boolean moves = any || untold || now.isAfter(followed.plus(LEASE));
        if (moves) {
            Optional<Set<String>> schedules = Optional.of(agenda.schedules()).filter(s -> untold);
            if (!store.advance(Optional.of(followed), to, due.requests(), schedules)) {
                return; // somebody else was faster, and has left what is due in the store
            }
            untold = false;
        }
        agreed = Optional.of(moves ? to : followed);
        due.missed().forEach((task, times) -> listener.on(new ServiceEvent.Missed(now, task, times)));
        if (any) {
            takeUp(now);
        }
    }

    /** Adds a job by hand. */
    List<Job> request(String task, Instant now) {
        List<Job> jobs = tasks.byHand(task, now).stream().map(store::queue).toList();
        takeUp(now);
        return jobs;
    }

    /** Sees what waits in the store, also what others left there, or took away. */
    void takeUp(Instant now) {
        List<Job> free = store.waiting(now);
        waiting.keySet().retainAll(free.stream().map(Job::id).collect(Collectors.toSet()));
        for (Job job : free) {
            WaitingJob known = waiting.get(job.id());
            if (known == null || !known.job().equals(job)) {
                predecessors.forget(tasks.before(job)); // one of them has ended, maybe of another service
            }
            if (known != null) {
                known.is(job);
            } else if (!started.containsKey(job.id())) {
                waiting.put(job.id(), new WaitingJob(job, now));
                listener.on(new ServiceEvent.Queued(now, job));
            }
        }
    }

    /** The jobs of which it is to be asked now what they read and write. Snapshots never wait for the answers to others. */
    List<Question> unasked(Instant now) {
        long open = waiting.values().stream().filter(WaitingJob::isAsked).count();
        List<WaitingJob> next = waiting.values().stream()
                .filter(waits -> waits.isToBeAsked(now))
                .toList();
        Stream<WaitingJob> snapshots = next.stream().filter(waits -> waits.job().kind() == JobKind.SNAPSHOTS);
        Stream<WaitingJob> others = next.stream()
                .filter(waits -> waits.job().kind() != JobKind.SNAPSHOTS)
                .limit(Math.max(0, QUESTIONS - open));
        return Stream.concat(snapshots, others).map(WaitingJob::ask).toList();
    }

    void claims(Question question, Set<Claim> claims) {
        asked(question).ifPresent(waits -> waits.claims(claims));
    }

    /** It can't be run, and was not begun. What may pass by itself is waited for. */
    void cannotRun(Question question, TaskRunner.CannotRunException why, Instant now) {
        Optional<WaitingJob> asked = asked(question);
        if (asked.isPresent()
                && !(why.isPassing() && asked.get().asksAgain(why.outcome().text(), now))) {
            drop(question.job().id(), why.outcome(), now);
        }
    }

    private Optional<WaitingJob> asked(Question question) {
        return Optional.ofNullable(waiting.get(question.job().id()))
                .filter(waits -> waits.question() == question.number());
    }

    private boolean drop(long id, JobOutcome outcome, Instant now) {
        WaitingJob waits = waiting.remove(id);
        boolean dropped = waits != null && store.drop(id, outcome, now);
        if (dropped) {
            predecessors.forget(waits.job().tasks());
            listener.on(new ServiceEvent.Ended(now, new JobRecord(waits.job(), Optional.empty(), now, outcome)));
            List<JobRequest> following = waits.job().kind() == JobKind.SNAPSHOTS || outcome.ending() == Ending.SKIPPED
                    ? List.of()
                    : tasks.following(waits.job(), now);
            following.forEach(store::queue);
            if (!following.isEmpty()) {
                takeUp(now);
            }
        }
        return dropped;
    }

    /**
     * Lets begin what can begin.
     *
     * @param run told of each at once: what the store knows to be begun is run, whatever happens to the others
     */
    void begin(Instant now, Consumer<StartedJob> run) {
        dropWhatIsObsolete(now);
        dropWhatFollowsAFailure(now);
        if (waiting.isEmpty()) {
            return;
        }
        Set<String> paused = store.paused();
        List<WaitingJob> ahead = new ArrayList<>();
        Optional<String> full = Optional.empty();
        for (WaitingJob waits : inTurn(now)) {
            if (full.filter(waits.reason()::equals).isPresent()) {
                continue; // of ten thousand that wait for the same thing, one is asked
            }
            Optional<String> before = predecessors.unfinished(waits.job());
            if (before.isPresent()) {
                tellWaits(waits, before.get(), now);
                continue;
            }
            Turn.Answer turn = new Turn(waits, now, tasks, paused, started.values(), ahead).answer();
            if (turn.reason().isEmpty()) {
                begin(waits, now).ifPresent(run);
            } else {
                if (turn.keepsItsPlace()) {
                    ahead.add(waits);
                }
                full = turn.full() ? turn.reason() : full;
                tellWaits(waits, turn.reason().get(), now);
            }
        }
    }

    /** Snapshots first, since they wait for nothing else; then by priority, to which each hour of waiting adds one, then by age. */
    private List<WaitingJob> inTurn(Instant now) {
        return waiting.values().stream()
                .map(waits -> new Ranked(waits, waits.priority(tasks, now)))
                .sorted(Comparator.comparing((Ranked each) -> each.waits().job().kind())
                        .thenComparing(each -> -each.priority())
                        .thenComparing(each -> each.waits().job().id()))
                .map(Ranked::waits)
                .toList();
    }

    private record Ranked(WaitingJob waits, long priority) {}

    private void noteWhoWaitsForOthers(Instant now) {
        waiting.values().stream()
                .filter(waits -> predecessors.unfinished(waits.job()).isPresent())
                .forEach(waits -> waits.waitsForOthers(now));
    }

    private void dropWhatIsObsolete(Instant now) {
        noteWhoWaitsForOthers(now);
        for (WaitingJob waits : List.copyOf(waiting.values())) {
            tasks.obsolete(waits.job())
                    .or(() -> waits.stale(tasks, now))
                    .ifPresent(why -> drop(waits.job().id(), JobOutcome.of(Ending.SKIPPED, why), now));
        }
    }

    private void tellWaits(WaitingJob waits, String reason, Instant now) {
        if (waits.waitsFor(reason)) {
            listener.on(new ServiceEvent.Waits(now, waits.job(), reason));
        }
    }

    /** Until nothing more does: what follows one that was dropped is asked for, and dropped as well. */
    private void dropWhatFollowsAFailure(Instant now) {
        boolean any = true;
        while (any) {
            any = false;
            for (WaitingJob waits : List.copyOf(waiting.values())) {
                Optional<JobOutcome> why = predecessors.failed(waits.job());
                any |= why.isPresent() && drop(waits.job().id(), why.get(), now);
            }
        }
    }

    private Optional<StartedJob> begin(WaitingJob waits, Instant now) {
        waiting.remove(waits.job().id());
        Optional<Lease> lease = store.begin(waits.job().id(), node, now, now.plus(LEASE));
        if (lease.isEmpty()) {
            return Optional.empty();
        }
        StartedJob job = new StartedJob(
                waits.job().begunAgain(),
                lease.get(),
                waits.claims(),
                now,
                tasks.endOf(waits.job(), now, nanoTime.getAsLong()));
        started.put(job.job().id(), job);
        listener.on(new ServiceEvent.Began(now, job.job()));
        return Optional.of(job);
    }

    /** Renews what runs, ends what has run for too long, and writes down once more how those ended of which the store would not. */
    void watch(Instant now) {
        for (StartedJob job : started.values()) {
            job.endBy().reached(now, nanoTime.getAsLong()).ifPresent(job::stop);
            if (!now.isBefore(renewal(job)) && !job.isLost()) {
                Lease renewed = job.lease().renewed(now.plus(LEASE));
                if (store.renew(job.lease(), renewed.until())) {
                    job.renewed(renewed);
                } else {
                    job.lost();
                }
            }
        }
        for (StartedJob job : List.copyOf(started.values())) {
            job.ended().ifPresent(ended -> tryToWrite(job, ended, now));
        }
    }

    /** One of which the store will not know keeps nothing else from being done. */
    private void tryToWrite(StartedJob job, StartedJob.Ended ended, Instant now) {
        try {
            write(job, ended, now);
        } catch (RuntimeException e) {
            LOG.warn("the end of {} could not be written down", job.job(), e);
        }
    }

    private static Instant renewal(StartedJob job) {
        return job.lease().until().minus(HALF_LEASE);
    }

    /** A job ended. If the store fails, that is written down with a later {@link #watch}. */
    void ended(long id, JobOutcome outcome, Instant now) {
        StartedJob job = started.get(id);
        if (job != null) {
            job.ended(outcome, now);
            write(job, job.ended().orElseThrow(), now);
        }
    }

    /** There was no thread for it: it waits again, and is not begun at once. */
    void notBegun(long id, Instant now) {
        Optional.ofNullable(started.get(id)).ifPresent(job -> job.stop(Stop.NO_THREAD));
        ended(id, JobOutcome.of(Ending.CANCELLED, Stop.NO_THREAD.words()), now);
        Optional.ofNullable(waiting.get(id)).ifPresent(waits -> waits.asksAgain(Stop.NO_THREAD.words(), now));
    }

    /** What was told to leave, and has not finished all the same, waits again. */
    private void write(StartedJob job, StartedJob.Ended ended, Instant now) {
        JobOutcome outcome = ended.outcome();
        Optional<Stop> stop = job.stopped().filter(why -> outcome.ending() != Ending.FINISHED);
        if (!job.isLost() && stop.filter(Stop::goesOn).isPresent()) {
            store.giveBack(job.lease());
            givenBack(job, stop.get().words(), now);
            return;
        }
        predecessors.forget(job.job().tasks());
        JobOutcome real = stop.map(why -> outcome.stopped(why.words())).orElse(outcome);
        List<JobRequest> following = tasks.following(job.job(), now);
        if (!store.end(job.lease(), real, ended.at(), following)) {
            givenBack(job, LOST, now);
            return;
        }
        started.remove(job.job().id());
        listener.on(new ServiceEvent.Ended(now, new JobRecord(job.job(), Optional.of(job.since()), ended.at(), real)));
        if (!following.isEmpty()) {
            takeUp(now); // not after each job: that would read all that waits as often as there are jobs
        }
    }

    private void givenBack(StartedJob job, String why, Instant now) {
        started.remove(job.job().id());
        listener.on(new ServiceEvent.GivenBack(now, job.job(), why));
        takeUp(now);
    }

    /** Ends what runs of a task, and takes away what waits. Snapshots that are being taken with those of others are taken. */
    boolean cancel(String task, Instant now) {
        boolean any = false;
        alone(task, now);
        for (StartedJob job : runningAlone(task)) {
            job.stop(Stop.BY_HAND);
            any = true;
        }
        for (WaitingJob waits : List.copyOf(waiting.values())) {
            if (waits.job().tasks().equals(List.of(task))) {
                any |= drop(waits.job().id(), JobOutcome.of(Ending.CANCELLED, Stop.BY_HAND.words()), now);
            }
        }
        return any;
    }

    /** What runs of a paused task is ended and begun again when the pause is over; snapshots are not taken meanwhile. */
    void pause(String task, boolean yes, Instant now) {
        store.pause(task, yes);
        if (yes) {
            alone(task, now);
            runningAlone(task).forEach(job -> job.stop(Stop.PAUSED));
        }
    }

    private List<StartedJob> runningAlone(String task) {
        return started.values().stream()
                .filter(job -> job.job().tasks().equals(List.of(task)))
                .toList();
    }

    /** What waits of a task together with others, as the snapshots of one minute do, becomes a job of its own. */
    private void alone(String task, Instant now) {
        boolean any = false;
        for (WaitingJob waits : waiting.values()) {
            List<String> all = waits.job().tasks();
            any |= all.size() > 1
                    && all.contains(task)
                    && store.split(waits.job().id(), task).isPresent();
        }
        if (any) {
            takeUp(now);
        }
    }

    void stopAll() {
        started.values().forEach(job -> job.stop(Stop.SHUTDOWN));
    }

    Collection<StartedJob> started() {
        return started.values();
    }

    Collection<WaitingJob> waiting() {
        return waiting.values();
    }

    /** When a task is due next by its schedule. */
    Optional<Instant> next(JobKind kind, String task) {
        return agenda.next(kind, task);
    }

    /** When something may begin, if nothing happens before. */
    Optional<Instant> nextBegin(Instant now) {
        Optional<Instant> next = agenda.next();
        for (WaitingJob waits : waiting.values()) {
            next = earlier(next, Optional.of(waits.job().notBefore()).filter(at -> at.isAfter(now)));
            next = earlier(next, waits.askAt().filter(at -> at.isAfter(now)));
        }
        return next;
    }

    /** When what runs has to be looked at. */
    Optional<Instant> nextWatch(Instant now) {
        Optional<Instant> next = Optional.empty();
        for (StartedJob job : started.values()) {
            if (!job.isLost()) {
                next = earlier(next, Optional.of(renewal(job)));
                next = earlier(next, job.endBy().next(now, nanoTime.getAsLong()).filter(at -> at.isAfter(now)));
            }
        }
        return next;
    }

    private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        return one.isEmpty() || other.isPresent() && other.get().isBefore(one.get()) ? other : one;
    }
}
