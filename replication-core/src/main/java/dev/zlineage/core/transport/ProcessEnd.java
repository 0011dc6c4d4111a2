// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import dev.zlineage.core.concurrency.Concurrency;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a source and a sink have in common whose bytes this JVM copies: one program, started at most once. */
final class ProcessEnd {

    private final Concurrency concurrency;
    private final Concurrency.Mailbox<Boolean> ended;
    private final AtomicReference<@Nullable RunningProcess> running = new AtomicReference<>();
    private final AtomicBoolean aborted = new AtomicBoolean();

    ProcessEnd(Concurrency concurrency) {
        this.concurrency = concurrency;
        this.ended = concurrency.mailbox();
    }

    Process start(ProcessBuilder builder, Function<Process, InputStream> printed, Predicate<String> isReport)
            throws IOException {
        Process process = builder.start();
        RunningProcess started =
                new RunningProcess(concurrency, process, printed.apply(process), isReport, () -> ended.post(true));
        running.set(started);
        if (aborted.get()) {
            // aborted while it was being started
            started.end();
        }
        return process;
    }

    void abort() {
        aborted.set(true);
        RunningProcess started = running.get();
        if (started != null) {
            started.end();
        }
    }

    /** Waits for as long as it takes; whoever gave it up has aborted it. */
    StreamExit finish() throws IOException {
        RunningProcess started = running.get();
        if (started == null) {
            return new StreamExit(StreamExit.LOST, "it was not started");
        }
        boolean interrupted = false;
        while (true) {
            try {
                ended.take();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                started.end();
            }
        }
        try {
            StreamExit exit = started.exit();
            if (!interrupted) {
                return exit;
            }
        } catch (InterruptedException e) {
            // told below
        }
        throw new InterruptedIOException("interrupted while a program was waited for, which was ended");
    }
}
