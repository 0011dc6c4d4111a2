// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** OpenSSH in a container of the image that {@code lab/docker} makes. */
public final class OpenSshServer implements AutoCloseable {

    private static final int PORT = 22;
    private static final String PRIVATE_KEY = "/home/replicator/.ssh/id";

    private final GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse("zlineage-sshd:latest"))
            .withImagePullPolicy(image -> false)
            .withExposedPorts(PORT)
            .waitingFor(Wait.forLogMessage(".*Server listening on .*", 1));
    private final Path folder;

    private OpenSshServer(Path folder) {
        this.folder = folder;
    }

    /** A new one. */
    public static OpenSshServer start() {
        try {
            OpenSshServer server = new OpenSshServer(Files.createTempDirectory(
                    "openssh", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
            server.container.start();
            server.container.copyFileFromContainer(
                    PRIVATE_KEY, server.privateKey().toString());
            Files.setPosixFilePermissions(server.privateKey(), PosixFilePermissions.fromString("rw-------"));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String host() {
        return container.getHost();
    }

    public int port() {
        return container.getMappedPort(PORT);
    }

    public String user() {
        return "replicator";
    }

    public Path privateKey() {
        return folder.resolve("id");
    }

    /** Type and base64 text of each key of the host. */
    public List<String> hostKeys() {
        try {
            String key = container
                    .execInContainer("cut", "-d", " ", "-f1,2", "/etc/ssh/ssh_host_ed25519_key.pub")
                    .getStdout()
                    .strip();
            return List.of(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        container.stop();
        Files.deleteIfExists(privateKey());
        Files.deleteIfExists(folder);
    }
}
