// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.ByteSource;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.ZfsCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The command line of a {@link FakeZfs}, in memory: {@code zfs} with its arguments, and what OpenZFS would print. With it
 * {@code CommandZfs} can be tested without any ZFS:
 *
 * <pre>{@code
 * Zfs zfs = new CommandZfs(new FakeCommandRunner(FakeZfs.openzfs23()));
 * }</pre>
 *
 * <p>It knows the program {@code zfs}, also behind {@code sudo -n}, which changes nobody's rights here, and of that what
 * {@code CommandZfs} asks for; {@code id}; and by name the two scripts with which {@code CommandZfs} stores and removes keys.
 * What is
 * not modelled exits with 64 and says so. Faults planned with {@link FakeZfs#failNext} are printed in the words of OpenZFS.
 * Safe for use by several threads.
 */
public final class FakeCommandRunner implements CommandRunner {

    private static final List<String> SUDO = List.of("sudo", "-n");
    private static final int NOT_FOUND = 127;

    private final FakeZfs zfs;
    private final FakeZfsProgram program;
    private volatile boolean closed;

    /**
     * The command line of a host.
     *
     * @param zfs the host; it outlives this
     */
    public FakeCommandRunner(FakeZfs zfs) {
        this.zfs = zfs;
        this.program = new FakeZfsProgram(zfs);
    }

    @Override
    public String host() {
        return zfs.host();
    }

    @Override
    public List<CommandOutcome> run(List<CommandLine> commands) {
        List<CommandOutcome> outcomes = new ArrayList<>(commands.size());
        for (CommandLine command : commands) {
            outcomes.add(
                    closed
                            ? new CommandOutcome.NotRun(
                                    CommandOutcome.Reason.UNREACHABLE, "the connection to this host was closed")
                            : run(command));
        }
        return outcomes;
    }

    private CommandOutcome run(CommandLine command) {
        List<String> argv = withoutSudo(command.argv());
        if (argv.equals(List.of("id"))) {
            return new CommandOutcome.Exited(0, program.id() + "\n", "");
        }
        if (argv.get(0).equals("sh")) {
            return keyFile(argv, command.input());
        }
        if (argv.get(0).equals("zpool")) {
            return program.zpool(argv.subList(1, argv.size()));
        }
        if (!argv.get(0).equals("zfs")) {
            return new CommandOutcome.Exited(NOT_FOUND, "", argv.get(0) + ": command not found\n");
        }
        try {
            return program.run(argv.subList(1, argv.size()), command.input());
        } catch (FaultWords.NotPrinted e) {
            String text = e.failure().text();
            return switch (e.failure().kind()) {
                case HOST_REFUSED -> new CommandOutcome.NotRun(CommandOutcome.Reason.REFUSED, text);
                case TIMED_OUT -> new CommandOutcome.NotRun(CommandOutcome.Reason.TIMED_OUT, text);
                case CANCELLED -> new CommandOutcome.NotRun(CommandOutcome.Reason.CANCELLED, text);
                case UNREADABLE -> new CommandOutcome.NotRun(CommandOutcome.Reason.TOO_MUCH_OUTPUT, text);
                default -> new CommandOutcome.NotRun(CommandOutcome.Reason.UNREACHABLE, text);
            };
        }
    }

    /** The two scripts of the port that are no {@code zfs}. */
    private CommandOutcome keyFile(List<String> argv, byte[] input) {
        String path = argv.get(argv.size() - 1);
        try (Secret key = new Secret(input)) {
            ZfsCommand<Effect> command = argv.contains("zlineage-store-key")
                    ? new ZfsCommand.StoreKey(path, key)
                    : new ZfsCommand.RemoveKey(path);
            Answer<Effect> answer = zfs.execute(command);
            if (answer instanceof Answer.Failed<Effect> failed) {
                return new CommandOutcome.Exited(11, "", failed.failure().text());
            }
            return new CommandOutcome.Exited(answer.orThrow() == Effect.DONE ? 0 : 10, "", "");
        }
    }

    private static List<String> withoutSudo(List<String> argv) {
        return argv.size() > SUDO.size() && argv.subList(0, SUDO.size()).equals(SUDO)
                ? argv.subList(SUDO.size(), argv.size())
                : argv;
    }

    @Override
    public StreamSource source(List<String> argv, Function<String, Optional<StreamProgress>> report) {
        try {
            return new Source(program.send(arguments(argv, "send")), report);
        } catch (UnsupportedOperationException | InvalidNameException e) {
            return new NoSource(refused(e));
        }
    }

    @Override
    public StreamSink sink(List<String> argv) {
        try {
            return program.receive(arguments(argv, "receive"));
        } catch (UnsupportedOperationException | InvalidNameException e) {
            return new NoSink(refused(e));
        }
    }

    private List<String> arguments(List<String> argv, String verb) {
        List<String> words = withoutSudo(argv);
        if (closed
                || words.size() < 2
                || !words.get(0).equals("zfs")
                || !words.get(1).equals(verb)) {
            throw new NotModelled("a stream of " + String.join(" ", words));
        }
        return words.subList(1, words.size());
    }

    private static StreamExit refused(RuntimeException why) {
        return new StreamExit(FakeZfsProgram.NOT_MODELLED, "fake zfs: " + why.getMessage());
    }

    @Override
    public void close() {
        closed = true;
    }

    /** A stream whose report is read while it is opened. */
    private static final class Source implements ByteSource {

        private final SentStream stream;
        private final Function<String, Optional<StreamProgress>> report;
        private final StringBuilder messages = new StringBuilder();
        private OptionalLong estimate = OptionalLong.empty();

        Source(SentStream stream, Function<String, Optional<StreamProgress>> report) {
            this.stream = stream;
            this.report = report;
        }

        @Override
        public InputStream open() throws IOException {
            return stream.open(this::read);
        }

        private void read(String line) {
            Optional<StreamProgress> progress = report.apply(line);
            if (progress.isEmpty()) {
                messages.append(line).append('\n');
            } else if (progress.get() instanceof StreamProgress.Estimated estimated) {
                estimate = OptionalLong.of(estimated.bytes());
            }
        }

        @Override
        public OptionalLong estimate() {
            return estimate;
        }

        @Override
        public StreamExit finish() {
            StreamExit exit = stream.finish();
            return new StreamExit(exit.code(), messages + exit.output());
        }

        @Override
        public void abort() {
            stream.abort();
        }
    }

    /** A program that fails before it prints anything. */
    private record NoSource(StreamExit exit) implements ByteSource {

        @Override
        public InputStream open() {
            return InputStream.nullInputStream();
        }

        @Override
        public StreamExit finish() {
            return exit;
        }

        @Override
        public void abort() {}
    }

    /** A program that fails before it reads anything. */
    private record NoSink(StreamExit exit) implements ByteSink {

        @Override
        public OutputStream open() throws IOException {
            return OutputStream.nullOutputStream();
        }

        @Override
        public StreamExit finish() {
            return exit;
        }

        @Override
        public void abort() {}
    }
}
