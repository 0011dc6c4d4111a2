// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.PlannedStream;
import dev.zlineage.core.plan.TargetStep;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings one dataset over: prepares the target, sends the streams one after the other and, when one fails, looks at what is
 * there now, plans anew and goes on, as long as patience lasts.
 */
final class DatasetRun {

    /** What a dataset's fork tells the thread that runs the plan. */
    sealed interface Report {
        DatasetRun run();

        record Began(DatasetRun run, PlannedStream stream) implements Report {}

        record Progressed(DatasetRun run, StreamProgress progress) implements Report {}

        record Brought(DatasetRun run, PlannedStream stream, long bytes) implements Report {}

        record Failed(DatasetRun run, ZfsFailure failure, long bytes, Duration delay) implements Report {}

        record Warned(DatasetRun run, String message) implements Report {}

        record Ended(DatasetRun run, Optional<ZfsFailure> failure) implements Report {}
    }

    private static final long PROGRESS_INTERVAL_NANOS = 200_000_000;

    private final DatasetPlan planned;
    private final Zfs source;
    private final Zfs target;
    private final Replanner replanner;
    private final SourceMarks marks;
    private final Patience patience;
    private final Concurrency concurrency;
    private final StreamJoiner joiner;
    private final Concurrency.Mailbox<Report> reports;
    private final Concurrency.Mailbox<Boolean> wake;

    private volatile Optional<Transfer> underWay = Optional.empty();
    private volatile Optional<ZfsFailure> ended = Optional.empty();
    private volatile boolean stalled;
    private volatile long movedAt;

    /** The plan that is being carried out; another one after a failure. Only the fork writes it. */
    private volatile DatasetPlan current;

    private volatile Optional<Decision.Refuse> refusal = Optional.empty();
    private volatile boolean vanished;
    private long lastProgress;
    private volatile long moved;
    private volatile long estimated;
    private boolean brought;

    /** Whether anything was sent, so that what a receive left behind is ours. */
    private boolean tried;

    /** Whether something of what is to be rolled back may be gone. */
    private boolean rollingBack;

    /** Whether what is planned now was planned after the run began. */
    private boolean fresh;

    DatasetRun(
            DatasetPlan plan,
            Zfs source,
            Zfs target,
            Replanner replanner,
            SourceMarks marks,
            Patience patience,
            Concurrency concurrency,
            StreamJoiner joiner,
            Concurrency.Mailbox<Report> reports) {
        this.planned = plan;
        this.current = plan;
        this.source = source;
        this.target = target;
        this.replanner = replanner;
        this.marks = marks.telling(message -> reports.post(new Report.Warned(this, message)));
        this.patience = patience;
        this.concurrency = concurrency;
        this.joiner = joiner;
        this.reports = reports;
        this.wake = concurrency.mailbox();
    }

    /** What was planned at first. */
    DatasetPlan plan() {
        return planned;
    }

    /** What was carried out last. */
    DatasetPlan last() {
        return current;
    }

    /** Why a fresh look refused it under way. */
    Optional<Decision.Refuse> refusal() {
        return refusal;
    }

    /** Ends the stream under way, and lets none follow. */
    void end(ZfsFailure.Kind kind, String why) {
        ended = Optional.of(new ZfsFailure(kind, "send " + planned.source(), why));
        wake.post(true);
        underWay.ifPresent(Transfer::abort);
    }

    /** Cuts a stream that has stood still for too long. */
    void cutIfStalled(long now) {
        Optional<Transfer> transfer = underWay;
        if (transfer.isPresent() && now - movedAt > patience.stall().toNanos()) {
            stalled = true;
            transfer.get().abort();
        }
    }

