// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.NewBookmark;
import dev.zlineage.core.plan.NewParent;
import dev.zlineage.core.plan.PlannedStream;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
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

/**
 * Carries one plan out: prepares the source, sends, looks what the target holds, tidies up. Everything here happens on the
 * calling thread, which alone owns the state; the forks that send report to its mailbox.
 */
public final class PlanRun {

    private final ReplicationPlan plan;
    private final Zfs source;
    private final Zfs target;
    private final Concurrency concurrency;
    private final ReplicationListener listener;
    private final Cancellation cancellation;

    private final Map<DatasetName, ZfsFailure> failures = new HashMap<>();
    private final Map<DatasetName, Long> bytes = new HashMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    /**
     * Prepares a run.
     *
     * @param plan what to do; it must not count on a snapshot that is still to be taken
     * @param source the host that sends
     * @param target the host that receives
     * @param concurrency threads and time
     * @param listener told what happens
     * @param cancellation ends the run
     */
    public PlanRun(
            ReplicationPlan plan,
            Zfs source,
            Zfs target,
            Concurrency concurrency,
            ReplicationListener listener,
            Cancellation cancellation) {
        this.plan = plan;
        this.source = source;
        this.target = target;
        this.concurrency = concurrency;
        this.listener = listener;
        this.cancellation = cancellation;
    }

    /**
     * Carries the plan out.
     *
     * @return how each dataset ended
     * @throws InterruptedException if the thread was interrupted; streams under way were cut and their processes are gone
     */
    public ReplicationResult run() throws InterruptedException {
        long started = concurrency.nanoTime();
        List<DatasetPlan> sending =
                plan.datasets().stream().filter(DatasetPlan::sends).toList();
        plan.warnings().forEach(this::warn);
        listener.on(new ReplicationEvent.Started(
                plan, sending.stream().mapToInt(d -> d.streams().size()).sum()));
        if (createParents(sending)) {
            bookmarkAndHold(sending);
            send(sending);
        }
        Optional<Map<DatasetName, History>> onTarget = sending.isEmpty() ? Optional.of(Map.of()) : look(sending);
        warnOfWritable(sending);
        List<DatasetResult> results = new ArrayList<>();
        for (DatasetPlan dataset : plan.datasets()) {
            DatasetResult result = result(
                    dataset, onTarget.map(seen -> seen.get(dataset.target())).orElse(History.EMPTY));
            results.add(result);
            listener.on(new ReplicationEvent.DatasetFinished(result));
        }
        tidy(results, onTarget.isPresent());
        ReplicationResult result = new ReplicationResult(
                results, List.copyOf(warnings), Duration.ofNanos(concurrency.nanoTime() - started));
        listener.on(new ReplicationEvent.Finished(result));
        return result;
    }

    /** Without its parents nothing can be received; what could not be created fails all that was to be sent. */
    private boolean createParents(List<DatasetPlan> sending) {
        for (NewParent parent : plan.parents()) {
            Answer<?> answer = target.execute(new ZfsCommand.CreateFilesystem(parent.name(), parent.properties()));
            if (answer instanceof Answer.Failed<?> failed
                    && failed.failure().kind() != ZfsFailure.Kind.ALREADY_EXISTS) {
                sending.forEach(d -> failures.put(d.source(), failed.failure()));
                return false;
            }
        }
        return true;
    }

    /** Bookmarks first, so that a hold that a crash leaves behind can be found by its bookmark. */
    private void bookmarkAndHold(List<DatasetPlan> sending) {
        List<ZfsCommand<?>> commands = new ArrayList<>();
        for (DatasetPlan dataset : plan.datasets()) {
            dataset.bookmark()
                    .map(b -> new ZfsCommand.CreateBookmark(b.of(), b.bookmark()))
                    .ifPresent(commands::add);
        }
        List<SnapshotName> goals = sending.stream()
                .map(DatasetPlan::goal)
                .flatMap(Optional::stream)
                .toList();
        if (!goals.isEmpty()) {
            commands.add(new ZfsCommand.Hold(plan.holdTag(), goals));
        }
        if (commands.isEmpty()) {
            return;
        }
        for (Answer<?> answer : source.execute(commands)) {
            if (answer instanceof Answer.Failed<?> failed) {
                continuityWarning(failed.failure());
            }
        }
    }

    private void continuityWarning(ZfsFailure failure) {
        switch (failure.kind()) {
            case ALREADY_EXISTS -> {
                // bookmarks are named by GUID: it is the one we wanted
            }
            case NO_SUCH_POINT, NO_SUCH_DATASET -> {
                // gone since it was planned: sending it tells
            }
            case NO_PERMISSION ->
                warn(
                        "bookmarks and holds are not permitted on the source: if the newest common snapshot"
                                + " is destroyed there, the next increment is not possible (zfs allow bookmark,hold,release,destroy)");
            default -> warn("continuity on the source: " + failure);
        }
    }

