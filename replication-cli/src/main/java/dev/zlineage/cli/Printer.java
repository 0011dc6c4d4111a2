// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.io.PrintWriter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Prints lines in a thread of its own, so that whoever reads them and does not keep up, or stands still, holds up nobody else.
 * What can't be kept for him any more is counted, and told of in its place.
 */
final class Printer implements AutoCloseable {

    private static final int MOST = 10_000;
    private static final long LAST_WAIT_MILLIS = 2000;
    private static final String END = new String("end"); // told by identity

    private final PrintWriter out;
    private final LongFunction<String> lost;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(MOST);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread = new Thread(this::print, "zlineage-printer");

    /** Prints to a writer; {@code lost} makes a line of the number of those that were not printed. */
    Printer(PrintWriter out, LongFunction<String> lost) {
        this.out = out;
        this.lost = lost;
        thread.setDaemon(true);
        thread.start();
    }

    /** Never waits. */
    void line(String line) {
        if (!lines.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private void print() {
        try {
            for (String line = lines.take(); line != END; line = lines.take()) {
                out.println(line);
                long missing = dropped.getAndSet(0);
                if (missing > 0) {
                    out.println(lost.apply(missing));
                }
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits a moment for the last lines. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            if (lines.offer(END, LAST_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                thread.join(LAST_WAIT_MILLIS);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
