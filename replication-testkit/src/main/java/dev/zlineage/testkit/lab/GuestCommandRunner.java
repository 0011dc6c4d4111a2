// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.lab;

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
import java.util.stream.Stream;

/** Commands by a {@link GuestShell}. The ends of its streams are programs, for others to start. */
public final class GuestCommandRunner implements CommandRunner {

    private final GuestShell shell;
    private final List<String> forwarder;
    private final Runnable closing;

    /**
     * Runs what it is given through a shell that it does not close. The ends of its streams are to be started in the guest.
     *
     * @param shell the shell
     */
    public GuestCommandRunner(GuestShell shell) {
        this(shell, List.of());
    }

    /**
     * Runs what it is given through a shell that it does not close.
     *
     * @param shell the shell
     * @param forwarder what stands before a program of the guest to start it from here, for the ends of streams
     */
    public GuestCommandRunner(GuestShell shell, List<String> forwarder) {
        this(shell, forwarder, () -> {});
    }

    /** And does something when it is closed. */
    GuestCommandRunner(GuestShell shell, List<String> forwarder, Runnable closing) {
        this.shell = shell;
        this.forwarder = forwarder;
        this.closing = closing;
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
        return new ProcessSource(forwarded(argv), Map.of(), report);
    }

    @Override
    public StreamSink sink(List<String> argv) {
        return new ProcessSink(forwarded(argv), Map.of());
    }

    private List<String> forwarded(List<String> argv) {
        return Stream.concat(forwarder.stream(), argv.stream()).toList();
    }

    @Override
    public void close() {
        closing.run();
    }
}
