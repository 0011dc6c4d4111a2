// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.transport.Messages;
import dev.zlineage.core.transport.ProcessTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the {@code ssh} program that commands and streams share, made again when it was lost.
 *
 * <p>The program is a child of this JVM and keeps a {@code cat} on the other side. Its echo tells that the connection is up;
 * and since that ends with the pipe to it, neither a connection nor a process outlives this JVM, however it dies.
 */
final class SharedConnection {

    private static final String ECHO = "zlineage is connected";

    /** In what {@code ssh} prints, which does not depend on the language. */
    private static final List<String> REFUSALS = List.of(
            "Permission denied (", "Host key verification failed", "Too many authentication failures", "no matching ");

    private static final Duration WORDS_COME_WITHIN = Duration.ofSeconds(2);

    private final SshEndpoint endpoint;
    private final SshOptions options;
    private final SshArguments arguments;
    private final Path socket;
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable Master master;
    private volatile boolean closed;

    SharedConnection(SshEndpoint endpoint, SshOptions options, SshArguments arguments, Path socket) {
        this.endpoint = endpoint;
        this.options = options;
        this.arguments = arguments;
        this.socket = socket;
    }

    /** How to run a command through it. */
    List<String> through(String command) {
        return arguments.through(socket, command);
    }

    /**
     * Connects, where that is not the case.
     *
     * @return empty when it is up; else why it is not
     */
    Optional<NotRun> connect() {
        try {
            connecting.lockInterruptibly();
        } catch (InterruptedException e) {
            return Optional.of(interrupted());
        }
        try {
            if (closed) {
                return Optional.of(closed());
            }
            Master known = master;
            if (known != null && known.isUp()) {
                return Optional.empty();
            }
            Files.deleteIfExists(socket);
            Master started = new Master();
            master = started;
            if (closed) {
                started.end();
            }
            return started.awaitUp();
        } catch (IOException e) {
            return Optional.of(
                    new NotRun(Reason.UNREACHABLE, "the program 'ssh' could not be run: " + SshFailure.text(e)));
        } finally {
            connecting.unlock();
        }
    }

    private static NotRun interrupted() {
        Thread.currentThread().interrupt();
        return new NotRun(Reason.CANCELLED, "it was not run, because the thread was interrupted");
    }

    private NotRun closed() {
        return new NotRun(Reason.UNREACHABLE, "the connection to " + endpoint + " was closed");
    }

    private static boolean isRefusal(String words) {
        return REFUSALS.stream().anyMatch(words::contains);
    }

    /** What {@code ssh} said when the connection was lost; empty if it was not. */
    String lastWords() {
        Master known = master;
        return known == null ? "" : known.lastWords();
    }

    /** Ends it, and waits until its processes are gone. */
    void close() {
        closed = true;
        Master known = master;
        if (known != null) {
            known.end();
            known.awaitEnd();
        }
    }

    /** One process of it. */
    private final class Master {

        private final Process process;
        private final ProcessTree tree;
        private final Concurrency.Mailbox<Boolean> echo;
        private final Concurrency.Fork messages;
        private volatile String words = "";
        private volatile boolean up;

        Master() throws IOException {
            Concurrency concurrency = options.concurrency();
            process = new ProcessBuilder(arguments.master(socket, RemoteScript.program(List.of("cat")))).start();
            tree = new ProcessTree(concurrency, process);
            echo = concurrency.mailbox();
            messages = concurrency.fork("messages", this::readMessages);
            concurrency.fork("echo", () -> echo.post(readEcho()));
        }

        boolean isUp() {
            return up && process.isAlive();
        }

        private void readMessages() {
            Messages kept = new Messages(line -> false);
            byte[] buffer = new byte[8 * 1024];
            try (InputStream printed = process.getErrorStream()) {
                for (int n = printed.read(buffer); n >= 0; n = printed.read(buffer)) {
                    kept.add(buffer, n);
                }
            } catch (IOException e) {
                // it was ended; what it said before counts
            }
            words = kept.end().strip();
        }

        /** What a login prints comes before the echo. */
        private boolean readEcho() {
            try {
                OutputStream stdin = process.getOutputStream();
                stdin.write((ECHO + "\n").getBytes(StandardCharsets.US_ASCII));
                stdin.flush();
                BufferedReader printed =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                for (String line = printed.readLine(); line != null; line = printed.readLine()) {
                    if (line.endsWith(ECHO)) {
                        return true;
                    }
                }
            } catch (IOException e) {
                // it has ended and says why on standard error
            }
            return false;
        }

        Optional<NotRun> awaitUp() {
            Duration limit = limit();
            Optional<Boolean> answer;
            try {
                answer = echo.poll(limit);
            } catch (InterruptedException e) {
                end();
                return Optional.of(interrupted());
            }
            if (answer.isPresent() && answer.get()) {
                up = true;
                options.listener().handshake(endpoint);
                return Optional.empty();
            }
            end();
            awaitEnd();
            if (closed) {
                return Optional.of(closed());
            }
            String why = answer.isEmpty() ? "it took longer than " + limit : "";
            return Optional.of(new NotRun(
                    isRefusal(words) ? Reason.REFUSED : Reason.UNREACHABLE,
                    "no connection to " + endpoint + ": "
                            + (words.isEmpty() && why.isEmpty()
                                    ? "ssh ended with exit code " + process.exitValue() + " and no message"
                                    : (words + " " + why).strip())));
        }

        /** The limit of the endpoint, and that of each host on the way. */
        private Duration limit() {
            Duration limit = endpoint.connectTimeout();
            Optional<SshEndpoint> hop = endpoint.jump();
            while (hop.isPresent()) {
                limit = limit.plus(hop.get().connectTimeout());
                hop = hop.get().jump();
            }
            return limit;
        }

        String lastWords() {
            try {
                // a command that shared it may have noticed a moment earlier
                if (process.waitFor(WORDS_COME_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
                    messages.join();
                    return words;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "";
        }

        void end() {
            tree.end();
        }

        void awaitEnd() {
            try {
                if (tree.awaitEnd()) {
                    messages.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
