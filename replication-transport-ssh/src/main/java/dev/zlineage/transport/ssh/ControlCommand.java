// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import net.schmizz.sshj.connection.channel.direct.Session;
import org.jspecify.annotations.Nullable;

/**
 * One remote exec of control commands. The work is done on a fork, and the thread that called watches the time and its
 * interrupts: sshj's streams take no notice of either.
 */
final class ControlCommand {

    private static final int BUFFER = 64 * 1024;
    private static final Duration EXIT_COMES_WITHIN = Duration.ofSeconds(10);

    private final ControlConnection connection;
    private final SshEndpoint endpoint;
    private final SshOptions options;
    private final CommandFrame frame;
    private final Concurrency.Mailbox<List<CommandOutcome>> done;
    private final AtomicReference<ControlConnection.@Nullable Channel> open = new AtomicReference<>();
    private volatile boolean givenUp;

    ControlCommand(ControlConnection connection, SshEndpoint endpoint, SshOptions options, CommandFrame frame) {
        this.connection = connection;
        this.endpoint = endpoint;
        this.options = options;
        this.frame = frame;
        this.done = options.concurrency().mailbox();
    }

    /**
     * Runs it and waits; an interrupt of the thread gives it up and is kept.
     *
     * @return what came of the commands; empty if it was given up, so that none is known
     */
    Optional<List<CommandOutcome>> run() {
        Concurrency.Fork work = options.concurrency().fork("command", () -> done.post(execute()));
        Optional<List<CommandOutcome>> outcomes = Optional.empty();
        try {
            outcomes = frame.isLong() ? Optional.of(done.take()) : done.poll(options.commandTimeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (outcomes.isEmpty()) {
            givenUp = true;
            abandon();
            // it may still wait for a channel
            work.interrupt();
        }
        return outcomes;
    }

    private void abandon() {
        ControlConnection.Channel channel = open.getAndSet(null);
        if (channel != null) {
            channel.abandon();
        }
    }

    /** On the fork. */
    private List<CommandOutcome> execute() {
        try {
            ControlConnection.Channel channel = connection.channel();
            open.set(channel);
            if (!givenUp) {
                NotRun unknown = execute(channel.session());
                ControlConnection.Channel mine = open.getAndSet(null);
                if (mine != null) {
                    mine.done();
                }
                return frame.outcomes(unknown);
            }
        } catch (SshFailure e) {
            abandon();
            return frame.outcomes(e.asOutcome());
        } catch (IOException | RuntimeException e) {
            abandon();
            return frame.outcomes(new NotRun(
                    Reason.UNREACHABLE,
                    "the connection to " + endpoint + " was lost, and what came of the command is not known: "
                            + SshFailure.text(e)));
        } catch (InterruptedException e) {
            // given up, see below
        }
        abandon();
        return frame.outcomes(new NotRun(Reason.CANCELLED, "it was given up"));
    }

    /** What to say of commands whose end is not known. */
    private NotRun execute(Session session) throws IOException, InterruptedException {
        Session.Command program = session.exec(RemoteScript.COMMANDS);
        options.listener().roundTrip(endpoint);
        Concurrency.Fork errors = options.concurrency().fork("messages", () -> readErrors(program));
        // beside the reading: what it prints could fill the window while it is still being written to
        Concurrency.Fork request =
                options.concurrency().fork("request", () -> send(new WindowedOutput(session, program)));
        InputStream printed = program.getInputStream();
        byte[] buffer = new byte[BUFFER];
        for (int n = printed.read(buffer); n >= 0; n = printed.read(buffer)) {
            if (!frame.stdout().add(buffer, n)) {
                throw new SshFailure(Reason.TOO_MUCH_OUTPUT, "it printed more than is kept, and was given up");
            }
        }
        errors.join();
        request.join();
        awaitExit(program);
        String unasked = frame.unasked();
        return new NotRun(
                Reason.UNREACHABLE,
                endpoint + " did not run the commands: " + end(program) + (unasked.isEmpty() ? "" : ": " + unasked));
    }

    /** The channel counts at the server until then, and what the exec itself ends with may be wanted. */
    private static void awaitExit(Session.Command program) {
        try {
            program.join(EXIT_COMES_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            // the frame tells more than the exit code of the whole
        }
    }

    private static String end(Session.Command program) {
        if (program.getExitStatus() != null) {
            return "exit code " + program.getExitStatus();
        }
        return program.getExitSignal() == null ? "it did not tell why" : "ended by signal " + program.getExitSignal();
    }

    /** A script that leaves before it has read everything tells why in its own words. */
    private void send(WindowedOutput stdin) {
        try {
            frame.send(stdin);
            stdin.close();
        } catch (IOException e) {
            // the end of its output tells whether it left or the connection was lost
        }
    }

    private void readErrors(Session.Command program) {
        try {
            InputStream printed = program.getErrorStream();
            byte[] buffer = new byte[8 * 1024];
            boolean kept = true;
            for (int n = printed.read(buffer); n >= 0; n = printed.read(buffer)) {
                // read on all the same: the two outputs share one window
                kept = kept && frame.stderr().add(buffer, n);
            }
        } catch (IOException e) {
            // standard output is lost with it, and tells
        }
    }
}
