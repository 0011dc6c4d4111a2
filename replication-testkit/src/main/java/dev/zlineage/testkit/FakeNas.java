// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.session.Session;

/**
 * A {@link FakeZfs} behind a real SSH server on a port of the loopback: for tests of replication over SSH with no ZFS, no
 * container and no root.
 *
 * <pre>{@code
 * FakeZfs vault = FakeZfs.builder().host("vault").seed(2).build();
 * try (FakeNas nas = FakeNas.start(vault)) {
 *     nas.latency(Duration.ofMillis(20)).cutNextUpload(1_000_000);
 *     // log in as nas.user() to nas.host():nas.port() with nas.privateKey(), trusting nas.knownHosts()
 * }
 * }</pre>
 *
 * <p>What a client asks to be run goes to this machine's {@code /bin/sh}, as the user of the test, with a {@code zfs} and a
 * {@code sudo} of its own in front of the search path: the first answers from the fake, the second asks for no password.
 * So quoting, pipes, exit codes and signals are real. A fault of the fake that is no message of {@code zfs} (a cut stream, a
 * command that times out) breaks the connection.
 *
 * <p>Needs {@code org.apache.sshd:sshd-osgi} on the class path, which is an optional dependency of the testkit, and bash on
 * the search path. Latency and the like pass in real time. Safe for use by several threads.
 */
public final class FakeNas implements AutoCloseable {

    static final String USER = "replicator";

    private final NasPrograms programs;
    private final NasKeys keys;
    private final NasDoor door;
    private final NasServer server;
    private final NasLink link;
    private final Path knownHosts;
    private final NasTraffic traffic = new NasTraffic();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final Set<Process> processes = ConcurrentHashMap.newKeySet();

    private FakeNas(FakeZfs zfs) throws IOException {
        NasPrograms.requireBash();
        zfs.findKeyFilesHere(); // programs other than zfs are those of this machine
        programs = new NasPrograms(zfs.id());
        keys = new NasKeys(programs.folder());
        door = new NasDoor(new FakeZfsProgram(zfs), this::drop);
        server = new NasServer(this, keys);
        link = new NasLink(server.port());
        knownHosts = keys.knownHosts(programs.folder(), link.port());
    }

