// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;
import net.schmizz.sshj.connection.channel.direct.Session;

/**
 * Writes to the program on a channel, and never more than the other side has room for.
 *
 * <p>sshj's own stream waits for room with a lock in its hand. The thread that reads from the connection needs that lock to
 * end the channel, so that a program which leaves early would stop every channel of the connection; and it waits no longer
 * than a timeout, so that a program which pauses would be cut. Here the waiting is done outside, for as long as the program
 * runs. What is written is flushed at once, since closing sshj's stream drops what there is no room for.
 */
final class WindowedOutput extends OutputStream {

    private static final long FIRST_NAP = 100_000;
    private static final long LONGEST_NAP = 2_000_000;

    private final Session session;
    private final Session.Command command;
    private final OutputStream out;
    private long largest;

    WindowedOutput(Session session, Session.Command command) {
        this.session = session;
        this.command = command;
        this.out = command.getOutputStream();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            int n = awaitRoom(Math.min(left, session.getRemoteMaxPacketSize()));
            out.write(bytes, from, n);
            out.flush();
            from += n;
            left -= n;
        }
    }

    /** Waits for room for so much, or for half of a window that is smaller than that. */
    private int awaitRoom(int wanted) throws IOException {
        long nap = FIRST_NAP;
        while (true) {
            if (!session.isOpen() || command.getExitStatus() != null) {
                throw new IOException("the program on the other side left before the end of the stream");
            }
            long room = session.getRemoteWinSize();
            largest = Math.max(largest, room);
            if (room >= wanted) {
                return wanted;
            }
            if (room > 0 && 2 * room >= largest) {
                return (int) room;
            }
            LockSupport.parkNanos(nap);
            nap = Math.min(2 * nap, LONGEST_NAP);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while the other side had no room");
            }
        }
    }

    @Override
    public void flush() {
        // everything is flushed already
    }

    /** Tells the program that this was all. */
    @Override
    public void close() throws IOException {
        out.close();
    }
}
