// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.direct.Session;

/**
 * A connection to a host on which the user is logged in, with those to the jump hosts on the way. Safe for use by several
 * threads.
 */
final class SshConnection {

    private final SshEndpoint endpoint;
    private final Socket socket;
    private final List<SSHClient> hops;
    private volatile boolean used;
    private volatile boolean aborted;

    /** Over a socket to the first of the hops; the last is the host itself. */
    SshConnection(SshEndpoint endpoint, Socket socket, List<SSHClient> hops) {
        this.endpoint = endpoint;
        this.socket = socket;
        this.hops = List.copyOf(hops);
    }

    SshEndpoint endpoint() {
        return endpoint;
    }

    /** Opens a channel for one program. */
    Session session() throws IOException {
        used = true;
        try {
            return hops.get(hops.size() - 1).startSession();
        } catch (IllegalStateException e) {
            // sshj's way to say that the connection is gone
            throw new IOException("the connection to " + endpoint + " is closed", e);
        }
    }

    /** Whether a channel was opened before; if not, one that can't be opened is no sign of old age. */
    boolean used() {
        return used;
    }

    boolean isAlive() {
        return !aborted && hops.stream().allMatch(SSHClient::isConnected);
    }

    /**
     * Ends it at once, whatever goes on: a writer that waits for a dead peer holds every lock that a polite end needs, and
     * the socket is all that can be taken from it.
     */
    void abort() {
        aborted = true;
        close(socket);
    }

    /** Ends it with a word to the other side. Only where nothing is under way. */
    void close() {
        aborted = true;
        for (int i = hops.size() - 1; i >= 0; i--) {
            try {
                hops.get(i).disconnect();
            } catch (IOException e) {
                // it was gone already
            }
        }
        close(socket);
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // there is nothing left to be done about it
        }
    }
}