    private void send(List<DatasetPlan> sending) throws InterruptedException {
        Concurrency.Mailbox<DatasetRun.Report> reports = concurrency.mailbox();
        Map<DatasetRun, Concurrency.Fork> running = new LinkedHashMap<>();
        Set<DatasetRun> open = ConcurrentHashMap.newKeySet();
        Deque<DatasetPlan> waiting = new ArrayDeque<>(sending);
        Set<DatasetName> unfinished = new HashSet<>();
        sending.forEach(d -> unfinished.add(d.target()));
        Runnable abort = () -> open.forEach(DatasetRun::abort);
        cancellation.onCancel(abort);
        try {
            startWhatCan(waiting, unfinished, running, open, reports);
            while (!running.isEmpty()) {
                DatasetRun.Report report = reports.take();
                tell(report);
                if (report instanceof DatasetRun.Report.Ended ended) {
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
            open.forEach(DatasetRun::abort);
            for (Concurrency.Fork fork : running.values()) {
                joinWhatever(fork);
            }
        }
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
     * Parents before children: a dataset waits while one above it has not ended, and fails with it if it is not there. One
     * pass is enough, since the queue has parents first: what a failed dataset lets go of stands behind it.
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
            if (next.target().ancestors().stream().anyMatch(unfinished::contains)) {
                continue;
            }
            queue.remove();
            Optional<ZfsFailure> obstacle = obstacle(next);
            if (obstacle.isPresent()) {
                failures.put(next.source(), obstacle.get());
                unfinished.remove(next.target());
                continue;
            }
            DatasetRun run = new DatasetRun(next);
            open.add(run);
            if (cancellation.isCancelled()) {
                run.abort();
            }
            running.put(
                    run,
                    concurrency.fork("send-" + next.source(), () -> run.run(source, target, concurrency, reports)));
        }
    }

    private Optional<ZfsFailure> obstacle(DatasetPlan dataset) {
        String what = "send " + dataset.source();
        if (cancellation.isCancelled()) {
            return Optional.of(new ZfsFailure(ZfsFailure.Kind.CANCELLED, what, "cancelled"));
        }
        boolean isNew = dataset.streams().get(0).base().isEmpty();
        return dataset.source()
                .parent()
                .filter(parent -> isNew && failures.containsKey(parent))
                .filter(parent -> isNewTarget(parent))
                .map(parent -> new ZfsFailure(
                        ZfsFailure.Kind.NO_SUCH_DATASET, what, "not tried, because " + parent + " above it failed"));
    }

    private boolean isNewTarget(DatasetName source) {
        return plan.datasets().stream()
                .anyMatch(d -> d.source().equals(source)
                        && d.sends()
                        && d.streams().get(0).base().isEmpty());
    }

    private void tell(DatasetRun.Report report) {
        DatasetPlan dataset = report.run().plan();
        if (report instanceof DatasetRun.Report.Began began) {
            listener.on(new ReplicationEvent.StreamStarted(dataset, began.stream()));
        } else if (report instanceof DatasetRun.Report.Progressed progressed) {
            listener.on(
                    progressed.progress() instanceof StreamProgress.Estimated estimated
                            ? new ReplicationEvent.StreamEstimated(dataset, estimated.bytes())
                            : new ReplicationEvent.BytesMoved(
                                    dataset, ((StreamProgress.Moved) progressed.progress()).bytes()));
        } else if (report instanceof DatasetRun.Report.Brought brought) {
            bytes.merge(dataset.source(), brought.bytes(), Long::sum);
            listener.on(new ReplicationEvent.StreamFinished(dataset, brought.stream(), brought.bytes()));
        }
    }

    /** One listing of the target, whatever the number of datasets: what the processes said is not asked. */
    private Optional<Map<DatasetName, History>> look(List<DatasetPlan> sending) {
        Scope scope = plan.request().recursive() ? Scope.SUBTREE : Scope.SELF;
        Answer<Map<DatasetName, History>> answer = target.execute(
                new ZfsCommand.ListHistories(List.of(plan.request().target()), scope));
        if (answer instanceof Answer.Done<Map<DatasetName, History>> done) {
            return Optional.of(done.value());
        }
        ZfsFailure failure = ((Answer.Failed<Map<DatasetName, History>>) answer).failure();
        sending.forEach(d -> failures.putIfAbsent(
                d.source(),
                new ZfsFailure(failure.kind(), failure.command(), "sent, but not verified: " + failure.text())));
        return Optional.empty();
    }

    /**
     * {@code zfs receive -o readonly=on} exits 0 where the user may not set that property, and leaves the target writable
     * (seen on OpenZFS 2.3.2). One more listing, and only where there are new targets.
     */
    private void warnOfWritable(List<DatasetPlan> sending) {
        Set<DatasetName> fresh = new HashSet<>();
        for (DatasetPlan dataset : sending) {
            if (dataset.streams().get(0).receive().set().containsKey("readonly")) {
                fresh.add(dataset.target());
            }
        }
        if (fresh.isEmpty()) {
            return;
        }
        Scope scope = plan.request().recursive() ? Scope.SUBTREE : Scope.SELF;
        Answer<List<Dataset>> answer = target.execute(
                new ZfsCommand.ListDatasets(List.of(plan.request().target()), scope));
        if (answer instanceof Answer.Done<List<Dataset>> done) {
            for (Dataset seen : done.value()) {
                if (fresh.contains(seen.name()) && !seen.readonly()) {
                    warn(seen.name()
                            + " could not be made read-only: whatever is written there, even an access time, makes"
                            + " the next increment fail (zfs allow readonly, or zfs set readonly=on " + seen.name()
                            + ")");
                }
            }
        }
    }

    private DatasetResult result(DatasetPlan dataset, History onTarget) {
        List<Snapshot> planned = dataset.streams().stream()
                .map(PlannedStream::arriving)
                .flatMap(List::stream)
                .toList();
        List<Snapshot> arrived = held(planned, onTarget);
        return new DatasetResult(
                dataset.source(),
                dataset.target(),
                outcome(dataset, planned, arrived),
                arrived,
                bytes.getOrDefault(dataset.source(), 0L));
    }

    private static List<Snapshot> held(List<Snapshot> planned, History history) {
        Set<Long> guids = new HashSet<>();
        if (!planned.isEmpty()) {
            for (int i = 0; i < history.size(); i++) {
                if (!history.isBookmark(i)) {
                    guids.add(history.guidBits(i));
                }
            }
        }
        return planned.stream().filter(s -> guids.contains(s.guid().bits())).toList();
    }

    private DatasetResult.Outcome outcome(DatasetPlan dataset, List<Snapshot> planned, List<Snapshot> arrived) {
        Decision decision = dataset.decision();
        if (decision instanceof Decision.Refuse refusal) {
            return new DatasetResult.Outcome.Refused(refusal);
        }
        if (decision instanceof Decision.Skip skip) {
            return new DatasetResult.Outcome.Skipped(skip.why());
        }
        if (decision instanceof Decision.UpToDate) {
            return new DatasetResult.Outcome.UpToDate();
        }
        Optional<ZfsFailure> failure = Optional.ofNullable(failures.get(dataset.source()));
        if (arrived.size() == planned.size()) {
            failure.filter(f -> f.kind() != ZfsFailure.Kind.CANCELLED)
                    .ifPresent(f -> warn(dataset.source() + " arrived whole, although: " + f));
            return new DatasetResult.Outcome.Replicated();
        }
        if (failure.isPresent()) {
            return failure.get().kind() == ZfsFailure.Kind.CANCELLED
                    ? new DatasetResult.Outcome.Cancelled()
                    : new DatasetResult.Outcome.Failed(failure.get());
        }
        String missing = planned.stream()
                .filter(s -> !arrived.contains(s))
                .map(Snapshot::toString)
                .reduce((a, b) -> a + " " + b)
                .orElse("");
        return new DatasetResult.Outcome.Failed(new ZfsFailure(
                ZfsFailure.Kind.NO_SUCH_POINT,
                "verify " + dataset.target(),
                "both ends reported success, but the target does not hold " + missing
                        + "; they were probably destroyed on the source after the plan was made"));
    }

    /**
     * Releases what was held, then destroys the bookmarks that are of no use any more: the replaced ones of a dataset that
     * was verified, and the new one of a dataset whose target did not get that snapshot.
     */
    private void tidy(List<DatasetResult> results, boolean looked) {
        List<SnapshotName> release = new ArrayList<>();
        List<BookmarkName> superfluous = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            DatasetPlan dataset = plan.datasets().get(i);
            dataset.goal().ifPresent(release::add);
            DatasetResult.Outcome outcome = results.get(i).outcome();
            boolean verified = outcome instanceof DatasetResult.Outcome.Replicated
                    || outcome instanceof DatasetResult.Outcome.UpToDate;
            if (verified) {
                release.addAll(dataset.release());
                superfluous.addAll(dataset.obsolete());
            } else if (looked && dataset.sends() && !results.get(i).reachedGoal(dataset)) {
                dataset.bookmark().map(NewBookmark::bookmark).ifPresent(superfluous::add);
            }
        }
        List<ZfsCommand<?>> commands = new ArrayList<>();
        if (!release.isEmpty()) {
            commands.add(new ZfsCommand.Release(plan.holdTag(), release));
        }
        superfluous.forEach(b -> commands.add(new ZfsCommand.DestroyBookmark(b)));
        if (commands.isEmpty()) {
            return;
        }
        for (Answer<?> answer : source.execute(commands)) {
            if (answer instanceof Answer.Failed<?> failed) {
                continuityWarning(failed.failure());
            }
        }
    }

    private void warn(String message) {
        if (warnings.add(message)) {
            listener.on(new ReplicationEvent.Warning(message));
        }
    }
}
