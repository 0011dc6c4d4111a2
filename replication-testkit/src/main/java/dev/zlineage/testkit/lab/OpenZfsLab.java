// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.lab;

import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.zfs.Zfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A machine with real OpenZFS and the pools {@code tank} and {@code backup}, emulated by QEMU.
 *
 * <pre>{@code
 * try (OpenZfsLab lab = OpenZfsLab.boot();
 *         Zfs zfs = lab.zfs()) {
 *     zfs.execute(new ZfsCommand.CreateFilesystem(DatasetName.of("tank/data"), Map.of())).orThrow();
 * }
 * }</pre>
 *
 * <p>Its image is built by the first who asks, in some minutes, as root of a Debian machine with a way to Debian's packages; it
 * lies in {@code $ZLINEAGE_LAB}, or {@code zlineage-lab} in the user's cache, and serves all later ones. A boot takes some ten
 * seconds, a command a tenth of one: a test that need not see real OpenZFS is better off with a fake. QEMU
 * ({@code qemu-system-x86}), OpenSSH's client and bash have to be there. {@code ZLINEAGE_LAB_ZFS=2.1} chooses OpenZFS 2.1 in
 * place of 2.3.
 *
 * <p>A machine ends with its JVM, if nobody closes it before. Safe for use by several threads.
 */
public final class OpenZfsLab implements AutoCloseable {

    private static final Lock SHARING = new ReentrantLock();
    private static @Nullable OpenZfsLab shared;

    private final LabScripts scripts;
    private final Path run;

    private OpenZfsLab(LabScripts scripts, Path run) {
        this.scripts = scripts;
        this.run = run;
    }

    /**
     * The machine that all tests of this JVM share, each with datasets of its own. The first who asks boots it.
     *
     * @return the machine, which nobody has to close
     * @throws IllegalStateException if it does not boot, with what was printed
     */
    public static OpenZfsLab shared() {
        SHARING.lock();
        try {
            OpenZfsLab lab = shared == null ? boot() : shared;
            shared = lab;
            return lab;
        } finally {
            SHARING.unlock();
        }
    }

    /**
     * Boots a machine of one's own.
     *
     * @return the machine
     * @throws IllegalStateException if it does not boot, with what was printed
     */
    public static OpenZfsLab boot() {
        LabScripts scripts = LabScripts.unpacked();
        scripts.run("build");
        OpenZfsLab lab = new OpenZfsLab(scripts, scripts.newRun());
        // Before the boot: a JVM that is told to end while it waits for the machine ends the machine too.
        Runtime.getRuntime().addShutdownHook(new Thread(lab::close, "lab-stop"));
        scripts.run("boot", "--with-pid", self(), lab.run.toString());
        return lab;
    }

    private static String self() {
        return Long.toString(ProcessHandle.current().pid());
    }

    /**
     * The machine as a host: commands by a shell that stays in it, streams by programs that are started there.
     *
     * @return a port, which is closed by whoever asked
     */
    public Zfs zfs() {
        GuestShell shell = shell();
        return new CommandZfs(new GuestCommandRunner(shell, List.of(forwarder().toString()), shell::close));
    }

    /**
     * A program of this machine that behaves like the guest's {@code zfs}: arguments, streams and exit code are passed through.
     *
     * @return its path, as for {@code LocalOptions.withZfsProgram}
     */
    public Path zfsProgram() {
        return run.resolve("bin/zfs");
    }

    /**
     * What runs a program of the guest as if it were one of this host.
     *
     * @return its path; the program of the guest and its arguments follow
     */
    public Path forwarder() {
        return run.resolve("bin/lab-exec");
    }

    /**
     * A program of this machine that behaves like the guest's {@code zpool}.
     *
     * @return its path
     */
    public Path zpoolProgram() {
        return run.resolve("bin/zpool");
    }

    /**
     * The configuration with which {@code ssh -F} reaches the guest as host {@code lab}.
     *
     * @return its path
     */
    public Path sshConfig() {
        return run.resolve("ssh_config");
    }

    /**
     * The port by which the guest's sshd is reached.
     *
     * @return a port of {@code 127.0.0.1}
     */
    public int sshPort() {
        return Integer.parseInt(knownHost()[0].replaceFirst("^\\[127\\.0\\.0\\.1]:", ""));
    }

    /**
     * The guest's host key.
     *
     * @return its type and the base64 text
     */
    public String hostKey() {
        return knownHost()[1] + " " + knownHost()[2];
    }

    /**
     * The private key that opens {@code root} and {@code nasadmin}, who may use sudo without a password.
     *
     * @return its path
     */
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
     * Runs a bash script in the guest, as root, ended by its first failing command.
     *
     * @param script the script
     * @param arguments what arrives in it as {@code $1} and on
     * @return what it printed
     * @throws IllegalStateException with its stderr, when it exits with another code than 0
     */
    public String sh(String script, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(run.resolve("bin/lab-sh").toString(), "set -euo pipefail\n" + script));
        command.addAll(Arrays.asList(arguments));
        return LabScripts.outputOf(command);
    }

    /**
     * A shell in the guest that stays, for many short commands.
     *
     * @return a new one, which is closed by whoever asked
     */
    public GuestShell shell() {
        return new GuestShell(List.of(run.resolve("bin/lab-sh").toString()));
    }

    /**
     * Copies a file or a folder with all that is in it.
     *
     * @param source what to copy
     * @param targetFolder an existing folder of the guest
     */
    public void copyIn(Path source, String targetFolder) {
        LabScripts.outputOf(
                List.of("scp", "-q", "-r", "-F", sshConfig().toString(), source.toString(), "lab:" + targetFolder));
    }

    /**
     * Copies a file or a folder to a new folder of the guest.
     *
     * @param source what to copy
     * @return where it lies there
     */
    public String copyIn(Path source) {
        String folder = sh("mktemp -d /root/in.XXXXXX").strip();
        copyIn(source, folder);
        return folder + "/" + source.toAbsolutePath().normalize().getFileName();
    }

    /** Takes its power away: nothing is flushed, no process ends in order. */
    public void cutPower() {
        try {
            long pid = Long.parseLong(Files.readString(run.resolve("pid")).strip());
            ProcessHandle machine = ProcessHandle.of(pid).orElseThrow();
            machine.destroyForcibly();
            machine.onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Boots it again after a power cut, with its pools as they were. Everything else in it is gone.
     *
     * @throws IllegalStateException if it does not boot, with what was printed
     */
    public void bootAgain() {
        scripts.run("boot", "--keep", "--with-pid", self(), run.toString());
    }

    /** Ends the machine, and removes its disks. */
    @Override
    public void close() {
        if (!Files.exists(run)) {
            return;
        }
        scripts.run("stop", run.toString());
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
