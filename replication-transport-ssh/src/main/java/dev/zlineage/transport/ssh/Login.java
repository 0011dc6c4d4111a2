// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.transport.CommandOutcome.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import org.jspecify.annotations.Nullable;

/** One attempt to connect to a host and log in, hop by hop. It can be given up from any other thread. */
final class Login {

    /** A channel's window for what comes from the host: what is under way on 1 Gbit/s and 120 ms. */
    private static final long WINDOW = 15L * 1024 * 1024;

    private static final int PACKET = 128 * 1024;

    /**
     * For how long sshj waits for an answer within a connection. A peer that is gone is noticed by keepalive, and one that
     * is busy may take its time: a shorter wait would cut a stream whose receiver pauses.
     */
    private static final int PATIENCE = (int) TimeUnit.HOURS.toMillis(1);

    private static final int UNANSWERED = 3;

    private final SshEndpoint endpoint;
    private final SshListener listener;
    private volatile Socket socket = new Socket();
    private volatile SshEndpoint where;
    private volatile String doing = "connecting";
    private volatile boolean givenUp;

    Login(SshEndpoint endpoint, SshListener listener) {
        this.endpoint = endpoint;
        this.listener = listener;
        this.where = endpoint;
    }

    /** The host at which the attempt is. */
    SshEndpoint where() {
        return where;
    }

    /** What the attempt is about, to be put behind "while". */
    String doing() {
        return doing;
    }

    void giveUp() {
        givenUp = true;
        SshConnection.close(socket);
    }

    SshConnection connection() throws IOException {
        Deque<SshEndpoint> way = new ArrayDeque<>();
        for (Optional<SshEndpoint> hop = Optional.of(endpoint);
                hop.isPresent();
                hop = hop.get().jump()) {
            way.push(hop.get());
        }
        List<SSHClient> hops = new ArrayList<>();
        try {
            SSHClient before = null;
            for (SshEndpoint hop : way) {
                where = hop;
                before = logIn(hop, before);
                hops.add(before);
                listener.handshake(hop);
            }
            if (givenUp) {
                throw new IOException("given up");
            }
            return new SshConnection(endpoint, socket, hops);
        } catch (IOException | RuntimeException e) {
            SshConnection.close(socket);
            throw e;
        }
    }

    private SSHClient logIn(SshEndpoint hop, @Nullable SSHClient before) throws IOException {
        doing = "reading its keys";
        Config config = Algorithms.config(hop.ciphers());
        List<KeyProvider> keys = PrivateKeys.read(hop, config);
        HostKeyCheck check = new HostKeyCheck(KnownHosts.of(hop.hostKeys()));
        SSHClient client = new SSHClient(config);
        client.addHostKeyVerifier(check);
        client.getTransport().setTimeoutMs(PATIENCE);
        client.getConnection().setTimeoutMs(PATIENCE);
        client.getConnection().setWindowSize(WINDOW);
        client.getConnection().setMaxPacketSize(PACKET);
        KeepAliveRunner keepAlive = (KeepAliveRunner) client.getConnection().getKeepAlive();
        keepAlive.setMaxAliveCount(UNANSWERED);
        keepAlive.setKeepAliveInterval((int) (hop.idleLimit().toSeconds() / UNANSWERED));
        try {
            connect(client, hop, before);
        } catch (IOException e) {
            throw check.refusal()
                    .map(why -> new SshFailure(Reason.REFUSED, why, e))
                    .orElseGet(() -> unreachable(hop, e));
        }
        doing = "logging in";
        try {
            client.authPublickey(hop.user(), keys);
        } catch (UserAuthException e) {
            throw client.isConnected() ? notLetIn(client, hop) : unreachable(hop, e);
        } catch (IOException e) {
            throw unreachable(hop, e);
        }
        return client;
    }

    private void connect(SSHClient client, SshEndpoint hop, @Nullable SSHClient before) throws IOException {
        doing = "connecting";
        if (before != null) {
            try {
                client.connectVia(before.newDirectConnection(hop.host(), hop.port()));
            } catch (OpenFailException e) {
                throw new SshFailure(
                        Reason.UNREACHABLE,
                        hop + " can't be reached from " + before.getRemoteHostname() + ", which is jumped over: "
                                + e.getMessage(),
                        e);
            }
            return;
        }
        connectSocket(hop);
        // it is connected already, which sshj heeds
        client.setSocketFactory(new GivenSocket(socket));
        doing = "exchanging keys";
        client.connect(hop.host(), hop.port());
    }

    /** A host may have several addresses, of which only some can be reached from here. */
    private void connectSocket(SshEndpoint hop) throws IOException {
        IOException first = null;
        for (InetAddress address : InetAddress.getAllByName(hop.host())) {
            Socket fresh = new Socket();
            socket = fresh;
            if (givenUp) {
                throw new IOException("given up");
            }
            try {
                fresh.setTcpNoDelay(true);
                fresh.connect(new InetSocketAddress(address, hop.port()));
                return;
            } catch (IOException e) {
                SshConnection.close(fresh);
                first = first == null ? e : first;
            }
        }
        throw first == null ? new UnknownHostException(hop.host()) : first;
    }

    private SshFailure unreachable(SshEndpoint hop, IOException e) {
        if (e instanceof SshFailure told) {
            return told;
        }
        String why = e instanceof UnknownHostException
                ? "no host of that name is known"
                : e instanceof ConnectException
                        ? "no sshd answers at port " + hop.port() + " (" + e.getMessage() + ")"
                        : SshFailure.text(e) + ", while " + doing;
        return new SshFailure(Reason.UNREACHABLE, hop + " can't be reached: " + why, e);
    }

    private static SshFailure notLetIn(SSHClient client, SshEndpoint hop) {
        List<String> files =
                hop.identities().stream().map(SshEndpoint.Identity::toString).toList();
        String accepts = String.join(", ", client.getUserAuth().getAllowedMethods());
        return new SshFailure(
                Reason.REFUSED,
                hop + " accepts none of the keys " + String.join(", ", files)
                        + ": add the public key to ~/.ssh/authorized_keys of " + hop.user() + " there"
                        + (accepts.isEmpty() ? "" : " (it accepts: " + accepts + ")"));
    }
}