    /**
     * Puts a host behind an SSH server.
     *
     * @param zfs the host; it outlives the server
     * @return a running server
     * @throws IllegalStateException if this machine has no bash, or the class path no SSH server
     */
    public static FakeNas start(FakeZfs zfs) {
        try {
            return new FakeNas(zfs);
        } catch (IOException e) {
            throw new UncheckedIOException("can't start an SSH server on the loopback", e);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "FakeNas needs org.apache.sshd:sshd-osgi on the class path; add it as a test dependency", e);
        }
    }

    // ---- how to get there

    /**
     * The address.
     *
     * @return that of the loopback
     */
    public String host() {
        return "127.0.0.1";
    }

    /**
     * The port.
     *
     * @return a free one, new each time
     */
    public int port() {
        return link.port();
    }

    /**
     * The only user that may log in.
     *
     * @return a name that has nothing to do with the users of this machine
     */
    public String user() {
        return USER;
    }

    /**
     * The key of that user.
     *
     * @return a file in the format of OpenSSH, without a passphrase; gone when the server is closed
     */
    public Path privateKey() {
        return keys.privateKey();
    }

    /**
     * The key of the host.
     *
     * @return type and base64 text, as in a file {@code known_hosts}
     */
    public String hostKey() {
        return keys.hostKey();
    }

    /**
     * The key of the host with its address.
     *
     * @return a file in the format of OpenSSH; gone when the server is closed
     */
    public Path knownHosts() {
        return knownHosts;
    }

    // ---- how good the network is

    /**
     * How long a packet and its answer take on their way, from now on.
     *
     * @param roundTrip there and back; none without this
     * @return this
     */
    public FakeNas latency(Duration roundTrip) {
        link.quality(new NasLink.Quality(roundTrip.toNanos() / 2, link.quality().bytesPerSecond()));
        return this;
    }

    /**
     * How much gets through in each direction of each connection, from now on.
     *
     * @param bytesPerSecond a positive number; without this as much as there is
     * @return this
     */
    public FakeNas bandwidth(long bytesPerSecond) {
        if (bytesPerSecond <= 0) {
            throw new IllegalArgumentException("a bandwidth of " + bytesPerSecond + " lets nothing through");
        }
        link.quality(new NasLink.Quality(link.quality().delayNanos(), bytesPerSecond));
        return this;
    }

    /**
     * Breaks the connection of the next command that is sent more than so many bytes.
     *
     * @param afterBytes how many its program gets to read
     */
    public void cutNextUpload(long afterBytes) {
        traffic.up.cutAfter(afterBytes);
    }

    /**
     * Breaks the connection of the next command that prints more than so many bytes.
     *
     * @param afterBytes how many are sent at most
     */
    public void cutNextDownload(long afterBytes) {
        traffic.down.cutAfter(afterBytes);
    }

    /** Breaks every connection there is. New ones can be made. */
    public void dropConnections() {
        link.drop();
    }

    /**
     * Lets the network stand still: nothing is lost, nothing moves, and nobody is told.
     *
     * @param frozen false lets it go on
     */
    public void freeze(boolean frozen) {
        link.frozen(frozen);
    }

    // ---- what the host refuses

    /**
     * Whether new connections are closed at once.
     *
     * @param refuse false without this
     */
    public void refuseConnections(boolean refuse) {
        link.refusing(refuse);
    }

    /**
     * Whether the user's key is taken for a wrong one.
     *
     * @param refuse false without this
     */
    public void refuseLogins(boolean refuse) {
        server.refusingLogins(refuse);
    }

    /**
     * Whether {@code sudo -n} fails because it would have to ask for a password.
     *
     * @param asks false without this
     */
    public void sudoAsksForPassword(boolean asks) {
        programs.sudoAsks(asks);
    }

    /**
     * Whether the host has the {@code zfs} program.
     *
     * @param installed true without this
     */
    public void hasZfs(boolean installed) {
        programs.hasZfs(installed);
    }

    /**
     * How many commands may run at the same time over one connection ({@code MaxSessions} of sshd).
     *
     * @param most any number without this
     */
    public void maxSessions(int most) {
        server.maxSessions(most);
    }

    /** Lets the next command end without telling its exit code. */
    public void loseNextExitStatus() {
        traffic.statusesToLose.incrementAndGet();
    }

    // ---- what went on

    /**
     * How many connections were made.
     *
     * @return handshakes, those that came to nothing too
     */
    public int connections() {
        return link.connections();
    }

    /**
     * How many commands were run: round trips.
     *
     * @return of all connections
     */
    public int commands() {
        return traffic.commands.get();
    }

    /**
     * How many bytes clients sent to programs.
     *
     * @return without what SSH adds
     */
    public long bytesUp() {
        return traffic.up.bytes();
    }

    /**
     * How many bytes programs sent to clients by standard output.
     *
     * @return without what SSH adds
     */
    public long bytesDown() {
        return traffic.down.bytes();
    }

    /** Ends the server, its connections and all that they still run. */
    @Override
    public void close() {
        link.close();
        NasThreads.close(server::close);
        door.close();
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        programs.close();
    }

    // ---- for those who serve

    String register(Session session) {
        String id = UUID.nameUUIDFromBytes(session.getSessionId()).toString();
        if (sessions.putIfAbsent(id, session) == null) {
            session.addCloseFutureListener(closed -> sessions.remove(id));
        }
        return id;
    }

    private void drop(String session) {
        Session broken = sessions.get(session);
        if (broken != null) {
            broken.close(true);
        }
    }

    NasPrograms programs() {
        return programs;
    }

    NasDoor door() {
        return door;
    }

    NasTraffic traffic() {
        return traffic;
    }

    Set<Process> processes() {
        return processes;
    }
}
