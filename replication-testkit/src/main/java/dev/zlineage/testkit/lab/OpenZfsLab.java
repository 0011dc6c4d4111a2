// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.lab;

import dev.zlineage.testkit.lab.script.LabScripts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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
public final class OpenZfsLab implements OpenZfsGuest, AutoCloseable {

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

    @Override
    public Path folder() {
        return run;
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
