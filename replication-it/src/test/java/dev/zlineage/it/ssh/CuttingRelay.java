// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Passes a port of the loopback on to another, until so many bytes went through: then something happens to the connection. */
public final class CuttingRelay implements AutoCloseable {

    /** What happens to the connection that carries the last of the bytes. */
    public enum Fate {
        /** Both ends are told that it is lost. */
        RESET,
        /** Nothing passes any more, and nobody is told. */
        FREEZE,
        /** It waits until something else is done, and goes on. */
        GO_ON
    }

    private record Cut(boolean up, long bytes, Fate fate, Runnable deed) {}

    private static final class Link {
        private final Socket near;
        private final Socket far;
        private volatile boolean frozen;

        Link(Socket near, Socket far) {
            this.near = near;
            this.far = far;
        }

        void reset() {
            for (Socket socket : new Socket[] {near, far}) {
                try {
                    socket.setSoLinger(true, 0);
                    socket.close();
                } catch (IOException e) {
                    // closed already
                }
            }
        }
    }

    private final ServerSocket server;
    private final int target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<@Nullable Cut> armed = new AtomicReference<>();
    private volatile CountDownLatch happened = new CountDownLatch(0);
    private long passed;

    public CuttingRelay(int target) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        daemon(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /**
     * Lets something happen once.
     *
     * @param up whether bytes to the server are counted, or those from it; of all connections together, from now on
     */
    public synchronized void arm(boolean up, long afterBytes, Fate fate, Runnable deed) {
        passed = 0;
        happened = new CountDownLatch(1);
        armed.set(new Cut(up, afterBytes, fate, deed));
    }

    /** Whether it has happened, and all that was to be done was done. */
    public boolean happened() throws InterruptedException {
        return happened.await(60, TimeUnit.SECONDS);
    }

    /** The other end notices at last that a connection that was frozen is dead, as a server with ClientAliveInterval does. */
    public void dropFrozen() {
        links.stream().filter(link -> link.frozen).forEach(Link::reset);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Link link = new Link(near, new Socket(InetAddress.getLoopbackAddress(), target));
                links.add(link);
                daemon(() -> pass(link, link.near, link.far, true));
                daemon(() -> pass(link, link.far, link.near, false));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void pass(Link link, Socket from, Socket to, boolean up) {
        byte[] buffer = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                cut(link, n, up);
                if (link.frozen) {
                    closed.await();
                }
                out.write(buffer, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            link.reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cut(Link link, int more, boolean up) {
        Cut due;
        synchronized (this) {
            Cut cut = armed.get();
            if (cut == null || cut.up() != up) {
                return;
            }
            passed += more;
            if (passed < cut.bytes()) {
                return;
            }
            armed.set(null);
            due = cut;
        }
        if (due.fate() == Fate.RESET) {
            link.reset();
        }
        link.frozen = due.fate() == Fate.FREEZE;
        due.deed().run();
        happened.countDown();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        closed.countDown();
        links.forEach(Link::reset);
    }
}
