// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.local;

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
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Runs programs on this host: commands one after the other, streams by whoever joins them. */
final class LocalCommandRunner implements CommandRunner {

    private final LocalOptions options;
    private final Map<String, String> variables;
    private final Charset arguments;
    private final Set<RunningCommand> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    LocalCommandRunner(LocalOptions options) {
        this(options, Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    /** With the encoding in which the JVM hands arguments over. */
    LocalCommandRunner(LocalOptions options, Charset arguments) {
        this.options = options;
        this.arguments = arguments;
        Map<String, String> set = new HashMap<>(options.environment());
        set.put("LC_ALL", "C");
        variables = Map.copyOf(set);
    }

    @Override
    public String host() {
        return "localhost";
    }

    @Override
    public List<CommandOutcome> run(List<CommandLine> commands) {
        List<CommandOutcome> outcomes = new ArrayList<>(commands.size());
        for (CommandLine command : commands) {
            outcomes.add(run(command));
        }
        return outcomes;
    }

    private CommandOutcome run(CommandLine command) {
        Optional<String> garbled = garbled(command.argv());
        if (garbled.isPresent()) {
            return new NotRun(Reason.UNREACHABLE, garbled.get());
        }
        boolean tidying = command.manner() == CommandLine.Manner.TIDYING;
        if (!tidying && Thread.currentThread().isInterrupted()) {
            return new NotRun(Reason.CANCELLED, "it was not run, because the thread was interrupted before");
        }
        RunningCommand one = new RunningCommand(options, command, variables);
        running.add(one);
        try {
            if (closed) {
                return new NotRun(Reason.UNREACHABLE, "the connection to this host was closed");
            }
            return one.run();
        } finally {
            running.remove(one);
        }
    }

    /** The JVM puts question marks in place of what its locale does not know; better to say so than to run that. */
    private Optional<String> garbled(List<String> argv) {
        for (String argument : argv) {
            if (!arguments.newEncoder().canEncode(argument)) {
                return Optional.of("an argument holds characters that this JVM cannot hand over in its locale ("
                        + arguments + "); start it with a UTF-8 locale, such as LC_ALL=C.UTF-8");
            }
        }
        return Optional.empty();
    }

    @Override
    public StreamSource source(List<String> argv, Function<String, Optional<StreamProgress>> report) {
        checkStream(argv);
        return new ProcessSource(argv, variables, report);
    }

    @Override
    public StreamSink sink(List<String> argv) {
        checkStream(argv);
        return new ProcessSink(argv, variables);
    }

    private void checkStream(List<String> argv) {
        garbled(argv).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(RunningCommand::close);
    }
}