    void run() {
        Optional<ZfsFailure> failure = Optional.empty();
        try {
            failure = attempts();
        } catch (InterruptedException e) {
            failure = Optional.of(failure(ZfsFailure.Kind.CANCELLED, "interrupted"));
        } catch (RuntimeException e) {
            failure = Optional.of(failure(ZfsFailure.Kind.UNKNOWN, "unexpected: " + e));
            throw e;
        } finally {
            reports.post(new Report.Ended(this, failure));
        }
    }

    private Optional<ZfsFailure> attempts() throws InterruptedException {
        Optional<ZfsFailure> failure = attempt();
        int left = patience.attempts() - 1;
        int inVain = 0;
        while (failure.isPresent() && ended.isEmpty()) {
            RetryClass retry = RetryClass.of(failure.get().kind());
            if (retry == RetryClass.NEVER || patience.attempts() == 1) {
                break;
            }
            // the last look is one to see whether it came through after all
            boolean now = left == 0
                    || retry == RetryClass.PLANNED_ANEW
                    || retry == RetryClass.AT_ONCE && (brought || moved > 0) && inVain == 0;
            Duration delay = now ? Duration.ZERO : patience.delay(inVain, concurrency.random());
            reports.post(new Report.Failed(this, failure.get(), moved, delay));
            if (!delay.isZero() && wake.poll(delay).isPresent()) {
                break;
            }
            DatasetPlan before = current;
            Optional<ZfsFailure> obstacle = lookAgain();
            if (obstacle.isEmpty() && (brought || further(before, current))) {
                left = patience.attempts() - 1;
                inVain = 0;
            } else if (left-- == 0) {
                break;
            } else {
                inVain++;
            }
            failure = obstacle.isPresent() ? obstacle : attempt();
        }
        return failure.isPresent() && ended.isPresent() ? ended : failure;
    }

    /** Whether the target has come closer to its goal. */
    private static boolean further(DatasetPlan before, DatasetPlan now) {
        int lackedThen = before.arriving().size();
        int lacksNow = now.arriving().size();
        return lacksNow < lackedThen || lacksNow == lackedThen && saved(now) > saved(before);
    }

    private static long saved(DatasetPlan plan) {
        return plan.sends() ? plan.streams().get(0).saved() : 0;
    }

    /** Plans anew. What that destroys must have been in the first plan, or be what this very run left half done. */
    private Optional<ZfsFailure> lookAgain() {
        DatasetPlan next;
        try {
            next = replanner.replan(planned.source());
        } catch (ZfsException e) {
            vanished = e.failure().kind() == ZfsFailure.Kind.NO_SUCH_DATASET && sourceIsGone();
            return vanished ? Optional.empty() : Optional.of(e.failure());
        }
        if (next.decision() instanceof Decision.Refuse refuse) {
            refusal = Optional.of(refuse);
        } else if (planned.beginsAsClone() && inFull(next)) {
            refusal = Optional.of(noClone());
        } else if (raw(planned).isPresent()
                && raw(next).isPresent()
                && !raw(planned).equals(raw(next))) {
            refusal = Optional.of(otherForm());
        } else if (next.destroysMoreThan(planned.before(), tried, rollingBack)) {
            refusal = Optional.of(Decision.Refuse.changed(planned.target()));
        } else {
            marks.make(next);
            current = next;
            fresh = true;
        }
        return Optional.empty();
    }

    private static Optional<Boolean> raw(DatasetPlan plan) {
        return plan.streams().stream()
                .flatMap(stream -> stream.send().form().stream())
                .map(StreamMode::raw)
                .findFirst();
    }

    /** What began raw ends raw: OpenZFS takes no raw stream any more after one that is not. */
    private Decision.Refuse otherForm() {
        return new Decision.Refuse(
                Decision.Reason.FORM_CHANGED,
                "whether " + planned.source() + " is sent raw came out otherwise than it was planned",
                "plan again, and see what is possible now");
    }

    private static boolean inFull(DatasetPlan next) {
        return next.sends() && next.streams().get(0).send() instanceof SendStream.Full;
    }

