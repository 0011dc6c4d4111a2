// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.core.transport.ProcessSink;
import dev.zlineage.core.transport.ProcessSource;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Commands by a {@link GuestShell}. The ends of its streams are programs of the guest, for others to start there. */
public final class GuestCommandRunner implements CommandRunner {

    private final GuestShell shell;

    /** Runs what it is given through a shell that it does not close. */
    public GuestCommandRunner(GuestShell shell) {
        this.shell = shell;
    }

    @Override
    public String host() {
        return "guest";
    }

    @Override
    public List<CommandOutcome> run(List<CommandLine> commands) {
        return List.copyOf(shell.run(commands.stream()
                .map(command -> GuestShell.command(command.argv(), command.input()))
                .toList()));
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
    public void close() {}
}
