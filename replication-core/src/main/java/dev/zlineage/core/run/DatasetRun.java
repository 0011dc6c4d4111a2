// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.PlannedStream;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.Optional;

/** Sends the streams of one dataset, one after the other, and stops at the first that fails. */
final class DatasetRun {

    /** What a dataset's fork tells the thread that runs the plan. */
    sealed interface Report {
        DatasetRun run();

        record Began(DatasetRun run, PlannedStream stream) implements Report {}

        record Progressed(DatasetRun run, StreamProgress progress) implements Report {}

        record Brought(DatasetRun run, PlannedStream stream, long bytes) implements Report {}

        record Ended(DatasetRun run, Optional<ZfsFailure> failure) implements Report {}
    }

    private static final long PROGRESS_INTERVAL_NANOS = 200_000_000;

    private final DatasetPlan plan;
    private volatile Optional<Transfer> underWay = Optional.empty();
    private volatile boolean aborted;
    private long lastProgress;
    private volatile long moved;
    private volatile long estimated;

    DatasetRun(DatasetPlan plan) {
        this.plan = plan;
    }

    DatasetPlan plan() {
        return plan;
    }

    /** Ends the stream under way, and lets none follow. */
    void abort() {
        aborted = true;
        underWay.ifPresent(Transfer::abort);
    }

    void run(Zfs source, Zfs target, Concurrency concurrency, Concurrency.Mailbox<Report> reports) {
        Optional<ZfsFailure> failure = Optional.empty();
        try {
            StreamJoiner joiner = new StreamJoiner(concurrency);
            for (PlannedStream stream : plan.streams()) {
                if (aborted) {
                    failure = Optional.of(cancelled(stream));
                    break;
                }
                reports.post(new Report.Began(this, stream));
                failure = send(source, target, joiner, stream, concurrency, reports);
                if (failure.isPresent()) {
                    break;
                }
                reports.post(new Report.Brought(this, stream, moved));
            }
        } catch (InterruptedException e) {
            failure = Optional.of(new ZfsFailure(ZfsFailure.Kind.CANCELLED, "send " + plan.source(), "interrupted"));
        } catch (RuntimeException e) {
            failure = Optional.of(new ZfsFailure(ZfsFailure.Kind.UNKNOWN, "send " + plan.source(), "unexpected: " + e));
            throw e;
        } finally {
            reports.post(new Report.Ended(this, failure));
        }
    }

    private Optional<ZfsFailure> send(
            Zfs source,
            Zfs target,
            StreamJoiner joiner,
            PlannedStream stream,
            Concurrency concurrency,
            Concurrency.Mailbox<Report> reports)
            throws InterruptedException {
        moved = 0;
        estimated = 0;
        lastProgress = concurrency.nanoTime() - PROGRESS_INTERVAL_NANOS;
        StreamOffer<StreamSource> from = source.send(stream.send());
        StreamOffer<StreamSink> to = target.receive(stream.receive());
        Transfer transfer = joiner.start(from.end(), to.end(), progress -> progressed(progress, concurrency, reports));
        underWay = Optional.of(transfer);
        if (aborted) {
            transfer.abort();
        }
        Transfer.Ends ends = transfer.await();
        underWay = Optional.empty();
        moved = Math.max(moved, ends.bytes());
        if (ends.source().code() == 0 && moved < estimated) {
            // a kernel pipe counts nothing, and zfs reports nothing within the first second
            moved = estimated;
        }
        Optional<ZfsFailure> failure =
                cause(from.verdict().apply(ends.source()), to.verdict().apply(ends.sink()), ends);
        return failure.isPresent() && aborted ? Optional.of(cancelled(stream)) : failure;
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

    private void progressed(StreamProgress progress, Concurrency concurrency, Concurrency.Mailbox<Report> reports) {
        if (progress instanceof StreamProgress.Estimated guess) {
            estimated = guess.bytes();
        } else if (progress instanceof StreamProgress.Moved bytes) {
            moved = bytes.bytes();
            long now = concurrency.nanoTime();
            if (now - lastProgress < PROGRESS_INTERVAL_NANOS) {
                return;
            }
            lastProgress = now;
        }
        reports.post(new Report.Progressed(this, progress));
    }

    private static ZfsFailure cancelled(PlannedStream stream) {
        return new ZfsFailure(
                ZfsFailure.Kind.CANCELLED, "receive " + stream.receive().target(), "cancelled");
    }
}
