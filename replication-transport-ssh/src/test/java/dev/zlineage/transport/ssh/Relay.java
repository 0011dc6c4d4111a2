// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A network between two hosts that can stand still: no byte passes any more, and no end of a connection either. */
final class Relay implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile boolean frozen;

    Relay(int port) throws IOException {
        start(() -> {
            while (true) {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.addAll(List.of(near, far));
                start(() -> copy(near.getInputStream(), far.getOutputStream()));
                start(() -> copy(far.getInputStream(), near.getOutputStream()));
            }
        });
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                // closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void copy(InputStream in, OutputStream out) throws Exception {
        byte[] buffer = new byte[16 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (frozen) {
                never.await();
            }
            out.write(buffer, 0, n);
        }
        out.close();
    }

    int port() {
        return server.getLocalPort();
    }

    void freeze() {
        frozen = true;
    }

    @Override
    public void close() throws IOException {
        never.countDown();
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