    /** Asked again, since the failure may have been about the target. */
    private boolean sourceIsGone() {
        return source.execute(new ZfsCommand.ListDatasets(List.of(planned.source()), Scope.SELF))
                        instanceof Answer.Done<List<Dataset>> done
                && done.value().isEmpty();
    }

    /** Whether the source was destroyed or renamed under way. */
    boolean vanished() {
        return vanished;
    }

    /** What was planned as a clone never takes the room of a dataset of its own without having been asked. */
    private Decision.Refuse noClone() {
        return new Decision.Refuse(
                Decision.Reason.ORIGIN_MISSING,
                planned.target() + " was to be a clone of the copy of "
                        + planned.cloneOf().map(Object::toString).orElse("what its source is one of")
                        + ", which is not there any more",
                "plan again, and see what is possible now");
    }

    /** Carries out what is planned now; empty when nothing of it failed, or nothing of it may be done any more. */
    private Optional<ZfsFailure> attempt() throws InterruptedException {
        brought = false;
        moved = 0;
        Optional<ZfsFailure> failure = prepare();
        if (failure.isPresent() || refusal.isPresent() || vanished) {
            return failure;
        }
        for (PlannedStream stream : current.streams()) {
            if (ended.isPresent()) {
                return ended;
            }
            reports.post(new Report.Began(this, stream));
            failure = send(stream);
            if (failure.isPresent()) {
                return failure;
            }
            brought = true;
            reports.post(new Report.Brought(this, stream, moved));
        }
        return carryOut(current.after());
    }

    /**
     * Does what comes before the streams, if a fresh look at the dataset still plans the very same. So is looked where a stream
     * overwrites a filesystem that was empty: others may have been sent for hours since.
     */
    private Optional<ZfsFailure> prepare() {
        if (current.before().isEmpty() && !overwrites(current) || refusal.isPresent() || vanished) {
            return Optional.empty();
        }
        if (!fresh) {
            Optional<ZfsFailure> failure = lookAgain();
            if (failure.isPresent() || refusal.isPresent() || vanished) {
                return failure;
            }
        }
        return carryOut(current.before());
    }

    private static boolean overwrites(DatasetPlan plan) {
        return plan.streams().stream().anyMatch(stream -> stream.receive().overwriteEmpty());
    }

