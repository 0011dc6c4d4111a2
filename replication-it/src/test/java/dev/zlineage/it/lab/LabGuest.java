// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * A machine with real OpenZFS, pools {@code tank} and {@code backup}: one for all tests of a JVM, booted by the first that
 * asks and ended with the JVM. Tests share it, so each works in datasets of its own.
 */
@NullMarked
public final class LabGuest {
    private final Path root;
    private final Path run;

    private LabGuest(Path root, Path run) {
        this.root = root;
        this.run = run;
    }

    /** The shared machine; takes some ten seconds the first time. */
    public static LabGuest shared() {
        return Holder.GUEST;
    }

    /** A program that behaves like the guest's {@code zfs}: arguments, streams and exit code are passed through. */
    public Path zfsProgram() {
        return run.resolve("bin/zfs");
    }

    /** What runs a program of the guest as if it were one of this host: the program and its arguments follow. */
    public Path forwarder() {
        return run.resolve("bin/lab-exec");
    }

    /** A program that behaves like the guest's {@code zpool}. */
    public Path zpoolProgram() {
        return run.resolve("bin/zpool");
    }

    /** The configuration with which {@code ssh -F} reaches the guest as host {@code lab}. */
    public Path sshConfig() {
        return run.resolve("ssh_config");
    }

    /** The port of this machine by which the guest's sshd is reached. */
    public int sshPort() {
        return Integer.parseInt(knownHost()[0].replaceFirst("^\\[127\\.0\\.0\\.1]:", ""));
    }

    /** The guest's host key: its type and the base64 text. */
    public String hostKey() {
        return knownHost()[1] + " " + knownHost()[2];
    }

    /** The private key that opens {@code root} and {@code nasadmin}. */
    public Path sshKey() {
        return run.resolve("id_ed25519");
    }

    private String[] knownHost() {
        try {
            return Files.readString(run.resolve("known_hosts")).strip().split(" ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a bash script in the guest, as root, ended by its first failing command; arguments arrive as {@code $1} and on.
     *
     * @return what it printed
     * @throws IllegalStateException with its stderr, when it exits with another code than 0
     */
    public String sh(String script, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(run.resolve("bin/lab-sh").toString(), "set -euo pipefail\n" + script));
        command.addAll(Arrays.asList(arguments));
        return outputOf(command);
    }

    /** A shell in the guest that stays, for many short commands. */
    public GuestShell shell() {
        return new GuestShell(List.of(run.resolve("bin/lab-sh").toString()));
    }

    /** Copies a file or a folder with all that is in it to an existing folder of the guest. */
    public void copyIn(Path source, String targetFolder) {
        outputOf(List.of("scp", "-q", "-r", "-F", sshConfig().toString(), source.toString(), "lab:" + targetFolder));
    }

    /** Copies a file or a folder to a new folder of the guest, and says where it lies there. */
    public String copyIn(Path source) {
        String folder = sh("mktemp -d /root/in.XXXXXX").strip();
        copyIn(source, folder);
        return folder + "/" + source.toAbsolutePath().normalize().getFileName();
    }

    private static LabGuest boot() {
        String lab = System.getenv("ZLINEAGE_LAB");
        if (lab == null || lab.isEmpty()) {
            throw new IllegalStateException("ZLINEAGE_LAB is not set: a test of the lab runs in its tier only");
        }
        Path root = repositoryRoot();
        try {
            Path runs = Files.createDirectories(Path.of(lab).toAbsolutePath().resolve("run"));
            LabGuest guest = new LabGuest(root, Files.createTempDirectory(runs, "test-"));
            // Before the boot: a JVM that is told to end while it waits for the machine ends the machine too.
            Runtime.getRuntime().addShutdownHook(new Thread(guest::stop, "lab-stop"));
            String self = Long.toString(ProcessHandle.current().pid());
            outputOf(List.of(root.resolve("lab/boot").toString(), "--with-pid", self, guest.run.toString()));
            return guest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A machine of one's own, to be {@linkplain #stop stopped} by whoever asks. */
    static LabGuest own() {
        return boot();
    }

    /** Takes its power away: nothing is flushed, no process ends in order. */
    void cutPower() {
        try {
            long pid = Long.parseLong(Files.readString(run.resolve("pid")).strip());
            ProcessHandle machine = ProcessHandle.of(pid).orElseThrow();
            machine.destroyForcibly();
            machine.onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Boots it again after a power cut, with its pools as they were. Everything else in it is gone. */
    void bootAgain() {
        String self = Long.toString(ProcessHandle.current().pid());
        outputOf(List.of(root.resolve("lab/boot").toString(), "--keep", "--with-pid", self, run.toString()));
    }

    /** Ends the machine, and removes its disks. */
    void stop() {
        if (!Files.exists(run)) {
            return;
        }
        outputOf(List.of(root.resolve("lab/stop").toString(), run.toString()));
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path repositoryRoot() {
        String configured = System.getProperty("zlineage.root");
        if (configured != null) {
            return Path.of(configured).toAbsolutePath();
        }
        for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            if (Files.isExecutable(p.resolve("lab/boot"))) {
                return p;
            }
        }
        throw new IllegalStateException(
                "lab/boot is in no folder above " + Path.of("").toAbsolutePath());
    }

    /** stderr goes to a file: a pipe that nobody reads would stop the program. */
    private static String outputOf(List<String> command) {
        try {
            Path errors = Files.createTempFile("lab", ".err");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectError(errors.toFile())
                        .start();
                process.getOutputStream().close();
                try (InputStream stdout = process.getInputStream()) {
                    String output = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
                    int exit = process.waitFor();
                    if (exit != 0) {
                        throw new IllegalStateException("exit " + exit + " of " + command + "\n" + output
                                + Files.readString(errors, StandardCharsets.UTF_8));
                    }
                    return output;
                } finally {
                    process.destroyForcibly();
                }
            } finally {
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + command, e);
        }
    }

    private static final class Holder {
        static final LabGuest GUEST = boot();
    }
}
