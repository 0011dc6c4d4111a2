// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import dev.zlineage.core.concurrency.Concurrency;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * A program of a transfer while it runs: reads its messages, notices its end, and can end it for sure.
 *
 * <p>Its messages are read without ever blocking in a read, since a grandchild that inherited standard error can keep it
 * open for as long as it likes.
 */
final class RunningProcess {

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Process process;
    private final ProcessTree tree;
    private final Runnable ended;
    private final Messages messages;
    private final AtomicBoolean told = new AtomicBoolean();
    private final Concurrency.Fork reader;

    /**
     * Starts to watch a program.
     *
     * @param printed where its messages come from
     * @param isReport takes a line that is no message
     * @param ended called once, when it has ended or is given up
     */
    RunningProcess(
            Concurrency concurrency, Process process, InputStream printed, Predicate<String> isReport, Runnable ended) {
        this.process = process;
        this.tree = new ProcessTree(concurrency, process);
        this.ended = ended;
        this.messages = new Messages(isReport);
        this.reader = concurrency.fork("messages", () -> watch(printed));
    }

    private void watch(InputStream printed) {
        try {
            byte[] buffer = new byte[8 * 1024];
            boolean running = true;
            int looks = 0;
            while (running) {
                running = !process.waitFor(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
                read(printed, buffer);
                // children come early: after 50 ms, 100 ms, 200 ms and so on
                looks++;
                if (running && Integer.bitCount(looks) == 1) {
                    tree.look();
                }
            }
        } catch (InterruptedException e) {
            // nobody interrupts this fork; if somebody does, the program must not be left alone
            tree.kill();
        } finally {
            tell();
        }
    }

    private void read(InputStream printed, byte[] buffer) {
        try {
            for (int ready = printed.available(); ready > 0; ready = printed.available()) {
                int n = printed.read(buffer, 0, Math.min(ready, buffer.length));
                if (n < 0) {
                    return;
                }
                messages.add(buffer, n);
            }
        } catch (IOException e) {
            // the pipe is closed: there are no more messages, and the exit code tells the rest
        }
    }

    private void tell() {
        if (told.compareAndSet(false, true)) {
            ended.run();
        }
    }

    /** Ends the program and those below it. Returns at once. */
    void end() {
        tree.end(this::tell);
    }

    /**
     * How it ended. To be called after it has.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    StreamExit exit() throws InterruptedException {
        if (!tree.awaitEnd()) {
            return new StreamExit(StreamExit.LOST, "the program did not end when it was killed");
        }
        reader.join();
        return new StreamExit(process.exitValue(), messages.end());
    }
}
