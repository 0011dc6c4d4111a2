// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.transport.CommandOutcome.Reason;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.direct.Session;
import org.jspecify.annotations.Nullable;

/**
 * The one connection to a host that all control commands share, at most eight at once and fewer where the server allows
 * fewer. It is made when it is first needed, and anew when it has died. Safe for use by several threads.
 */
final class ControlConnection {

    /** OpenSSH allows ten channels by default. */
    private static final int AT_ONCE = 8;

    private final Connector connector;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Shared current;
    private volatile boolean closed;

    ControlConnection(Connector connector) {
        this.connector = connector;
    }

    /** A connection with what is known of its channels. Its counts are guarded by the lock, connecting is not. */
    private final class Shared {

        private final ReentrantLock connecting = new ReentrantLock();
        private volatile @Nullable SshConnection connection;
        private int channels;
        private int limit = AT_ONCE;
        private boolean retired;

        SshConnection connection() throws IOException, InterruptedException {
            connecting.lockInterruptibly();
            try {
                SshConnection made = connection;
                if (made == null) {
                    made = connector.connect(() -> closed);
                    connection = made;
                }
                return made;
            } finally {
                connecting.unlock();
            }
        }

        boolean isUsable() {
            SshConnection made = connection;
            return !retired && (made == null || made.isAlive());
        }

        void end(boolean politely) {
            SshConnection made = connection;
            if (made != null && politely) {
                made.close();
            } else if (made != null) {
                made.abort();
            }
        }
    }

    /** A channel, to be given back once. */
    final class Channel {

        private final Shared of;
        private final Session session;

        private Channel(Shared of, Session session) {
            this.of = of;
            this.session = session;
        }

        Session session() {
            return session;
        }

        /** The program on it has ended. */
        void done() {
            release(of, false);
        }

        /**
         * The program on it goes on and nobody waits for it. There is no way to end it, and closing its channel would wait
         * for it; so no more is asked of this connection, and it is cut when its other programs have ended.
         */
        void abandon() {
            release(of, true);
        }
    }

    /**
     * A free channel, as soon as there is one.
     *
     * @throws IOException if there is no connection or no channel to be had; nothing was run then
     * @throws InterruptedException if the thread is interrupted
     */
    Channel channel() throws IOException, InterruptedException {
        while (true) {
            Shared shared = claim();
            boolean opened = false;
            try {
                SshConnection connection = shared.connection();
                boolean fresh = !connection.used();
                try {
                    Session session = connection.session();
                    opened = true;
                    return new Channel(shared, session);
                } catch (OpenFailException e) {
                    if (isLowest(shared)) {
                        throw new SshFailure(
                                Reason.UNREACHABLE,
                                connection.endpoint() + " lets us in, and runs no command: " + e.getMessage(),
                                e);
                    }
                } catch (IOException e) {
                    if (fresh || closed) {
                        throw new SshFailure(
                                Reason.UNREACHABLE,
                                "the connection to " + connection.endpoint() + " was lost: " + SshFailure.text(e),
                                e);
                    }
                    // it had died since it was last used
                    connection.abort();
                }
            } finally {
                if (!opened) {
                    release(shared, false);
                }
            }
        }
    }

    private Shared claim() throws SshFailure, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw new SshFailure(Reason.UNREACHABLE, "the connection to this host was closed");
                }
                Shared shared = current;
                if (shared == null || !shared.isUsable()) {
                    shared = new Shared();
                    current = shared;
                }
                if (shared.channels < shared.limit) {
                    shared.channels++;
                    return shared;
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes note that the server allows no more channels than there are; true if there is no other one. */
    private boolean isLowest(Shared shared) {
        lock.lock();
        try {
            shared.limit = Math.max(1, shared.channels - 1);
            return shared.channels == 1;
        } finally {
            lock.unlock();
        }
    }

    private void release(Shared shared, boolean retire) {
        boolean unused;
        lock.lock();
        try {
            shared.channels--;
            shared.retired |= retire;
            unused = shared.channels == 0 && !shared.isUsable();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (unused) {
            shared.end(false);
        }
    }

    /** Ends the connection, at once where programs still run. */
    void close() {
        closed = true;
        Shared shared;
        boolean idle;
        lock.lock();
        try {
            shared = current;
            idle = shared != null && shared.channels == 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (shared != null) {
            shared.end(idle);
        }
    }
}
