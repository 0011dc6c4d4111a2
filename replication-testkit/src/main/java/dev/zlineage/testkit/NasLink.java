// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The network in front of a {@link FakeNas}: a port of the loopback that passes connections on, as well as it is told to. */
final class NasLink implements AutoCloseable {

    /** How good the network is. Both directions alike. */
    record Quality(long delayNanos, long bytesPerSecond) {
        static final Quality PERFECT = new Quality(0, Long.MAX_VALUE);
    }

    private final ServerSocket door;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final Object thaw = new Object();
    private volatile Quality quality = Quality.PERFECT;
    private volatile boolean refusing;
    private boolean frozen;

    NasLink(int target) throws IOException {
        this.target = target;
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        NasThreads.start("link", this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    void quality(Quality better) {
        quality = better;
    }

    Quality quality() {
        return quality;
    }

    void refusing(boolean refuse) {
        refusing = refuse;
    }

    void frozen(boolean freeze) {
        synchronized (thaw) {
            frozen = freeze;
            thaw.notifyAll();
        }
    }

    void awaitThaw() throws InterruptedException {
        synchronized (thaw) {
            while (frozen) {
                thaw.wait();
            }
        }
    }

    /** Breaks every connection. */
    void drop() {
        sockets.forEach(NasThreads::close);
        sockets.clear();
    }

    private void accept() throws IOException {
        while (!door.isClosed()) {
            Socket near = door.accept();
            if (refusing) {
                near.close();
                continue;
            }
            connections.incrementAndGet();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            sockets.add(near);
            sockets.add(far);
            new NasLane(this, near, far).start();
            new NasLane(this, far, near).start();
        }
    }

    void forget(Socket socket) {
        sockets.remove(socket);
        NasThreads.close(socket);
    }

    @Override
    public void close() {
        NasThreads.close(door);
        frozen(false);
        drop();
    }
}
