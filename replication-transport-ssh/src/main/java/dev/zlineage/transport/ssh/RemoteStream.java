// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.Messages;
import dev.zlineage.core.transport.StreamExit;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.connection.channel.direct.Session;
import org.jspecify.annotations.Nullable;

/**
 * What a source and a sink on another host have in common: one program, on a connection of its own. What it prints is read
 * all the time, since its outputs share one window and the one that nobody reads would stop the other.
 */
final class RemoteStream {

    /** How long a child that has outlived the program may keep its outputs open. */
    private static final Duration OUTPUTS_END_WITHIN = Duration.ofSeconds(5);

    /** How long after the end of its outputs the exit code of a program may come. */
    private static final Duration EXIT_COMES_WITHIN = Duration.ofMinutes(1);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final DataConnections connections;
    private final SshOptions options;
    private final String commandLine;
    private final Concurrency.Mailbox<Optional<IOException>> ended;
    private int reading;
    private @Nullable Session session;
    private Session.@Nullable Command program;
    private volatile @Nullable SshConnection connection;
    private volatile boolean aborted;

    RemoteStream(DataConnections connections, SshOptions options, String commandLine) {
        this.connections = connections;
        this.options = options;
        this.commandLine = commandLine;
        this.ended = options.concurrency().mailbox();
    }

    /** Starts the program. */
    Session.Command start() throws IOException {
        while (true) {
            SshConnection borrowed = connections.borrow(() -> aborted);
            boolean fresh = !borrowed.used();
            connection = borrowed;
            Session opened = null;
            try {
                checkAborted();
                opened = borrowed.session();
                session = opened;
                Session.Command started = opened.exec(commandLine);
                program = started;
                checkAborted();
                options.listener().stream(borrowed.endpoint());
                return started;
            } catch (IOException | RuntimeException e) {
                connection = null;
                connections.drop(borrowed);
                if (fresh || aborted || opened != null) {
                    throw new IOException(
                            "the program could not be started on " + borrowed.endpoint() + ": " + SshFailure.text(e),
                            e);
                }
                // one that was kept had died; nothing was run
            }
        }
    }

    private void checkAborted() throws IOException {
        if (aborted) {
            throw new IOException("aborted");
        }
    }

    Session session() {
        if (session == null) {
            throw new IllegalStateException("not started");
        }
        return session;
    }

    /** Reads an output to its end, beside the stream. */
    void read(InputStream printed, Messages messages) {
        reading++;
        options.concurrency().fork("messages", () -> {
            Optional<IOException> lost = Optional.empty();
            try {
                byte[] buffer = new byte[8 * 1024];
                for (int n = printed.read(buffer); n >= 0; n = printed.read(buffer)) {
                    messages.add(buffer, n);
                }
            } catch (IOException e) {
                lost = Optional.of(e);
            } finally {
                ended.post(lost);
            }
        });
    }

    /** Ends it at once: closes the socket, which is the one thing that a dead peer can't hold up. */
    void abort() {
        aborted = true;
        SshConnection running = connection;
        if (running != null) {
            running.abort();
        }
    }

    /** Waits for the end of the program and of its outputs. */
    StreamExit finish(Messages... messages) throws IOException {
        Session.Command running = program;
        SshConnection used = connection;
        if (running == null || used == null) {
            return new StreamExit(StreamExit.LOST, "it was not started");
        }
        boolean interrupted = false;
        Optional<IOException> lost = Optional.empty();
        while (true) {
            try {
                lost = awaitOutputs(running);
                if (reading > 0) {
                    // without the connection they end, and what was printed until now is whole
                    used.abort();
                    awaitOutputs(running);
                }
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                abort();
            }
        }
        awaitExit(running);
        StringBuilder printed = new StringBuilder();
        if (reading == 0) {
            for (Messages one : messages) {
                printed.append(one.end());
            }
        }
        StreamExit exit = exit(running, used, printed, lost);
        connection = null;
        if (exit.code() != StreamExit.LOST && reading == 0 && !session().isOpen() && used.isAlive()) {
            connections.keep(used);
        } else {
            connections.drop(used);
        }
        if (interrupted) {
            throw new InterruptedIOException(
                    "interrupted while a program on " + used.endpoint() + " was waited for; its connection was cut");
        }
        return exit;
    }

    private Optional<IOException> awaitOutputs(Session.Command running) throws InterruptedException {
        Optional<IOException> lost = Optional.empty();
        Duration since = Duration.ZERO;
        while (reading > 0 && since.compareTo(OUTPUTS_END_WITHIN) < 0) {
            Optional<Optional<IOException>> end = ended.poll(LOOK_EVERY);
            if (end.isPresent()) {
                reading--;
                lost = lost.or(end::get);
            } else if (running.getExitStatus() != null) {
                since = since.plus(LOOK_EVERY);
            }
        }
        return lost;
    }

    private void awaitExit(Session.Command running) {
        try {
            if (reading == 0) {
                running.join(EXIT_COMES_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (IOException e) {
            // its exit code is there, or else is not known
        }
    }

    private StreamExit exit(
            Session.Command running, SshConnection used, StringBuilder printed, Optional<IOException> lost) {
        Integer status = running.getExitStatus();
        if (status != null && !aborted) {
            return new StreamExit(status, printed.toString());
        }
        String why;
        if (aborted) {
            why = "it was aborted";
        } else if (running.getExitSignal() != null) {
            // the shell that was to tell of its program's signals was hit itself
            why = "it was ended by signal " + running.getExitSignal();
        } else if (lost.isPresent() || !used.isAlive()) {
            why = "the connection to " + used.endpoint() + " was lost"
                    + lost.map(e -> ": " + SshFailure.text(e)).orElse("");
        } else {
            why = "its end is not known, since " + used.endpoint() + " did not tell its exit code";
        }
        return new StreamExit(
                StreamExit.LOST,
                printed.length() == 0 ? why : printed.toString().stripTrailing() + "\n" + why);
    }
}
