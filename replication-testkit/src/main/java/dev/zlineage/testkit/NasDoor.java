// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Where the {@code zfs} scripts of a {@link FakeNas} come to be answered. A script sends fields that end with a zero byte:
 * a key, what it wants, and for a call its session and arguments. Further connections of the same call carry its streams.
 */
final class NasDoor implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final ServerSocket door;
    private final String key = UUID.randomUUID().toString();
    private final FakeZfsProgram program;
    private final Consumer<String> dropSession;
    private final AtomicLong calls = new AtomicLong();
    private final Map<String, CompletableFuture<Socket>> expected = new ConcurrentHashMap<>();

    /**
     * Opens the door.
     *
     * @param dropSession breaks the connection of a session
     */
    NasDoor(FakeZfsProgram program, Consumer<String> dropSession) throws IOException {
        this.program = program;
        this.dropSession = dropSession;
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        NasThreads.start("door", () -> {
            while (!door.isClosed()) {
                Socket visitor = door.accept();
                NasThreads.start("visitor", () -> serve(visitor));
            }
        });
    }

    /** What a script needs to find and pass the door. */
    Map<String, String> variables() {
        return Map.of("ZLINEAGE_NAS_PORT", Integer.toString(door.getLocalPort()), "ZLINEAGE_NAS_KEY", key);
    }

    private void serve(Socket visitor) throws IOException, InterruptedException {
        InputStream in = visitor.getInputStream();
        if (!field(in).equals(key)) {
            visitor.close();
            return;
        }
        String role = field(in);
        String id = field(in);
        if (!role.equals("zfs")) {
            CompletableFuture<Socket> waiting = expected.remove(role + id);
            if (waiting == null || !waiting.complete(visitor)) {
                visitor.close();
            }
            return;
        }
        List<String> arguments = new ArrayList<>();
        for (int left = Integer.parseInt(field(in)); left > 0; left--) {
            arguments.add(field(in));
        }
        try (visitor) {
            new NasCall(this, program, visitor, Long.toString(calls.incrementAndGet())).run(arguments);
        } catch (FaultWords.NotPrinted | NasCall.ConnectionLost e) {
            dropSession.accept(id);
        }
    }

    private static String field(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = in.read(); b != 0; b = in.read()) {
            if (b < 0) {
                throw new EOFException("a field without an end");
            }
            bytes.write(b);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Announces a further connection of a call. */
    CompletableFuture<Socket> expect(String role, String call) {
        CompletableFuture<Socket> coming = new CompletableFuture<>();
        expected.put(role + call, coming);
        return coming;
    }

    static Socket await(CompletableFuture<Socket> coming) throws IOException, InterruptedException {
        try {
            return coming.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the zfs script did not come with its stream", e);
        }
    }

    @Override
    public void close() {
        NasThreads.close(door);
    }
}
