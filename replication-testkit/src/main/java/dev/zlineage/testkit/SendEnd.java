// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.transport.ByteSource;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sending end of a transfer. No byte of it is made under the monitor of its host. */
final class SendEnd implements ByteSource {

    private static final int BROKEN_PIPE = 141;

    private final Object monitor;
    private final String command;
    private final Runnable starting;
    private final Supplier<SendPlanner.Plan> planner;
    private final Supplier<Faults.Interruption> interruption;
    private final Runnable idle;
    private final Runnable pause;
    private List<FakeSnapshot> busy = List.of();
    private OptionalLong estimate = OptionalLong.empty();
    private List<String> report = List.of();
    private @Nullable Refusal refusal;
    private boolean opened;
    private volatile boolean aborted;
    private boolean lost;
    private boolean atEnd;

    SendEnd(
            Object monitor,
            String command,
            Runnable starting,
            Supplier<SendPlanner.Plan> planner,
            Supplier<Faults.Interruption> interruption,
            Runnable idle,
            Runnable pause) {
        this.monitor = monitor;
        this.command = command;
        this.starting = starting;
        this.planner = planner;
        this.interruption = interruption;
        this.idle = idle;
        this.pause = pause;
    }

    @Override
    public InputStream open() {
        starting.run();
        opened = true;
        synchronized (monitor) {
            try {
                SendPlanner.Plan plan = planner.get();
                busy = plan.busy();
                busy.forEach(snapshot -> snapshot.senders(1));
                estimate = OptionalLong.of(plan.estimate());
                report = plan.report();
                return new Bytes(new StreamEncoder(plan.substreams(), plan.compound()), interruption.get());
            } catch (Refusal e) {
                refusal = e;
                return InputStream.nullInputStream();
            }
        }
    }

    @Override
    public OptionalLong estimate() {
        return estimate;
    }

    /** What {@code zfs send -v -P} prints before the stream. To be asked for once it is open. */
    List<String> report() {
        return report;
    }

    @Override
    public StreamExit finish() {
        release();
        if (refusal != null) {
            return new StreamExit(1, refusal.text());
        }
        if (!opened) {
            return new StreamExit(StreamExit.LOST, "never started");
        }
        if (lost) {
            return new StreamExit(StreamExit.LOST, "connection lost");
        }
        return atEnd ? StreamExit.OK : new StreamExit(BROKEN_PIPE, "");
    }

    @Override
    public void abort() {
        aborted = true;
        release();
    }

    private void release() {
        synchronized (monitor) {
            busy.forEach(snapshot -> snapshot.senders(-1));
            busy = List.of();
        }
    }

    Optional<ZfsFailure> verdict(StreamExit exit) {
        if (refusal != null) {
            return Optional.of(refusal.of(command));
        }
        if (exit.code() == 0) {
            return Optional.empty();
        }
        Kind kind = exit.code() == StreamExit.LOST ? Kind.HOST_UNREACHABLE : Kind.UNKNOWN;
        String text = exit.output().isEmpty() ? "the receiver left" : exit.output();
        return Optional.of(new ZfsFailure(kind, command, text));
    }

    /** The stream up to the place where it is to be cut. */
    private final class Bytes extends InputStream {

        private final InputStream whole;
        private final boolean stands;
        private long left;

        Bytes(InputStream whole, Faults.Interruption interruption) {
            this.whole = whole;
            this.stands = interruption.stands();
            this.left = interruption.afterBytes();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int off, int len) throws IOException {
            pause.run();
            if (aborted) {
                throw new IOException("aborted");
            }
            while (left == 0 && stands) {
                idle.run();
                if (aborted) {
                    throw new IOException("aborted");
                }
            }
            if (left == 0) {
                lost = true;
                throw new IOException("connection lost");
            }
            int n = whole.read(to, off, (int) Math.min(len, left));
            if (n < 0) {
                atEnd = true;
            } else {
                left -= n;
            }
            return n;
        }

        @Override
        public void close() {
            release();
        }
    }
}