    private Optional<ZfsFailure> carryOut(List<TargetStep> steps) {
        for (TargetStep step : steps) {
            if (ended.isPresent()) {
                return ended;
            }
            Optional<ZfsFailure> failure = carryOut(step);
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }

    private Optional<ZfsFailure> carryOut(TargetStep step) {
        if (step instanceof TargetStep.Swap swap) {
            return new Swapping(target, concurrency.now(), message -> reports.post(new Report.Warned(this, message)))
                    .carryOut(swap);
        }
        if (step instanceof TargetStep.Mount mount) {
            failed(target.execute(new ZfsCommand.Mount(mount.target())))
                    .ifPresent(failure -> reports.post(new Report.Warned(
                            this,
                            mount.target() + " arrived and is not mounted: "
                                    + failure.text().strip())));
            return Optional.empty();
        }
        if (step instanceof TargetStep.InheritKey inherit) {
            failed(target.execute(new ZfsCommand.InheritKey(inherit.target())))
                    .ifPresent(failure -> reports.post(new Report.Warned(
                            this,
                            inherit.target() + " is still the root of its own encryption: "
                                    + failure.text().strip())));
            return Optional.empty();
        }
        if (step instanceof TargetStep.StoreKey store) {
            return failed(target.execute(
                    new ZfsCommand.StoreKey(store.path(), store.key().key())));
        }
        if (step instanceof TargetStep.MakeReadonly make) {
            return makeReadonly(make);
        }
        if (step instanceof TargetStep.RollBack back) {
            rollingBack = true;
            return RollingBack.carryOut(target, back);
        }
        return failed(target.execute(new ZfsCommand.AbortReceive(step.target())))
                .filter(f -> f.kind() != ZfsFailure.Kind.NO_PARTIAL_STATE);
    }

    /** Who may not set it may receive all the same. */
    private Optional<ZfsFailure> makeReadonly(TargetStep.MakeReadonly step) {
        Optional<ZfsFailure> failure =
                failed(target.execute(new ZfsCommand.SetProperties(step.target(), Map.of("readonly", "on"))));
        if (failure.filter(f -> f.kind() == ZfsFailure.Kind.NO_PERMISSION).isEmpty()) {
            return failure;
        }
        reports.post(new Report.Warned(this, TargetLook.writable(step.target())));
        return Optional.empty();
    }

    private static Optional<ZfsFailure> failed(Answer<?> answer) {
        return answer instanceof Answer.Failed<?> failed ? Optional.of(failed.failure()) : Optional.empty();
    }

    private Optional<ZfsFailure> send(PlannedStream stream) throws InterruptedException {
        moved = 0;
        estimated = 0;
        stalled = false;
        movedAt = concurrency.nanoTime();
        lastProgress = movedAt - PROGRESS_INTERVAL_NANOS;
        tried = true;
        StreamOffer<StreamSource> from = source.send(stream.send());
        StreamOffer<StreamSink> to = target.receive(stream.receive());
        Transfer transfer = joiner.start(from.end(), to.end(), this::progressed);
        underWay = Optional.of(transfer);
        if (ended.isPresent()) {
            transfer.abort();
        }
        Transfer.Ends ends = transfer.await();
        underWay = Optional.empty();
        moved = ends.counted() ? ends.bytes() : Math.max(moved, ends.bytes());
        if (ends.source().code() == 0 && !ends.counted() && moved < estimated) {
            // zfs reports nothing within the first second, and not the end
            moved = estimated;
        }
        Optional<ZfsFailure> failure =
                cause(from.verdict().apply(ends.source()), to.verdict().apply(ends.sink()), ends);
        if (failure.isPresent() && stalled) {
            return Optional.of(failure(
                    ZfsFailure.Kind.TIMED_OUT,
                    "no byte moved for " + patience.stall().toSeconds() + " s"));
        }
        return failure.isPresent() && ended.isPresent() ? ended : failure;
    }

    /**
     * A sender whose receiver left dies of a broken pipe, and a receiver whose sender died finds its stream cut: of the two
     * failures the one that is no consequence of the other.
     */
    private static Optional<ZfsFailure> cause(
            Optional<ZfsFailure> source, Optional<ZfsFailure> sink, Transfer.Ends ends) {
        if (source.isEmpty() || sink.isEmpty()) {
            return source.or(() -> sink);
        }
        boolean sinkIsConsequence = sink.get().kind() == ZfsFailure.Kind.STREAM_CUT
                || sink.get().kind() == ZfsFailure.Kind.STREAM_CUT_RESUMABLE
                || ends.sink().code() == StreamExit.LOST;
        boolean sourceIsConsequence =
                ends.source().code() == 141 || ends.source().code() == StreamExit.LOST;
        return sinkIsConsequence && !sourceIsConsequence ? source : sink;
    }

    private void progressed(StreamProgress progress) {
        if (progress instanceof StreamProgress.Estimated guess) {
            estimated = guess.bytes();
        } else if (progress instanceof StreamProgress.Moved bytes) {
            long now = concurrency.nanoTime();
            if (bytes.bytes() > moved) {
                moved = bytes.bytes();
                movedAt = now;
            }
            if (now - lastProgress < PROGRESS_INTERVAL_NANOS) {
                return;
            }
            lastProgress = now;
        }
        reports.post(new Report.Progressed(this, progress));
    }

    private ZfsFailure failure(ZfsFailure.Kind kind, String text) {
        return new ZfsFailure(kind, "send " + planned.source(), text);
    }
}
