// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.transport.ProcessTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One frame of control commands, run by the {@code ssh} program. Used once. */
final class SystemExec {

    private static final int BUFFER = 64 * 1024;
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    /** What {@code ssh} ends with when the connection failed; a script of {@link RemoteScript#COMMANDS} never does. */
    private static final int CONNECTION_FAILED = 255;

    private final SshEndpoint endpoint;
    private final SshOptions options;
    private final SharedConnection connection;
    private final CommandFrame frame;
    private final Concurrency.Mailbox<Boolean> ended;
    private volatile @Nullable ProcessTree tree;
    private volatile @Nullable NotRun verdict;

    SystemExec(SshEndpoint endpoint, SshOptions options, SharedConnection connection, CommandFrame frame) {
        this.endpoint = endpoint;
        this.options = options;
        this.connection = connection;
        this.frame = frame;
        this.ended = options.concurrency().mailbox();
    }

    /** Runs it and waits; an interrupt of the thread ends it and is kept. */
    List<CommandOutcome> run() {
        Process process;
        try {
            process = new ProcessBuilder(connection.through(RemoteScript.COMMANDS)).start();
        } catch (IOException e) {
            return frame.outcomes(
                    new NotRun(Reason.UNREACHABLE, "the program 'ssh' could not be run: " + SshFailure.text(e)));
        }
        ProcessTree started = new ProcessTree(options.concurrency(), process);
        tree = started;
        if (verdict != null) {
            // ended while it was being started
            started.end();
        }
        options.listener().roundTrip(endpoint);
        options.concurrency().fork("command", () -> ended.post(talk(process)));
        boolean interrupted = awaitEnd();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        NotRun given = verdict;
        return frame.outcomes(given != null ? given : unknown(process));
    }

    /** Tells whether the thread was interrupted. */
    private boolean awaitEnd() {
        boolean interrupted = false;
        Optional<Boolean> end = Optional.empty();
        while (end.isEmpty()) {
            try {
                if (verdict == null) {
                    end = frame.isLong() ? Optional.of(ended.take()) : ended.poll(options.commandTimeout());
                    if (end.isEmpty()) {
                        end(
                                Reason.TIMED_OUT,
                                "it took longer than " + options.commandTimeout() + "; what is under way on " + endpoint
                                        + " can't be ended from here");
                    }
                } else {
                    end = Optional.of(ended.take());
                }
            } catch (InterruptedException e) {
                interrupted = true;
                end(Reason.CANCELLED, "it was given up, because the thread was interrupted");
            }
        }
        return interrupted;
    }

    /** On a fork: writes the request while both outputs are read. */
    private boolean talk(Process process) {
        Concurrency.Fork request = options.concurrency().fork("request", () -> send(process));
        Concurrency.Fork messages = options.concurrency().fork("messages", () -> readErrors(process));
        readOutput(process);
        try {
            messages.join();
            request.join();
            process.waitFor();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void send(Process process) {
        try (OutputStream stdin = process.getOutputStream()) {
            frame.send(stdin);
        } catch (IOException e) {
            // it left before it had read everything, and tells why in its own words
        }
    }

    private void readOutput(Process process) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream printed = process.getInputStream();
            for (int n = printed.read(buffer); n >= 0; n = printed.read(buffer)) {
                take(frame.stdout(), buffer, n);
            }
        } catch (IOException e) {
            // it was ended
        }
    }

    /**
     * Without ever blocking in a read: the process of the shared connection holds this pipe too, and keeps it until the
     * command on the other side has ended, even where this process was ended long before.
     */
    private void readErrors(Process process) {
        byte[] buffer = new byte[BUFFER];
        boolean running = true;
        try {
            InputStream printed = process.getErrorStream();
            while (running) {
                running = !process.waitFor(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
                for (int ready = printed.available(); ready > 0; ready = printed.available()) {
                    take(frame.stderr(), buffer, printed.read(buffer, 0, Math.min(ready, buffer.length)));
                }
            }
        } catch (IOException | InterruptedException e) {
            // it was ended
        }
    }

    private void take(FrameReader reader, byte[] bytes, int count) {
        if (!reader.add(bytes, count)) {
            end(Reason.TOO_MUCH_OUTPUT, "it printed more than is kept, and was given up");
        }
    }

    private NotRun unknown(Process process) {
        if (frame.isComplete()) {
            return new NotRun(Reason.UNREACHABLE, "the end of every command is known");
        }
        int code = process.exitValue();
        String said = (frame.stderr().rest() + "\n" + frame.unasked()).strip();
        if (code != CONNECTION_FAILED) {
            return new NotRun(
                    Reason.UNREACHABLE,
                    endpoint + " did not run the commands: exit code " + code + (said.isEmpty() ? "" : ": " + said));
        }
        String words = (said + "\n" + connection.lastWords()).strip();
        return new NotRun(
                Reason.UNREACHABLE,
                "the connection to " + endpoint + " was lost, and what came of the command is not known"
                        + (words.isEmpty() ? "" : ": " + words));
    }

    /** Ends it from another thread. */
    void close() {
        end(Reason.UNREACHABLE, "the connection to " + endpoint + " was closed");
    }

    private void end(Reason reason, String text) {
        if (verdict == null) {
            verdict = new NotRun(reason, text);
        }
        ProcessTree started = tree;
        if (started != null) {
            started.end();
        }
    }
}
