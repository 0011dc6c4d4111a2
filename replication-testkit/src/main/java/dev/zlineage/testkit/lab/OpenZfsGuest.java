// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.lab;

import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.testkit.lab.script.LabScripts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A machine with real OpenZFS that runs, wherever it does, and all ways to it from here. Bash, OpenSSH's client, {@code flock} and GNU's
 * coreutils have to be there.
 */
public interface OpenZfsGuest {

    /**
     * Where the programs that lead to it lie, and the configuration of ssh.
     *
     * @return a folder of this machine
     */
    Path folder();

    /**
     * The machine as a host: commands by a shell that stays in it, streams by programs that are started there.
     *
     * @return a port, which is closed by whoever asked
     */
    default Zfs zfs() {
        GuestShell shell = shell();
        return new CommandZfs(new GuestCommandRunner(shell, List.of(forwarder().toString()), shell::close));
    }

    /**
     * A program of this machine that behaves like the guest's {@code zfs}: arguments, streams and exit code are passed through.
     *
     * @return its path, as for {@code LocalOptions.withZfsProgram}
     */
    default Path zfsProgram() {
        return folder().resolve("bin/zfs");
    }

    /**
     * What runs a program of the guest as if it were one of this host.
     *
     * @return its path; the program of the guest and its arguments follow
     */
    default Path forwarder() {
        return folder().resolve("bin/lab-exec");
    }

    /**
     * A program of this machine that behaves like the guest's {@code zpool}.
     *
     * @return its path
     */
    default Path zpoolProgram() {
        return folder().resolve("bin/zpool");
    }

    /**
     * The configuration with which {@code ssh -F} reaches the guest as host {@code lab}.
     *
     * @return its path
     */
    default Path sshConfig() {
        return folder().resolve("ssh_config");
    }

    /**
     * The host that forwards to the guest's sshd.
     *
     * @return its name or address
     */
    default String sshHost() {
        return knownHost()[0].replaceFirst("^\\[(.*)]:\\d+$", "$1");
    }

    /**
     * The port by which the guest's sshd is reached.
     *
     * @return a port of {@link #sshHost}
     */
    default int sshPort() {
        return Integer.parseInt(knownHost()[0].replaceFirst("^\\[.*]:", ""));
    }

    /**
     * The guest's host key.
     *
     * @return its type and the base64 text
     */
    default String hostKey() {
        return knownHost()[1] + " " + knownHost()[2];
    }

    /**
     * The private key that opens {@code root} and {@code nasadmin}, who may use sudo without a password.
     *
     * @return its path
     */
    default Path sshKey() {
        return folder().resolve("id_ed25519");
    }

    private String[] knownHost() {
        try {
            return Files.readString(folder().resolve("known_hosts")).strip().split(" ");
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
    default String sh(String script, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(folder().resolve("bin/lab-sh").toString(), "set -euo pipefail\n" + script));
        command.addAll(Arrays.asList(arguments));
        return LabScripts.outputOf(command);
    }

    /**
     * A shell in the guest that stays, for many short commands.
     *
     * @return a new one, which is closed by whoever asked
     */
    default GuestShell shell() {
        return new GuestShell(List.of(folder().resolve("bin/lab-sh").toString()));
    }

    /**
     * Copies a file or a folder with all that is in it.
     *
     * @param source what to copy
     * @param targetFolder an existing folder of the guest
     */
    default void copyIn(Path source, String targetFolder) {
        LabScripts.outputOf(
                List.of("scp", "-q", "-r", "-F", sshConfig().toString(), source.toString(), "lab:" + targetFolder));
    }

    /**
     * Copies a file or a folder to a new folder of the guest.
     *
     * @param source what to copy
     * @return where it lies there
     */
    default String copyIn(Path source) {
        String folder = sh("mktemp -d /root/in.XXXXXX").strip();
        copyIn(source, folder);
        return folder + "/" + source.toAbsolutePath().normalize().getFileName();
    }
}
