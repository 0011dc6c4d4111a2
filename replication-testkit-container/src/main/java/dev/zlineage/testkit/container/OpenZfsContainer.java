// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.container;

import dev.zlineage.testkit.lab.OpenZfsGuest;
import dev.zlineage.testkit.lab.script.LabScripts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * A container with real OpenZFS and the pools {@code tank} and {@code backup}.
 *
 * <pre>{@code
 * try (OpenZfsContainer lab = OpenZfsContainer.boot();
 *         Zfs zfs = lab.zfs()) {
 *     zfs.execute(new ZfsCommand.CreateFilesystem(DatasetName.of("tank/data"), Map.of())).orThrow();
 * }
 * }</pre>
 *
 * <p>In the container QEMU emulates the machine that {@link dev.zlineage.testkit.lab.OpenZfsLab} boots: it wants no privilege, no
 * device and no kernel module of the host. A boot takes some fifteen seconds and half a gigabyte of memory.
 *
 * <p>Its image is made by the first who asks, as root of a Debian machine with a way to Debian's packages and Docker's client, in
 * some minutes, and stays with Docker as {@code zlineage-openzfs:2.3}; {@code ZLINEAGE_LAB_ZFS=2.1} chooses OpenZFS 2.1 in place of
 * 2.3. Everybody else takes it {@linkplain #of from a registry}.
 */
public final class OpenZfsContainer extends GenericContainer<OpenZfsContainer> implements OpenZfsGuest {

    private static final int PORT = 2222;

    /** On a host that is very busy, one boot in a dozen was seen to end within seconds. */
    private static final int BOOTS = 3;

    private static final String IMAGE_FOLDER = "/lab/image/";

    private final boolean ofThisJar;
    private volatile @Nullable Path folder;

    /** One of the image that fits this jar. It is to be started. */
    public OpenZfsContainer() {
        this("zlineage-openzfs", true);
    }

    private OpenZfsContainer(String image, boolean ofThisJar) {
        super(image);
        this.ofThisJar = ofThisJar;
        withExposedPorts(PORT);
        waitingFor(Wait.forLogMessage(".*LAB-(READY|FAILED).*", 1).withStartupTimeout(Duration.ofMinutes(5)));
    }

    /**
     * One of an image that was made before, by {@code lab/container} or by this class, and pushed to a registry. It is to be
     * started.
     *
     * @param image its name, as Docker knows it
     * @return a container that does not run yet
     */
    public static OpenZfsContainer of(String image) {
        return new OpenZfsContainer(image, false);
    }

    /**
     * Starts one of the image that fits this jar.
     *
     * @return a container whose pools are there
     * @throws IllegalStateException if there is no Docker, or the image can't be made
     */
    public static OpenZfsContainer boot() {
        OpenZfsContainer container = new OpenZfsContainer();
        container.start();
        return container;
    }

    /** Which takes a fraction of a second where it was made before. */
    private static String made(LabScripts scripts) {
        URI docker = DockerClientFactory.instance().getTransportConfig().getDockerHost();
        return scripts.run(Map.of("DOCKER_HOST", docker.toString()), "container")
                .strip();
    }

    /**
     * Starts it, and waits for its pools.
     *
     * @throws IllegalStateException if there is no Docker, or the image can't be made
     */
    @Override
    public void start() {
        if (folder != null) {
            return;
        }
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException("no Docker answers, neither where DOCKER_HOST says nor at its usual places;"
                    + " OpenZfsLab boots the same machine without one");
        }
        LabScripts scripts = LabScripts.unpacked();
        if (ofThisJar) {
            setDockerImageName(made(scripts));
        }
        try {
            startMachine();
        } catch (RuntimeException e) {
            super.stop(); // nobody else has it yet
            throw e;
        }
        Path run = scripts.newRun();
        folder = run;
        // A JVM that ends leaves no connections behind, whoever ends the container.
        Runtime.getRuntime().addShutdownHook(new Thread(this::forget, "lab-forget"));
        try {
            connect(scripts, run);
        } catch (IOException e) {
            stop();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            String console = getLogs();
            stop();
            throw new IllegalStateException(e.getMessage() + "; its console:\n" + console, e);
        }
    }

    private void startMachine() {
        super.start();
        for (int boot = 2; boot <= BOOTS && getLogs().contains("LAB-FAILED"); boot++) {
            logger().warn("the machine ended while it started, and is started once more; its console:\n{}", getLogs());
            super.stop();
            super.start();
        }
    }

    private void connect(LabScripts scripts, Path run) throws IOException {
        Path keys = Files.createDirectory(run.resolve("keys"));
        for (String key : new String[] {"id_ed25519", "known_host"}) {
            copyFileFromContainer(IMAGE_FOLDER + key, keys.resolve(key).toString());
        }
        scripts.run("connect", run.toString(), getHost(), Integer.toString(getMappedPort(PORT)), keys.toString());
    }

    /**
     * Where the programs that lead to it lie, and the configuration of ssh.
     *
     * @return a folder of this machine
     * @throws IllegalStateException if it does not run
     */
    @Override
    public Path folder() {
        if (folder == null) {
            throw new IllegalStateException("the container is not started");
        }
        return folder;
    }

    /** Ends it, with all that was written to its pools. */
    @Override
    public void stop() {
        try {
            forget();
        } finally {
            super.stop();
        }
    }

    private void forget() {
        Path run = folder;
        if (run == null || !Files.exists(run)) {
            return;
        }
        folder = null;
        LabScripts.unpacked().run("stop", run.toString());
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
