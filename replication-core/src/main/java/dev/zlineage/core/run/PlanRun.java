// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.NewBookmark;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.plan.TargetStep;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.transport.RateLimit;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one plan out: prepares the source, sends, looks what the target holds, tidies up. Everything here happens on the
 * calling thread, which alone owns the state; the forks that send report to its mailbox.
 */
public final class PlanRun {

    private static final Logger LOG = LoggerFactory.getLogger(PlanRun.class);

    private final ReplicationPlan plan;
    private final Map<DatasetName, DatasetPlan> bySource;
    private final Zfs source;
    private final Zfs target;
    private final Replanner replanner;
    private final Patience patience;
    private final Concurrency concurrency;
    private final StreamJoiner joiner;
    private final ReplicationListener listener;
    private final Cancellation cancellation;
    private final SourceMarks marks;
    private final Parents parents;
    private final KeyKeeping keys;

    private final Map<DatasetName, DatasetRun> runs = new HashMap<>();
    private final Map<DatasetName, ZfsFailure> failures = new HashMap<>();
    private final Map<DatasetName, Tally> tallies = new HashMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private long started;

    /** What was counted for one dataset. */
    private static final class Tally {
        private long bytes;
        private long saved;
        private int retries;
    }

    /**
     * Prepares a run.
     *
     * @param plan what to do; it must not count on a snapshot that is still to be taken
     * @param source the host that sends
     * @param target the host that receives
     * @param replanner plans a dataset anew after a failure
     * @param sink keeps the keys of targets; empty where the plan hands none over
     * @param patience how long to put up with failures
     * @param concurrency threads and time
     * @param listener told what happens
     * @param cancellation ends the run
     */
    public PlanRun(
            ReplicationPlan plan,
            Zfs source,
            Zfs target,
            Replanner replanner,
            Optional<KeySink> sink,
            Patience patience,
            Concurrency concurrency,
            ReplicationListener listener,
            Cancellation cancellation) {
        this.plan = plan;
        this.bySource = plan.datasets().stream().collect(Collectors.toMap(DatasetPlan::source, Function.identity()));
        this.source = source;
        this.target = target;
        this.replanner = replanner;
        this.patience = patience;
        this.concurrency = concurrency;
        this.joiner = new StreamJoiner(concurrency, limit(plan.request(), concurrency));
        this.listener = listener;
        this.cancellation = cancellation;
        this.parents = new Parents(target, plan.parents());
        this.marks = new SourceMarks(source, plan.holdTag(), this::warn);
        this.keys = new KeyKeeping(plan, target, sink, this::warn);
    }

    private static Optional<RateLimit> limit(ReplicationRequest request, Concurrency concurrency) {
        Optional<Long> always = request.bytesPerSecond();
        return request.dailyRates()
                .map(rates -> new RateLimit(concurrency, moment -> rates.at(moment, always)))
                .or(() -> always.map(rate -> new RateLimit(concurrency, rate)));
    }

    /**
     * Carries the plan out.
     *
     * @return how each dataset ended
     * @throws InterruptedException if the thread was interrupted; streams under way were cut and their processes are gone
     */
    public ReplicationResult run() throws InterruptedException {
        started = concurrency.nanoTime();
        List<DatasetPlan> working =
                plan.datasets().stream().filter(DatasetPlan::works).toList();
        plan.warnings().forEach(this::warn);
        tell(new ReplicationEvent.Started(
                plan, working.stream().mapToInt(d -> d.streams().size()).sum()));
        List<DatasetPlan> possible = withParents(working);
        // also where nothing can be sent: what is there already is marked anew, before its old mark goes
        marks.make(
                working.isEmpty() || !possible.isEmpty()
                        ? plan.datasets()
                        : plan.datasets().stream().filter(d -> !d.works()).toList());
        send(possible);
        TargetLook look = look(working);
        look.warnings().forEach(this::warn);
        List<DatasetResult> results =
                plan.datasets().stream().map(dataset -> result(dataset, look)).toList();
        tidy(results, look);
        Optional<ZfsFailure> keyNotKept = keys.carryOut();
        List<DatasetResult> told = results.stream()
                .map(result -> keyNotKept
                        .filter(failure -> result.target().equals(plan.request().target()))
                        .map(result::unless)
                        .orElse(result))
                .toList();
        told.forEach(result -> tell(new ReplicationEvent.DatasetFinished(result)));
        HalfGroups.warnings(plan.keyRoots(), told).forEach(this::warn);
        ReplicationResult result =
                new ReplicationResult(told, List.copyOf(warnings), Duration.ofNanos(concurrency.nanoTime() - started));
        tell(new ReplicationEvent.Finished(result));
        return result;
    }

