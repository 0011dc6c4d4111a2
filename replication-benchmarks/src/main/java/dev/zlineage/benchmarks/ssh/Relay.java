// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A long way on one machine: passes a port of the loopback on to another, each byte later by half of the round-trip time. It
 * bounds nothing else: as much is under way as the two ends let be.
 */
final class Relay implements AutoCloseable {

    private static final int BUFFER = 256 * 1024;
    private static final byte[] END = {};

    private final ServerSocket server;
    private final int target;
    private final long delayNanos;

    private static final class Parcel {
        private final long due;
        private final byte[] bytes;

        Parcel(long due, byte[] bytes) {
            this.due = due;
            this.bytes = bytes;
        }
    }

    Relay(int target, long roundTripMillis) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        this.delayNanos = roundTripMillis * 1_000_000 / 2;
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                pass(near, far);
                pass(far, near);
            } catch (IOException e) {
                return; // closed, or the far end is gone: whoever waits is told by the connection
            }
        }
    }

    private void pass(Socket from, Socket to) {
        BlockingQueue<Parcel> underWay = new LinkedBlockingQueue<>();
        daemon(() -> {
            byte[] buffer = new byte[BUFFER];
            try {
                InputStream in = from.getInputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    underWay.add(new Parcel(System.nanoTime() + delayNanos, Arrays.copyOf(buffer, n)));
                }
            } catch (IOException e) {
                // an end that is lost is passed on as an end
            }
            underWay.add(new Parcel(System.nanoTime() + delayNanos, END));
        });
        daemon(() -> {
            try (to) {
                OutputStream out = to.getOutputStream();
                for (Parcel parcel = underWay.take(); parcel.bytes != END; parcel = underWay.take()) {
                    long wait = parcel.due - System.nanoTime();
                    if (wait > 0) {
                        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                    }
                    out.write(parcel.bytes);
                }
            } catch (IOException | InterruptedException e) {
                // the other end left
            }
        });
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
