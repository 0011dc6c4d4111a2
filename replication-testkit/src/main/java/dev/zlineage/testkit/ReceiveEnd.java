// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The receiving end of a transfer. It holds the monitor of its host for one write at a time. */
final class ReceiveEnd implements ByteSink {

    private final Object monitor;
    private final String command;
    private final Supplier<ReceiveSession> starter;
    private final LongSupplier cut;
    private final Runnable starting;
    private final Runnable pause;
    private @Nullable ReceiveSession session;
    private long left;
    private @Nullable Refusal refusal;

    /**
     * An end that is not started yet.
     *
     * @param cut asked once when it starts: after how many bytes the connection is lost
     * @param starting run before it starts
     */
    ReceiveEnd(
            Object monitor,
            String command,
            Supplier<ReceiveSession> starter,
            LongSupplier cut,
            Runnable starting,
            Runnable pause) {
        this.monitor = monitor;
        this.command = command;
        this.starter = starter;
        this.cut = cut;
        this.starting = starting;
        this.pause = pause;
    }

    @Override
    public OutputStream open() {
        starting.run();
        pause.run();
        synchronized (monitor) {
            session = starter.get();
            left = cut.getAsLong();
            return new Bytes(session);
        }
    }

    @Override
    public StreamExit finish() {
        synchronized (monitor) {
            if (session == null) {
                return new StreamExit(StreamExit.LOST, "never started");
            }
            session.end();
            if (left == 0) {
                return new StreamExit(StreamExit.LOST, "connection lost");
            }
            refusal = session.refusal();
            return refusal == null ? StreamExit.OK : new StreamExit(1, refusal.text());
        }
    }

    @Override
    public void abort() {
        synchronized (monitor) {
            if (session != null) {
                session.end();
            }
        }
    }

    Optional<ZfsFailure> verdict(StreamExit exit) {
        synchronized (monitor) {
            if (refusal != null) {
                return Optional.of(refusal.of(command));
            }
        }
        if (exit.code() == 0) {
            return Optional.empty();
        }
        Kind kind = exit.code() == StreamExit.LOST ? Kind.HOST_UNREACHABLE : Kind.UNKNOWN;
        return Optional.of(new ZfsFailure(kind, command, "exit code " + exit.code() + " " + exit.output()));
    }

    private final class Bytes extends OutputStream {

        private final ReceiveSession into;

        Bytes(ReceiveSession into) {
            this.into = into;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int off, int len) throws IOException {
            pause.run();
            synchronized (monitor) {
                int arrives = (int) Math.min(len, left);
                left -= arrives;
                into.feed(bytes, off, arrives);
                if (arrives < len) {
                    into.end();
                    throw new IOException("connection lost");
                }
                if (into.refusal() != null) {
                    throw new IOException("Broken pipe");
                }
            }
        }

        @Override
        public void close() {
            synchronized (monitor) {
                into.end();
            }
        }
    }
}