    /** Those that the parents could be created for, as far as they can be yet. */
    private List<DatasetPlan> withParents(List<DatasetPlan> working) {
        parents.create(working.stream().map(DatasetPlan::target).collect(Collectors.toSet()));
        working.forEach(d -> parents.obstacle(d.target()).ifPresent(why -> failures.put(d.source(), why)));
        return working.stream().filter(d -> !failures.containsKey(d.source())).toList();
    }

    private void send(List<DatasetPlan> working) throws InterruptedException {
        Concurrency.Mailbox<DatasetRun.Report> reports = concurrency.mailbox();
        Map<DatasetRun, Concurrency.Fork> running = new LinkedHashMap<>();
        Set<DatasetRun> open = ConcurrentHashMap.newKeySet();
        Deque<DatasetPlan> waiting = new ArrayDeque<>(working);
        Set<DatasetName> unfinished = new HashSet<>();
        working.forEach(d -> unfinished.add(d.target()));
        Runnable abort = () -> open.forEach(run -> run.end(ZfsFailure.Kind.CANCELLED, "cancelled"));
        cancellation.onCancel(abort);
        try {
            startWhatCan(waiting, unfinished, running, open, reports);
            while (!running.isEmpty()) {
                Optional<DatasetRun.Report> report = reports.poll(untilNextCheck());
                if (report.isEmpty()) {
                    check(open);
                    continue;
                }
                tell(report.get());
                if (report.get() instanceof DatasetRun.Report.Ended ended) {
                    running.remove(ended.run()).join();
                    open.remove(ended.run());
                    unfinished.remove(ended.run().plan().target());
                    ended.failure()
                            .ifPresent(f -> failures.put(ended.run().plan().source(), f));
                    startWhatCan(waiting, unfinished, running, open, reports);
                }
            }
        } finally {
            cancellation.forget(abort);
            abort.run();
            for (Concurrency.Fork fork : running.values()) {
                joinWhatever(fork);
            }
        }
    }

    /** A bound on how late a stall or the deadline is noticed while nothing is reported. */
    private Duration untilNextCheck() {
        Duration stall = patience.stall().dividedBy(8);
        Duration left = patience.deadline()
                .map(whole -> whole.minusNanos(concurrency.nanoTime() - started))
                .filter(rest -> !rest.isNegative() && rest.compareTo(stall) < 0)
                .orElse(stall);
        return left.plusMillis(1);
    }

    private void check(Set<DatasetRun> open) {
        long now = concurrency.nanoTime();
        open.forEach(run -> run.cutIfStalled(now));
        if (pastDeadline()) {
            open.forEach(run -> run.end(ZfsFailure.Kind.TIMED_OUT, lateness()));
        }
    }

    private boolean pastDeadline() {
        return patience.deadline()
                .filter(whole -> concurrency.nanoTime() - started >= whole.toNanos())
                .isPresent();
    }

    private String lateness() {
        return "the run was given " + patience.deadline().orElseThrow().toSeconds() + " s, and they are over";
    }

    /** No thread is left behind, not even when this one is interrupted once more. */
    private static void joinWhatever(Concurrency.Fork fork) throws InterruptedException {
        try {
            fork.join();
        } catch (InterruptedException e) {
            fork.interrupt();
            fork.join();
            throw e;
        }
    }

    /**
     * Parents before children, and a clone after what it is one of: a dataset waits while such a one has not ended, and fails
     * with it if it is not there. One pass is enough, since the queue has those first: what a failed dataset lets go of stands
     * behind it.
     */
    private void startWhatCan(
            Deque<DatasetPlan> waiting,
            Set<DatasetName> unfinished,
            Map<DatasetRun, Concurrency.Fork> running,
            Set<DatasetRun> open,
            Concurrency.Mailbox<DatasetRun.Report> reports) {
        Iterator<DatasetPlan> queue = waiting.iterator();
        while (queue.hasNext() && running.size() < plan.request().parallelism()) {
            DatasetPlan next = queue.next();
            if (next.target().ancestors().stream().anyMatch(unfinished::contains)
                    || origin(next).filter(o -> unfinished.contains(o.target())).isPresent()) {
                continue;
            }
            queue.remove();
            if (!cancellation.isCancelled()) {
                parents.create(unfinished);
            }
            Optional<ZfsFailure> obstacle = obstacle(next);
            if (obstacle.isPresent()) {
                failures.put(next.source(), obstacle.get());
                unfinished.remove(next.target());
                continue;
            }
            DatasetRun run =
                    new DatasetRun(next, source, target, replanner, marks, patience, concurrency, joiner, reports);
            runs.put(next.source(), run);
            open.add(run);
            if (cancellation.isCancelled()) {
                run.end(ZfsFailure.Kind.CANCELLED, "cancelled");
            }
            running.put(run, concurrency.fork("send-" + next.source(), run::run));
        }
    }

