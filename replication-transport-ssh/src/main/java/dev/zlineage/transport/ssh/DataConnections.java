// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.io.IOException;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections that carry one stream at a time, and so never wait for another's. One whose stream came to its end is kept for
 * the next: a run of a thousand datasets makes as many handshakes as it sends streams at once. Safe for use by several
 * threads.
 */
final class DataConnections {

    private final Connector connector;
    private final Deque<SshConnection> idle = new ConcurrentLinkedDeque<>();
    private final Set<SshConnection> busy = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    DataConnections(Connector connector) {
        this.connector = connector;
    }

    /**
     * A connection that nobody uses. One that was kept may have died in the meantime without a sign.
     *
     * @param stop true gives an attempt to connect up
     */
    SshConnection borrow(BooleanSupplier stop) throws IOException {
        if (closed) {
            throw closed();
        }
        SshConnection connection = kept();
        if (connection == null) {
            connection = connector.connect(() -> closed || stop.getAsBoolean());
        }
        busy.add(connection);
        if (closed) {
            drop(connection);
            throw closed();
        }
        return connection;
    }

    private static IOException closed() {
        return new IOException("the connection to this host was closed");
    }

    private @Nullable SshConnection kept() {
        for (SshConnection one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
            if (one.isAlive()) {
                return one;
            }
            one.abort();
        }
        return null;
    }

    /** Takes back one whose stream came to its end. */
    void keep(SshConnection connection) {
        busy.remove(connection);
        idle.addFirst(connection);
        if (closed) {
            close();
        }
    }

    /** Ends one whose stream was cut. */
    void drop(SshConnection connection) {
        busy.remove(connection);
        connection.abort();
    }

    void close() {
        closed = true;
        busy.forEach(SshConnection::abort);
        for (SshConnection one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
            one.close();
        }
    }
}
