// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.local;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.transport.ProcessTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.PumpStreamHandler;
import org.jspecify.annotations.Nullable;

/**
 * One command, run by commons-exec on a thread of its own.
 *
 * <p>Of its own, because commons-exec takes an interrupt for an order to end the program, and forgets it; because its
 * watchdog asks a program to end and waits for ever when it does not; and because neither thinks of the program's children.
 * Time and interrupts are seen to here, on the thread that called.
 */
final class RunningCommand {

    /** More than the longest listing that makes sense: ten million snapshots. */
    static final int MAX_STDOUT = 512 * 1024 * 1024;

    private static final int MAX_STDERR = 16 * 1024 * 1024;

    /** How long a child that has outlived the program may keep its output open. What the program printed has come by then. */
    private static final Duration PUMPS_END_WITHIN = Duration.ofSeconds(1);

    /** How long, beyond ending the program, is waited for commons-exec to notice. */
    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(40);

    /** A century, which a clock of nanoseconds still counts. */
    private static final Duration WITHOUT_LIMIT = Duration.ofDays(36_500);

    private final LocalOptions options;
    private final CommandLine command;
    private final Map<String, String> environment;
    private final Bounded stdout;
    private final Bounded stderr;
    private final Concurrency.Mailbox<CommandOutcome> done;
    private volatile @Nullable ProcessTree tree;
    private volatile @Nullable NotRun verdict;

    RunningCommand(LocalOptions options, CommandLine command, Map<String, String> environment) {
        this(options, command, environment, MAX_STDOUT);
    }

    RunningCommand(LocalOptions options, CommandLine command, Map<String, String> environment, int maxStdout) {
        this.options = options;
        this.command = command;
        this.environment = environment;
        this.stdout = new Bounded(maxStdout, this::overflow);
        this.stderr = new Bounded(MAX_STDERR, this::overflow);
        this.done = options.concurrency().mailbox();
    }

    CommandOutcome run() {
        options.concurrency().fork("command", () -> done.post(execute()));
        boolean interrupted = false;
        boolean tidying = command.manner() == CommandLine.Manner.TIDYING;
        Duration patience = command.manner() == CommandLine.Manner.LONG ? WITHOUT_LIMIT : options.commandTimeout();
        Optional<CommandOutcome> outcome = Optional.empty();
        boolean givenUp = false;
        while (outcome.isEmpty() && !givenUp) {
            try {
                outcome = done.poll(patience);
                givenUp = outcome.isEmpty() && verdict != null;
                if (outcome.isEmpty()) {
                    end(Reason.TIMED_OUT, "it took longer than " + options.commandTimeout() + " and was ended");
                }
            } catch (InterruptedException e) {
                interrupted = true;
                if (tidying) {
                    continue;
                }
                end(Reason.CANCELLED, "it was ended, because the thread was interrupted");
            }
            patience = NOTICED_WITHIN;
        }
        interrupted |= awaitTree();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        NotRun ended = verdict;
        return ended != null ? ended : outcome.orElseThrow();
    }

    /** Waits for those below the program too, when it was ended. Tells whether the thread was interrupted. */
    private boolean awaitTree() {
        ProcessTree started = tree;
        boolean interrupted = false;
        while (started != null) {
            try {
                started.awaitEnd();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    /** Ends it from another thread. */
    void close() {
        end(Reason.UNREACHABLE, "the connection to this host was closed");
    }

    private void overflow() {
        end(Reason.TOO_MUCH_OUTPUT, "it printed more than is kept, and was ended");
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

    /** On the fork. */
    private CommandOutcome execute() {
        Launcher executor = new Launcher(command.argv(), environment, this::launched);
        PumpStreamHandler streams = new Pumps(
                stdout, stderr, command.input().length == 0 ? null : new ByteArrayInputStream(command.input()));
        streams.setStopTimeout(PUMPS_END_WITHIN);
        executor.setStreamHandler(streams);
        executor.setExitValues(null);
        String program = command.argv().get(0);
        Optional<String> failure = Optional.empty();
        try {
            executor.execute();
        } catch (ExecuteException e) {
            // a child of the program keeps its output open; the program itself has ended, see below
        } catch (IOException | RuntimeException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
        }
        return executor.exit()
                .<CommandOutcome>map(code -> new Exited(code, stdout.text(), stderr.text()))
                .orElse(new NotRun(
                        Reason.UNREACHABLE,
                        "the program '" + program + "' could not be run: " + failure.orElse("it did not start")));
    }

    private void launched(Process process) {
        ProcessTree started = new ProcessTree(options.concurrency(), process);
        tree = started;
        if (verdict != null) {
            // ended while it was being started
            started.end();
        }
    }

    /** Pumps whose buffers have the size of a pipe. */
    private static final class Pumps extends PumpStreamHandler {

        private static final int BUFFER = 64 * 1024;

        Pumps(Bounded out, Bounded err, @Nullable InputStream in) {
            super(out, err, in);
        }

        @Override
        protected Thread createPump(InputStream from, java.io.OutputStream to, boolean closeWhenExhausted) {
            Thread pump = new Thread(
                    new org.apache.commons.exec.StreamPumper(from, to, closeWhenExhausted, BUFFER), "zlineage-pump");
            pump.setDaemon(true);
            return pump;
        }
    }
}