    private Optional<ZfsFailure> obstacle(DatasetPlan dataset) {
        String what = "send " + dataset.source();
        if (cancellation.isCancelled()) {
            return Optional.of(new ZfsFailure(ZfsFailure.Kind.CANCELLED, what, "cancelled"));
        }
        if (pastDeadline()) {
            return Optional.of(new ZfsFailure(ZfsFailure.Kind.TIMED_OUT, what, lateness()));
        }
        if (swapFailedAbove(dataset)) {
            return Optional.of(new ZfsFailure(
                    ZfsFailure.Kind.NO_SUCH_DATASET,
                    what,
                    "not tried, because a dataset above it on the target is half way in the place of another"));
        }
        Optional<DatasetPlan> origin = origin(dataset).filter(this::ended);
        if (origin.isPresent()) {
            return Optional.of(new ZfsFailure(
                    ZfsFailure.Kind.NO_SUCH_DATASET,
                    what,
                    "not tried, because " + origin.get().source() + ", which it is a clone of, did not arrive"));
        }
        return dataset.source().ancestors().stream()
                .filter(parent -> dataset.begins() && failures.containsKey(parent))
                .filter(this::begins)
                .reduce((above, below) -> below)
                .map(parent -> new ZfsFailure(
                        ZfsFailure.Kind.NO_SUCH_DATASET, what, "not tried, because " + parent + " above it failed"))
                .or(() -> parents.obstacle(dataset.target()));
    }

    /** The plan that brings the snapshot whose copy a new target is to be a clone of; none where that is there. */
    private Optional<DatasetPlan> origin(DatasetPlan dataset) {
        return dataset.cloneOf()
                .flatMap(origin -> Optional.ofNullable(bySource.get(origin.dataset()))
                        .filter(d ->
                                d.arriving().stream().anyMatch(s -> s.label().equals(origin.label()))));
    }

    /** Whether a dataset ended before all of it arrived. */
    private boolean ended(DatasetPlan dataset) {
        DatasetRun run = runs.get(dataset.source());
        return failures.containsKey(dataset.source())
                || run != null && (run.vanished() || run.refusal().isPresent());
    }

    /** What was planned under way, or else before. */
    private DatasetPlan last(DatasetPlan dataset) {
        return Optional.ofNullable(runs.get(dataset.source()))
                .map(DatasetRun::last)
                .orElse(dataset);
    }

    /** By what was planned last: a swap may have been planned under way. */
    private boolean swapFailedAbove(DatasetPlan dataset) {
        return dataset.source().ancestors().stream()
                .flatMap(name -> Optional.ofNullable(bySource.get(name)).stream())
                .filter(this::ended)
                .map(this::last)
                .flatMap(d -> Stream.concat(d.before().stream(), d.after().stream()))
                .anyMatch(TargetStep.Swap.class::isInstance);
    }

    private boolean begins(DatasetName source) {
        return Optional.ofNullable(bySource.get(source))
                .filter(DatasetPlan::begins)
                .isPresent();
    }

    private void tell(DatasetRun.Report report) {
        DatasetPlan dataset = report.run().last();
        Tally tally = tallies.computeIfAbsent(report.run().plan().source(), name -> new Tally());
        if (report instanceof DatasetRun.Report.Began began) {
            tell(new ReplicationEvent.StreamStarted(dataset, began.stream()));
        } else if (report instanceof DatasetRun.Report.Progressed progressed) {
            tell(
                    progressed.progress() instanceof StreamProgress.Estimated estimated
                            ? new ReplicationEvent.StreamEstimated(dataset, estimated.bytes())
                            : new ReplicationEvent.BytesMoved(
                                    dataset, ((StreamProgress.Moved) progressed.progress()).bytes()));
        } else if (report instanceof DatasetRun.Report.Brought brought) {
            tally.bytes += brought.bytes();
            tally.saved += brought.stream().saved();
            tell(new ReplicationEvent.StreamFinished(dataset, brought.stream(), brought.bytes()));
        } else if (report instanceof DatasetRun.Report.Failed failed) {
            tally.bytes += failed.bytes();
            tally.retries++;
            LOG.info("{}: {}; again in {}", dataset.source(), failed.failure(), failed.delay());
            tell(new ReplicationEvent.Retrying(dataset, failed.failure(), failed.delay()));
        } else if (report instanceof DatasetRun.Report.Warned warned) {
            warn(warned.message());
        }
    }

