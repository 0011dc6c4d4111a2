// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.core.transport.ProcessSink;
import dev.zlineage.core.transport.ProcessSource;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Answers what it was told to answer, and remembers what it was asked. */
final class ScriptedRunner implements CommandRunner {

    final List<List<CommandLine>> calls = new ArrayList<>();
    final List<String> inputs = new ArrayList<>();
    private final Deque<CommandOutcome> outcomes = new ArrayDeque<>();

    /** What {@code id} prints; asking for it is in no list of lines. */
    String id = "uid=0(root) gid=0(root) groups=0(root)\n";

    ScriptedRunner then(int exit, String stdout, String stderr) {
        return then(new CommandOutcome.Exited(exit, stdout, stderr));
    }

    ScriptedRunner then(CommandOutcome outcome) {
        outcomes.add(outcome);
        return this;
    }

    /** The command lines, without the program. */
    List<String> lines() {
        return calls.stream()
                .flatMap(List::stream)
                .filter(line -> !isId(line))
                .map(line -> String.join(" ", line.argv().subList(1, line.argv().size())))
                .toList();
    }

    @Override
    public String host() {
        return "scripted";
    }

    @Override
    public List<CommandOutcome> run(List<CommandLine> commands) {
        calls.add(commands);
        commands.stream()
                .filter(line -> !isId(line))
                .forEach(line -> inputs.add(new String(line.input(), StandardCharsets.UTF_8)));
        return commands.stream()
                .map(line -> isId(line)
                        ? new CommandOutcome.Exited(0, id, "")
                        : outcomes.isEmpty() ? new CommandOutcome.Exited(0, "", "") : outcomes.remove())
                .toList();
    }

    private static boolean isId(CommandLine line) {
        return line.argv().equals(List.of("id"));
    }

    @Override
    public StreamSource source(List<String> argv, Function<String, Optional<StreamProgress>> report) {
        return new ProcessSource(argv, Map.of(), report);
    }

    @Override
    public StreamSink sink(List<String> argv) {
        return new ProcessSink(argv, Map.of());
    }

    @Override
    public void close() {
        // nothing is open
    }
}
