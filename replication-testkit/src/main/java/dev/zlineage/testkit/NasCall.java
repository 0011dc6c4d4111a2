// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.zfs.InvalidNameException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One run of the {@code zfs} script. */
final class NasCall {

    private static final int BUFFER = 64 * 1024;
    private static final int BROKEN_PIPE = 141;

    /** The fake is to behave as if the network broke. */
    static final class ConnectionLost extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ConnectionLost() {
            super("connection lost", null, false, false);
        }
    }

    private final NasDoor door;
    private final FakeZfsProgram program;
    private final Socket script;
    private final String id;

    NasCall(NasDoor door, FakeZfsProgram program, Socket script, String id) {
        this.door = door;
        this.program = program;
        this.script = script;
        this.id = id;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        try {
            if (FakeZfsProgram.isSend(arguments)) {
                send(program.send(arguments));
            } else if (FakeZfsProgram.isReceive(arguments)) {
                receive(program.receive(arguments));
            } else if (!arguments.isEmpty() && arguments.get(0).equals("load-key")) {
                loadKey(arguments);
            } else {
                tell("text", id);
                end(program.run(arguments, new byte[0]));
            }
        } catch (UnsupportedOperationException | InvalidNameException e) {
            tell("text", id);
            end(FakeZfsProgram.NOT_MODELLED, "fake zfs: " + e.getMessage() + "\n");
        }
    }

    private void loadKey(List<String> arguments) throws IOException, InterruptedException {
        CompletableFuture<Socket> input = door.expect("in", id);
        tell("sink", id);
        try (Socket in = NasDoor.await(input)) {
            end(program.run(arguments, in.getInputStream().readAllBytes()));
        }
    }

    private void send(SentStream stream) throws IOException, InterruptedException {
        CompletableFuture<Socket> output = door.expect("out", id);
        CompletableFuture<Socket> messages = door.expect("err", id);
        tell("source", id);
        boolean left = false;
        try (Socket out = NasDoor.await(output);
                Socket err = NasDoor.await(messages)) {
            left = !copy(stream, out.getOutputStream(), err.getOutputStream());
        } finally {
            if (left) {
                stream.abort();
            }
        }
        StreamExit exit = stream.finish();
        if (exit.code() == StreamExit.LOST) {
            throw new ConnectionLost();
        }
        end(left ? BROKEN_PIPE : exit.code(), left ? "" : line(exit.output()));
    }

    /** False when the reader left. */
    private static boolean copy(SentStream stream, OutputStream out, OutputStream err) throws IOException {
        InputStream bytes = stream.open(line -> {
            try {
                err.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // nobody listens to the report
            }
        });
        byte[] buffer = new byte[BUFFER];
        while (true) {
            int n;
            try {
                n = bytes.read(buffer);
            } catch (IOException e) {
                return true; // how it ended is told by the stream
            }
            if (n < 0) {
                return true;
            }
            try {
                out.write(buffer, 0, n);
            } catch (IOException e) {
                return false;
            }
        }
    }

    private void receive(ByteSink sink) throws IOException, InterruptedException {
        CompletableFuture<Socket> input = door.expect("in", id);
        tell("sink", id);
        try (Socket in = NasDoor.await(input)) {
            OutputStream to = sink.open();
            try {
                in.getInputStream().transferTo(to);
                to.close();
            } catch (IOException e) {
                // refused, or cut: how it ended is told by the sink
            } catch (UnsupportedOperationException e) {
                sink.abort();
                end(FakeZfsProgram.NOT_MODELLED, "fake zfs: " + e.getMessage() + "\n");
                return;
            }
            StreamExit exit = sink.finish();
            end(exit.code(), line(exit.output()));
        }
    }

    private static String line(String text) {
        return text.isEmpty() ? "" : text + "\n";
    }

    private void end(CommandOutcome.Exited exited) throws IOException {
        tell(exited.stdout(), exited.stderr(), Integer.toString(exited.exitCode()));
    }

    private void end(int code, String messages) throws IOException {
        tell("", messages, Integer.toString(code));
    }

    private void tell(String... fields) throws IOException {
        script.getOutputStream().write((String.join("\0", fields) + "\0").getBytes(StandardCharsets.UTF_8));
    }
}