    /** A listener that fails must not change what becomes of the run. */
    private void tell(ReplicationEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException e) {
            LOG.warn("a listener failed; the run goes on without telling it of {}", event.getClass(), e);
        }
    }

    /** Hours of sending are not given up for a listing that failed once. */
    private TargetLook look(List<DatasetPlan> working) throws InterruptedException {
        boolean trouble = !failures.isEmpty();
        List<DatasetName> receivers =
                working.stream().map(dataset -> last(dataset).receiver()).toList();
        TargetLook look = TargetLook.at(target, plan, working, receivers, trouble);
        for (int again = 0; again < patience.attempts() - 1 && !look.complete(); again++) {
            RetryClass retry = RetryClass.of(look.failure().orElseThrow().kind());
            if (retry == RetryClass.NEVER || cancellation.isCancelled() || pastDeadline()) {
                break;
            }
            concurrency.sleep(patience.delay(again, concurrency.random()));
            look = TargetLook.at(target, plan, working, receivers, trouble);
        }
        return look;
    }

    private DatasetResult result(DatasetPlan dataset, TargetLook look) {
        Optional<DatasetRun> run = Optional.ofNullable(runs.get(dataset.source()));
        Verdict verdict = Verdict.of(
                dataset,
                last(dataset),
                Optional.ofNullable(failures.get(dataset.source())),
                run.flatMap(DatasetRun::refusal),
                run.filter(DatasetRun::vanished).isPresent(),
                look,
                replanner);
        verdict.warnings().forEach(this::warn);
        Tally tally = tallies.getOrDefault(dataset.source(), new Tally());
        return new DatasetResult(
                dataset.source(),
                dataset.target(),
                verdict.outcome(),
                verdict.arrived(),
                tally.bytes,
                tally.saved,
                tally.retries,
                Optional.of(last(dataset).receiver()).filter(look::interrupted));
    }

    /**
     * Marks what arrived, releases what was held, then destroys the bookmarks that are of no use any more. Where a target
     * keeps a stream that was cut, its snapshot stays held and bookmarked, so that the next run can carry it on.
     */
    private void tidy(List<DatasetResult> results, TargetLook look) {
        List<NewBookmark> more = new ArrayList<>();
        Set<SnapshotName> release = new LinkedHashSet<>();
        Set<BookmarkName> superfluous = new LinkedHashSet<>();
        for (int i = 0; i < results.size(); i++) {
            DatasetPlan first = plan.datasets().get(i);
            DatasetPlan last = last(first);
            DatasetResult result = results.get(i);
            if (result.outcome() instanceof DatasetResult.Outcome.Replicated
                    || result.outcome() instanceof DatasetResult.Outcome.UpToDate) {
                if (!last.keepHeld()) {
                    first.goal().ifPresent(release::add);
                    last.goal().ifPresent(release::add);
                }
                release.addAll(last.release());
                superfluous.addAll(last.obsolete());
                last.temporary().stream().map(NewBookmark::bookmark).forEach(superfluous::add);
                if (last.sends() || first.begins()) {
                    first.temporary().stream().map(NewBookmark::bookmark).forEach(superfluous::add);
                }
            } else if (first.works() && !look.complete()) {
                // what both ends called a success left nothing to carry on; after anything else, nobody knows
                if (!failures.containsKey(first.source())) {
                    last.goal().ifPresent(release::add);
                }
            } else if (first.works()) {
                boolean reached = result.reachedGoal(last);
                if (!look.interrupted(last.receiver())) {
                    last.goal().filter(goal -> !(reached && last.keepHeld())).ifPresent(release::add);
                    if (last.begins()) {
                        last.temporary().stream().map(NewBookmark::bookmark).forEach(superfluous::add);
                    }
                    // a dataset that was to take the target's place may hold it, and the next run ends there
                    if (!reached && last.receiver().equals(last.target())) {
                        last.bookmark().map(NewBookmark::bookmark).ifPresent(superfluous::add);
                    }
                }
                if (!reached) {
                    // a series that was cut ends somewhere in between: from there the next run goes on
                    result.newest().flatMap(s -> plan.mark(first.source(), s)).ifPresent(more::add);
                }
            }
        }
        marks.replace(more, List.copyOf(release), List.copyOf(superfluous));
    }

    private void warn(String message) {
        if (warnings.add(message)) {
            tell(new ReplicationEvent.Warning(message));
        }
    }
}
