// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** OpenSSH's own server on a port of this host, for the user who runs the tests, with keys of its own. */
final class OpenSshd implements AutoCloseable {

    private final Path folder;
    private final int port;
    private final Process daemon;

    /** Starts one. */
    OpenSshd(Path folder, String... settings) throws IOException {
        this.folder = folder;
        this.port = freePort();
        key("host");
        key("user");
        key("stranger");
        Files.copy(folder.resolve("user.pub"), folder.resolve("authorized_keys"));
        List<String> config = new ArrayList<>(List.of(
                "ListenAddress 127.0.0.1:" + port,
                "HostKey " + folder.resolve("host"),
                "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
                "PidFile none",
                "StrictModes no",
                "UsePAM no",
                "PasswordAuthentication no",
                "PermitRootLogin prohibit-password",
                // what the profile of whoever runs the tests prints is none of theirs
                "SetEnv HOME=" + folder));
        config.addAll(List.of(settings));
        Files.write(folder.resolve("sshd_config"), config);
        if (Files.isWritable(Path.of("/run"))) {
            // it wants an empty folder to lock itself into
            Files.createDirectories(Path.of("/run/sshd"));
        }
        daemon = new ProcessBuilder(
                        System.getenv("ZLINEAGE_SSHD"),
                        "-D",
                        "-e",
                        "-f",
                        folder.resolve("sshd_config").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        awaitListening();
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private void key(String name) throws IOException {
        Process keygen = new ProcessBuilder(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        "ed25519",
                        "-N",
                        "",
                        "-C",
                        name,
                        "-f",
                        folder.resolve(name).toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader printed = keygen.inputReader()) {
            printed.lines().forEach(line -> {});
        }
        if (keygen.onExit().join().exitValue() != 0) {
            throw new IOException("no key was made");
        }
    }

    private void awaitListening() throws IOException {
        try {
            for (int i = 0; i < 200; i++) {
                if (Files.readString(folder.resolve("log")).contains("Server listening")) {
                    return;
                }
                if (daemon.waitFor(50, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        throw new IOException("sshd does not listen: " + Files.readString(folder.resolve("log")));
    }

    /** The whole key, as one gives it inline. */
    String hostKey() throws IOException {
        return Files.readString(folder.resolve("host.pub")).strip();
    }

    int port() {
        return port;
    }

    /** How to get in, by the system's {@code ssh}. */
    SshEndpoint.Builder endpoint() throws IOException {
        return SshEndpoint.of(System.getProperty("user.name"), "127.0.0.1")
                .port(port)
                .client(SshEndpoint.Client.SYSTEM)
                .privateKey(folder.resolve("user"))
                .hostKeys(List.of(hostKey()))
                .connectTimeout(Duration.ofSeconds(20));
    }

    /** The processes that serve those who are logged in. */
    private List<ProcessHandle> sessions() {
        return daemon.descendants()
                .filter(p -> p.info().command().orElse("").endsWith("sshd"))
                .toList();
    }

    /** As if the network were gone, and told. */
    void cutConnections() {
        sessions().forEach(ProcessHandle::destroyForcibly);
    }

    /** As if the network were gone, and nobody told. */
    void freeze() throws IOException {
        for (ProcessHandle session : sessions()) {
            new ProcessBuilder("kill", "-STOP", Long.toString(session.pid()))
                    .start()
                    .onExit()
                    .join();
        }
    }

    /** How often somebody logged in. */
    long logins() throws IOException {
        try (var log = Files.lines(folder.resolve("log"))) {
            return log.filter(line -> line.startsWith("Accepted publickey")).count();
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> below = daemon.descendants().toList();
        daemon.destroyForcibly();
        below.forEach(ProcessHandle::destroyForcibly);
    }
}
