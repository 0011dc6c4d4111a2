// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.core.transport.ProcessSink;
import dev.zlineage.core.transport.ProcessSource;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Another host, by the {@code ssh} program of this one. A stream is that program, so between two programs it is a kernel
 * pipe and no byte of it is in this JVM.
 *
 * <p>Two connections at most, each made when it is first needed: one for commands and one for streams, so that no command
 * waits behind the bytes of a stream. Streams at the same time share one cipher, about one core; a server refuses more
 * sessions than its {@code MaxSessions} on one connection, and then {@code ssh} makes another for that stream by itself.
 */
final class SystemSshCommandRunner implements CommandRunner {

    /** What is left of the 108 bytes of a socket's address when {@code ssh} has made a temporary name of it. */
    private static final int LONGEST_SOCKET = 88;

    private final SshEndpoint endpoint;
    private final SshOptions options;
    private final Path folder;
    private final SharedConnection control;
    private final SharedConnection bulk;
    private final Set<SystemExec> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * A runner; nothing is connected yet.
     *
     * @throws dev.zlineage.core.select.InvalidRequestException if {@code ssh} can't be given a path of the endpoint
     * @throws UncheckedIOException if no private folder for its sockets can be made
     */
    SystemSshCommandRunner(SshEndpoint endpoint, SshOptions options) {
        this.endpoint = endpoint;
        this.options = options;
        try {
            this.folder = privateFolder();
            SshArguments arguments = new SshArguments(endpoint, folder);
            this.control = new SharedConnection(endpoint, options, arguments, folder.resolve("c"));
            this.bulk = new SharedConnection(endpoint, options, arguments, folder.resolve("s"));
        } catch (IOException e) {
            throw new UncheckedIOException("no private folder for the sockets of ssh could be made", e);
        }
    }

    /** Where nobody else can reach the sockets; in {@code /tmp} where the usual place has too long a name for them. */
    private static Path privateFolder() throws IOException {
        Path usual = Files.createTempDirectory("zl");
        if (usual.resolve("c").toString().length() <= LONGEST_SOCKET) {
            return usual;
        }
        Files.delete(usual);
        return Files.createTempDirectory(Path.of("/tmp"), "zl");
    }

    @Override
    public String host() {
        return endpoint.toString();
    }

    @Override
    public List<CommandOutcome> run(List<CommandLine> commands) {
        if (commands.isEmpty()) {
            return List.of();
        }
        CommandFrame frame = new CommandFrame(endpoint, commands);
        boolean interrupted = frame.isTidying() && Thread.interrupted();
        try {
            return run(frame);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<CommandOutcome> run(CommandFrame frame) {
        if (Thread.currentThread().isInterrupted()) {
            return frame.outcomes(
                    new NotRun(Reason.CANCELLED, "it was not run, because the thread was interrupted before"));
        }
        Optional<NotRun> down = control.connect();
        if (down.isPresent()) {
            return frame.outcomes(down.get());
        }
        SystemExec exec = new SystemExec(endpoint, options, control, frame);
        running.add(exec);
        try {
            if (closed) {
                exec.close();
            }
            return exec.run();
        } finally {
            running.remove(exec);
        }
    }

    @Override
    public StreamSource source(List<String> argv, Function<String, Optional<StreamProgress>> report) {
        return new ProcessSource(stream(argv), Map.of(), report);
    }

    @Override
    public StreamSink sink(List<String> argv) {
        return new ProcessSink(stream(argv), Map.of());
    }

    /** If it can't be connected, the stream's own process tries, and says why not. */
    private List<String> stream(List<String> argv) {
        if (closed) {
            throw new IllegalStateException("the connection to " + endpoint + " was closed");
        }
        List<String> ssh = bulk.through(RemoteScript.program(argv));
        Optional<NotRun> down = bulk.connect();
        if (down.isEmpty()) {
            options.listener().stream(endpoint);
        }
        return ssh;
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(SystemExec::close);
        control.close();
        bulk.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // it holds nothing that matters, and the system clears it away
        }
    }
}
