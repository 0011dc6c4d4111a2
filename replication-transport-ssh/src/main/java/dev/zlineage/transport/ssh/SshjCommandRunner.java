// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Another host, by sshj: one connection for all control commands, and one for each stream that runs at the same time, so
 * that a stream never holds a command up. Nothing is connected before it is needed.
 */
final class SshjCommandRunner implements CommandRunner {

    private final SshEndpoint endpoint;
    private final SshOptions options;
    private final ControlConnection control;
    private final DataConnections data;

    SshjCommandRunner(SshEndpoint endpoint, SshOptions options) {
        this.endpoint = endpoint;
        this.options = options;
        Connector connector = new Connector(endpoint, options);
        this.control = new ControlConnection(connector);
        this.data = new DataConnections(connector);
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
            return run(commands, frame);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<CommandOutcome> run(List<CommandLine> commands, CommandFrame frame) {
        if (Thread.currentThread().isInterrupted()) {
            return same(commands, Reason.CANCELLED, "it was not run, because the thread was interrupted before");
        }
        return new ControlCommand(control, endpoint, options, frame)
                .run()
                .orElseGet(() -> Thread.currentThread().isInterrupted()
                        ? same(commands, Reason.CANCELLED, "it was given up, because the thread was interrupted")
                        : same(
                                commands,
                                Reason.TIMED_OUT,
                                "it took longer than " + options.commandTimeout() + "; what is under way on " + endpoint
                                        + " can't be ended from here"));
    }

    private static List<CommandOutcome> same(List<CommandLine> commands, Reason reason, String text) {
        return Collections.nCopies(commands.size(), new NotRun(reason, text));
    }

    @Override
    public StreamSource source(List<String> argv, Function<String, Optional<StreamProgress>> report) {
        return new RemoteSource(new RemoteStream(data, options, RemoteScript.program(argv)), report);
    }

    @Override
    public StreamSink sink(List<String> argv) {
        return new RemoteSink(new RemoteStream(data, options, RemoteScript.program(argv)));
    }

    @Override
    public void close() {
        control.close();
        data.close();
    }
}
