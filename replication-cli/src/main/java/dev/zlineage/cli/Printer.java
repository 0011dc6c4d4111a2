// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * Prints lines in a thread of its own, so that whoever reads them and does not keep up, or stands still, holds up nobody else.
 * What can't be kept for him any more is counted, and told of in its place.
 */
final class Printer implements AutoCloseable {

    /** So many characters wait at most; a report of ten thousand datasets has some millions. */
    private static final int MOST = 10_000_000;

    private static final long LAST_WAIT_MILLIS = 2000;

    private final PrintWriter out;
    private final int most;
    private final LongFunction<String> lost;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<String> lines = new ArrayDeque<>();
    private final Thread thread = new Thread(this::print, "zlineage-printer");
    private long held;
    private long dropped;
    private boolean closed;

    /** Prints to a writer; {@code lost} makes a line of the number of those that were not printed. */
    Printer(PrintWriter out, LongFunction<String> lost) {
        this(out, MOST, lost);
    }

    /** Keeps no more than {@code most} characters. */
    Printer(PrintWriter out, int most, LongFunction<String> lost) {
        this.out = out;
        this.most = most;
        this.lost = lost;
        thread.setDaemon(true);
        thread.start();
    }

    /** Never waits for the reader. */
    void line(String line) {
        lock.lock();
        try {
            if (!lines.isEmpty() && held + line.length() > most) {
                dropped++;
                return;
            }
            tellOfDropped();
            lines.add(line);
            held += line.length();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void tellOfDropped() {
        if (dropped > 0) {
            lines.add(lost.apply(dropped));
            dropped = 0;
        }
    }

    private void print() {
        try {
            for (Optional<String> line = next(); line.isPresent(); line = next()) {
                out.println(line.get());
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty when there will be none. */
    private Optional<String> next() throws InterruptedException {
        lock.lock();
        try {
            while (lines.isEmpty() && dropped == 0 && !closed) {
                changed.await();
            }
            if (lines.isEmpty()) {
                tellOfDropped();
            }
            Optional<String> line = Optional.ofNullable(lines.poll());
            held = lines.isEmpty() ? 0 : held - line.map(String::length).orElse(0);
            return line;
        } finally {
            lock.unlock();
        }
    }

    /** Waits a moment for the last lines. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(LAST_WAIT_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
