// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docs;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.core.transport.LosslessText;
import dev.zlineage.core.transport.ProcessSink;
import dev.zlineage.core.transport.ProcessSource;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** The transport of docs/testing.md: whatever a program that stands in front of others reaches, such as {@code podman exec -i nas}. */
final class PrefixRunner implements CommandRunner {

    private final List<String> prefix;
    private final Duration timeout;
    private volatile boolean closed;

    PrefixRunner(List<String> prefix, Duration timeout) {
        this.prefix = prefix;
        this.timeout = timeout;
    }

    @Override
    public String host() {
        return String.join(" ", prefix);
    }

    @Override
    public List<CommandOutcome> run(List<CommandLine> commands) {
        return commands.stream().map(this::run).toList();
    }

    private CommandOutcome run(CommandLine command) {
        if (closed) {
            return new NotRun(Reason.UNREACHABLE, "closed");
        }
        // what is taken away must go although the caller is interrupted, who is told afterwards
        boolean interrupted = command.manner() == CommandLine.Manner.TIDYING && Thread.interrupted();
        try {
            return inFolder(command, Files.createTempDirectory("prefix"));
        } catch (IOException e) {
            return new NotRun(Reason.UNREACHABLE, e.toString());
        } catch (InterruptedException e) {
            interrupted = true;
            return new NotRun(Reason.CANCELLED, "interrupted");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Files in the place of pipes: nobody has to read the one while writing the other. */
    private CommandOutcome inFolder(CommandLine command, Path folder) throws IOException, InterruptedException {
        Path in = folder.resolve("in");
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        try {
            Files.write(in, command.input());
            Process process = new ProcessBuilder(prefixed(command.argv()))
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try {
                if (command.manner() == CommandLine.Manner.LONG) {
                    process.waitFor();
                } else if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    return new NotRun(Reason.TIMED_OUT, "took longer than " + timeout);
                }
                return new Exited(process.exitValue(), text(out), text(err));
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } finally {
            for (Path file : List.of(in, out, err, folder)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String text(Path file) throws IOException {
        return LosslessText.of(Files.readAllBytes(file));
    }

    /** Ends that are programs of this host are joined by a pipe of the kernel; aborting and exit codes are seen to. */
    @Override
    public StreamSource source(List<String> argv, Function<String, Optional<StreamProgress>> report) {
        return new ProcessSource(prefixed(argv), Map.of(), report);
    }

    @Override
    public StreamSink sink(List<String> argv) {
        return new ProcessSink(prefixed(argv), Map.of());
    }

    private List<String> prefixed(List<String> argv) {
        return Stream.concat(prefix.stream(), argv.stream()).toList();
    }

    @Override
    public void close() {
        closed = true;
    }
}
