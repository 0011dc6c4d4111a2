// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** OpenSSH's server on a port of the loopback, with keys of its own, and a {@code zfs} that sends zeros and receives into nothing. */
final class LoopbackSshd implements AutoCloseable {

    private final Path folder;
    private final int port;
    private final Process server;

    LoopbackSshd(String sshd) throws IOException, InterruptedException {
        folder = Files.createTempDirectory("sshd");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        for (String name : List.of("host", "user")) {
            run(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    folder.resolve(name).toString());
        }
        Path authorized = Files.copy(folder.resolve("user.pub"), folder.resolve("authorized"));
        Path configuration = Files.writeString(
                folder.resolve("sshd_config"), """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s
                AuthorizedKeysFile %s
                StrictModes no
                UsePAM no
                PidFile none
                MaxStartups 100
                """.formatted(port, folder.resolve("host"), authorized));
        Files.createDirectories(Path.of("/run/sshd"));
        server = new ProcessBuilder(sshd, "-D", "-e", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        awaitPort();
        Path program = Files.writeString(zfs(), """
                #!/bin/sh
                case $1 in
                    version) printf 'zfs-2.3.2-1\\nzfs-kmod-2.3.2-1\\n' ;;
                    send) exec head -c "$(cat '%s')" /dev/zero ;;
                    receive) exec cat > /dev/null ;;
                esac
                """.formatted(size()));
        if (!program.toFile().setExecutable(true)) {
            throw new IOException("can't make " + program + " executable");
        }
    }

    private void awaitPort() throws IOException, InterruptedException {
        for (int i = 0; ; i++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (i == 100) {
                    throw new IOException("sshd does not listen: " + Files.readString(folder.resolve("log")), e);
                }
                Thread.sleep(50);
            }
        }
    }

    int port() {
        return port;
    }

    Path key() {
        return folder.resolve("user");
    }

    /** For the server behind whatever port it is reached by. */
    Path knownHosts(int reachedBy) throws IOException {
        Path file = folder.resolve("known-" + reachedBy);
        String[] key = Files.readString(folder.resolve("host.pub")).split(" ", -1);
        return Files.writeString(file, "[127.0.0.1]:" + reachedBy + " " + key[0] + " " + key[1].strip() + "\n");
    }

    Path zfs() {
        return folder.resolve("zfs");
    }

    private Path size() {
        return folder.resolve("size");
    }

    /** How much the program sends from now on. */
    void sends(long bytes) throws IOException {
        Files.writeString(size(), Long.toString(bytes));
    }

    static void run(String... command) throws IOException, InterruptedException {
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IOException("exit " + exit + " of " + String.join(" ", command));
        }
    }

    @Override
    public void close() {
        server.descendants().forEach(ProcessHandle::destroy);
        server.destroy();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
