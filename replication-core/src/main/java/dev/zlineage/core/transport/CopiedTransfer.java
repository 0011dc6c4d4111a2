// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import dev.zlineage.core.concurrency.Concurrency;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A transfer whose bytes this JVM copies. The copy runs on a fork, since a read or write that waits for a network or a
 * program takes no notice of an interrupt; the thread that awaits the transfer does.
 *
 * <p>The sink is told the end of the stream only where the source came to its end and ended well. After everything else it
 * is aborted, so that no receiver takes a part for the whole. The one exception is a sink that left by itself: it is not
 * aborted, since then it could not say why.
 */
final class CopiedTransfer implements Transfer {

    private static final int BUFFER = 64 * 1024;
    private static final String NOT_STARTED = "it was not started, because the other end could not be";

    private final Concurrency concurrency;
    private final ByteSource source;
    private final ByteSink sink;
    private final Optional<RateLimit> limit;
    private final Consumer<StreamProgress> progress;
    private final Concurrency.Mailbox<Outcome> done;
    private final Concurrency.Mailbox<Boolean> wake;
    private volatile boolean aborted;

    /** The ends, or what somebody else's code threw. */
    private record Outcome(Ends ends, @Nullable RuntimeException thrown) {}

    CopiedTransfer(
            Concurrency concurrency,
            ByteSource source,
            ByteSink sink,
            Optional<RateLimit> limit,
            Consumer<StreamProgress> progress) {
        this.concurrency = concurrency;
        this.source = source;
        this.sink = sink;
        this.limit = limit;
        this.progress = progress;
        this.done = concurrency.mailbox();
        this.wake = concurrency.mailbox();
    }

    @Override
    public Ends await() throws InterruptedException {
        Concurrency.Fork copying = concurrency.fork("copy", () -> done.post(new Copy().run()));
        Outcome outcome = null;
        boolean interrupted = false;
        while (true) {
            try {
                if (outcome == null) {
                    outcome = done.take();
                }
                copying.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                abort();
            }
        }
        if (interrupted) {
            throw new InterruptedException("the transfer was interrupted, and aborted");
        }
        if (outcome.thrown() != null) {
            throw outcome.thrown();
        }
        return outcome.ends();
    }

    @Override
    public void abort() {
        aborted = true;
        wake.post(true);
        // the receiver first: it must not take the end of the sender for the end of the stream
        sink.abort();
        source.abort();
    }

    /** What the fork does. */
    private final class Copy {

        private @Nullable InputStream in;
        private @Nullable OutputStream out;
        private @Nullable StreamExit sourceExit;
        private @Nullable StreamExit sinkExit;
        private boolean sinkLeft;
        private boolean estimated;
        private long moved;

        Outcome run() {
            RuntimeException thrown = null;
            try {
                copy();
            } catch (IOException e) {
                giveUp(e);
            } catch (RuntimeException e) {
                thrown = e;
                giveUp(e);
            }
            // a source that was given up may be waiting for its reader
            StreamExit from = sourceExit != null ? sourceExit : exit(source::finish);
            StreamExit to = sinkExit != null ? sinkExit : exit(sink::finish);
            return new Outcome(new Ends(from, to, moved), thrown);
        }

        private void copy() throws IOException {
            InputStream from = openSource();
            checkAborted();
            OutputStream to = openSink();
            checkAborted();
            byte[] buffer = new byte[BUFFER];
            for (int n = read(from, buffer); n >= 0; n = read(from, buffer)) {
                write(to, buffer, n);
                moved += n;
                tellEstimate();
                progress.accept(new StreamProgress.Moved(moved));
            }
            sourceExit = exit(source::finish);
            // a short stream can be through before its estimate is read
            tellEstimate();
            if (sourceExit.code() != 0) {
                throw new IOException("the source failed");
            }
            checkAborted();
            try {
                to.close();
            } catch (IOException e) {
                sinkLeft = true;
                throw e;
            }
        }

        private void checkAborted() throws IOException {
            if (aborted) {
                throw new IOException("aborted");
            }
        }

        private InputStream openSource() throws IOException {
            try {
                InputStream opened = source.open();
                in = opened;
                return opened;
            } catch (IOException e) {
                sourceExit = lost(e);
                sinkExit = new StreamExit(StreamExit.LOST, NOT_STARTED);
                throw e;
            }
        }

        private OutputStream openSink() throws IOException {
            try {
                OutputStream opened = sink.open();
                out = opened;
                return opened;
            } catch (IOException e) {
                sinkExit = lost(e);
                throw e;
            }
        }

        private int read(InputStream from, byte[] buffer) throws IOException {
            int most = limit.map(RateLimit::chunk).orElse(buffer.length); // asked anew, since it may change
            int n = from.read(buffer, 0, Math.min(most, buffer.length));
            if (n > 0 && limit.isPresent()) {
                await(limit.get().spend(n));
            }
            checkAborted();
            return n;
        }

        private void await(Duration allowance) throws IOException {
            try {
                if (!allowance.isZero()) {
                    wake.poll(allowance);
                }
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted while the rate was limited");
            }
        }

        private void write(OutputStream to, byte[] buffer, int n) throws IOException {
            try {
                to.write(buffer, 0, n);
            } catch (IOException e) {
                sinkLeft = true;
                throw e;
            }
        }

        private void tellEstimate() {
            if (!estimated) {
                OptionalLong size = source.estimate();
                estimated = size.isPresent();
                size.ifPresent(bytes -> progress.accept(new StreamProgress.Estimated(bytes)));
            }
        }

        private void giveUp(Exception why) {
            if (in != null && sourceExit == null) {
                source.abort();
            }
            if (out != null && (!sinkLeft || aborted)) {
                sink.abort();
            }
            if (in == null && sourceExit == null) {
                sourceExit = lost(why);
            }
            if (out == null && sinkExit == null) {
                sinkExit = new StreamExit(StreamExit.LOST, NOT_STARTED);
            }
        }

        private StreamExit exit(Finish end) {
            try {
                return end.finish();
            } catch (IOException | RuntimeException e) {
                return lost(e);
            }
        }

        private StreamExit lost(Exception why) {
            String message = why.getMessage();
            return new StreamExit(StreamExit.LOST, message == null ? why.toString() : message);
        }
    }

    private interface Finish {
        StreamExit finish() throws IOException;
    }
}
