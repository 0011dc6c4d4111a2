// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;

/**
 * How a daemon is asked and told: a socket in its directory. A call is a few lines, the words of a command; the answer is the
 * exit code in the first line, then what is to be printed.
 */
final class ControlSocket implements AutoCloseable {

    private static final long PAUSE_MILLIS = 200;
    private static final int CHUNK_BYTES = 1 << 13;

    /** An answer. */
    record Answer(int code, String text) {}

    /** Answers calls. Safe for use by several threads. */
    interface Calls {
        Answer answer(List<String> words) throws InterruptedException;
    }

    private final Path path;
    private final ServerSocketChannel server;
    private final Calls calls;

    private ControlSocket(Path path, ServerSocketChannel server, Calls calls) {
        this.path = path;
        this.server = server;
        this.calls = calls;
    }

    /** Listens, in a thread of its own. The directory is the daemon's alone, so a socket that is there was left behind. */
    static ControlSocket open(Path path, Calls calls) {
        try {
            Files.deleteIfExists(path);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                server.bind(UnixDomainSocketAddress.of(path));
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException | RuntimeException e) {
                server.close();
                throw e;
            }
            ControlSocket socket = new ControlSocket(path, server, calls);
            start("zlineage-control", socket::serve);
            return socket;
        } catch (IOException e) {
            throw new InvalidRequestException(List.of(new InvalidRequestException.Problem(
                    "--state", "no socket can be made in '" + path.getParent() + "': " + e.getMessage())));
        }
    }

    Path path() {
        return path;
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                SocketChannel call = server.accept();
                start("zlineage-call", () -> serve(call));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                pause(); // such as too many open files: that passes
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel call) {
        try (call) {
            Answer answer = calls.answer(Arrays.asList(read(call).split("\n", -1)));
            write(call, answer.code() + "\n" + answer.text());
        } catch (IOException e) {
            // who called has left
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Asks a daemon. */
    static Answer call(Path path, List<String> words) {
        try (SocketChannel call = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            write(call, String.join("\n", words));
            call.shutdownOutput();
            String answer = read(call);
            int end = answer.indexOf('\n');
            if (end < 0) {
                throw new IOException("it has left before it answered");
            }
            return new Answer(Integer.parseInt(answer.substring(0, end)), answer.substring(end + 1));
        } catch (IOException e) {
            throw new InvalidRequestException(List.of(new InvalidRequestException.Problem(
                    "--state",
                    "no daemon answers in '" + path.getParent()
                            + "': start 'zlineage daemon', or name its directory")));
        }
    }

    private static String read(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
        while (channel.read(buffer) >= 0) {
            buffer.flip();
            all.write(buffer.array(), 0, buffer.limit());
            buffer.clear();
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // the next daemon replaces it
        }
    }
}
