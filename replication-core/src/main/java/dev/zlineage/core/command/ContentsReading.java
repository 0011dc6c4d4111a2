// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.mark.VerifyClone;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandLine.Manner;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SnapshotContents;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.VolumePieces;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads a snapshot with the programs of its host: {@code find} and {@code sha256sum} where a filesystem's snapshot was mounted,
 * {@code split} and {@code sha256sum} on the device of a clone where it is a volume's. OpenZFS has no device for a snapshot of a
 * volume unless {@code snapdev} is changed on the volume itself.
 *
 * <p>What is made for the while is taken away by command lines of the same list, which a runner carries out whatever came of those
 * before them.
 */
final class ContentsReading {

    private static final String PRINTED = "%y %m %U %G %s %T@ %P\\0%l\\0";

    private final List<String> zfs;
    private final List<String> prefix;
    private final Programs runner;

    /** Runs programs of the host, one after the other. */
    interface Programs {
        List<CommandOutcome> run(List<CommandLine> lines);
    }

    /**
     * With the programs of a host.
     *
     * @param zfs the program; what stands before its last word stands before the other programs too
     * @param runner runs them
     */
    ContentsReading(List<String> zfs, Programs runner) {
        this.zfs = zfs;
        this.prefix = zfs.subList(0, zfs.size() - 1);
        this.runner = runner;
    }

    /** Something that did not work out; thrown within this class only. */
    private static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient ZfsFailure failure;

        Stopped(ZfsFailure failure) {
            super(failure.text());
            this.failure = failure;
        }
    }

    Answer<SnapshotContents> read(SnapshotName snapshot) {
        try {
            OptionalLong volumeSize = look(snapshot);
            return new Answer.Done<>(
                    volumeSize.isPresent() ? volume(snapshot, volumeSize.getAsLong()) : filesystem(snapshot));
        } catch (Stopped e) {
            return new Answer.Failed<>(e.failure);
        }
    }

    /** The size of a volume; nothing for a filesystem. */
    private OptionalLong look(SnapshotName snapshot) throws Stopped {
        CommandLine line = Argv.of(zfs, "get", "-H", "-p", "-o", "property,value", "volsize,keystatus")
                .add(snapshot.toString())
                .line();
        OptionalLong size = OptionalLong.empty();
        Rows rows = new Rows(run(line).stdout());
        try {
            while (rows.next()) {
                String[] row = rows.columns(2);
                if (row[0].equals("keystatus") && row[1].equals("unavailable")) {
                    throw new Stopped(new ZfsFailure(
                            ZfsFailure.Kind.KEY_NOT_LOADED,
                            "read " + snapshot,
                            "its contents can't be read: the key of " + snapshot.dataset() + " is not loaded"));
                }
                if (row[0].equals("volsize") && !row[1].equals("-")) {
                    size = OptionalLong.of(rows.bytes(row[1]));
                }
            }
        } catch (UnreadableException e) {
            throw new Stopped(Failures.unreadable(line, String.valueOf(e.getMessage())));
        }
        return size;
    }

    private SnapshotContents filesystem(SnapshotName snapshot) throws Stopped {
        String folder = temporary(
                run(program("mktemp", "-d", "-t", VerifyClone.TEMPLATE).line()));
        CommandLine mount = program("mount", "-t", "zfs", "-o", "ro")
                .add(snapshot.toString())
                .add(folder)
                .line();
        CommandLine find =
                program("find", folder, "-xdev", "-printf", PRINTED).line().in(Manner.LONG);
        CommandLine digests = program("find", folder, "-xdev", "-type", "f", "-exec", "sha256sum", "-z", "{}", "+")
                .line()
                .in(Manner.LONG);
        CommandLine unmount = program("umount", folder).line().in(Manner.TIDYING);
        CommandLine remove = program("rmdir", folder).line().in(Manner.TIDYING);
        List<CommandOutcome> outcomes = runner.run(List.of(mount, find, digests, unmount, remove));
        succeeded(mount, outcomes.get(0));
        succeeded(unmount, outcomes.get(3));
        succeeded(remove, outcomes.get(4));
        try {
            return FoundFiles.read(folder, ended(find, outcomes.get(1)), ended(digests, outcomes.get(2)));
        } catch (UnreadableException e) {
            throw new Stopped(Failures.unreadable(digests, String.valueOf(e.getMessage())));
        }
    }

    private SnapshotContents volume(SnapshotName snapshot, long size) throws Stopped {
        String label =
                temporary(run(program("mktemp", "-u", VerifyClone.TEMPLATE).line()));
        DatasetName clone = snapshot.dataset().pool().child(label);
        CommandLine make = Argv.of(zfs, "clone", "-o", "readonly=on", "-o", "volmode=dev")
                .add(snapshot.toString())
                .add(clone.value())
                .line();
        CommandLine destroy = Argv.of(zfs, "destroy", clone.value()).line().in(Manner.TIDYING);
        CommandOutcome made = runner.run(List.of(make)).get(0);
        if (made instanceof CommandOutcome.NotRun) {
            runner.run(List.of(destroy)); // it may be there nevertheless
        }
        succeeded(make, made);
        CommandLine settle = program("udevadm", "settle").line();
        // a filter is run by the shell that SHELL names, which for a service's user may be none
        CommandLine split = program("env", "SHELL=/bin/sh", "split", "-a", "8", "--filter=sha256sum")
                .add("-b")
                .add(Long.toString(VolumePieces.pieceSize(size)))
                .add("/dev/zvol/" + clone)
                .line()
                .in(Manner.LONG);
        List<CommandLine> tidy = List.of(settle.in(Manner.TIDYING), destroy);
        List<CommandLine> all = new ArrayList<>(List.of(settle, split));
        all.addAll(tidy);
        List<CommandOutcome> outcomes = runner.run(all);
        CommandOutcome destroyed = outcomes.get(3);
        if (!(destroyed instanceof CommandOutcome.Exited exited && exited.exitCode() == 0)) {
            // whoever looks at new devices may have had it open
            destroyed = runner.run(tidy).get(1);
        }
        succeeded(destroy, destroyed);
        return pieces(size, split, ended(split, outcomes.get(1)));
    }

    private static VolumePieces pieces(long size, CommandLine split, CommandOutcome.Exited exited) throws Stopped {
        List<String> digests = new ArrayList<>();
        for (String line : exited.stdout().lines().toList()) {
            if (!line.matches("[0-9a-f]{64}  -")) {
                throw new Stopped(Failures.unreadable(split, "no digest: '" + line + "'"));
            }
            digests.add(line.substring(0, 64));
        }
        long piece = VolumePieces.pieceSize(size);
        if (exited.exitCode() != 0) {
            if (!exited.stderr().stripTrailing().endsWith(FoundFiles.DAMAGED)) {
                throw new Stopped(Failures.of(split, exited));
            }
            // the last may be of what could be read of a piece
            List<String> whole = digests.isEmpty() ? digests : digests.subList(0, digests.size() - 1);
            return new VolumePieces(size, whole, OptionalLong.of(whole.size() * piece));
        }
        if (digests.size() != (size + piece - 1) / piece) {
            throw new Stopped(Failures.unreadable(
                    split, digests.size() + " pieces of " + piece + " bytes were read of a volume of " + size));
        }
        return new VolumePieces(size, digests, OptionalLong.empty());
    }

    private static String temporary(CommandOutcome.Exited exited) throws Stopped {
        String name = exited.stdout().stripTrailing();
        if (!name.matches("(/[^\n]*)?" + VerifyClone.PREFIX + "[A-Za-z0-9]{10}")) {
            throw new Stopped(new ZfsFailure(
                    ZfsFailure.Kind.UNREADABLE, "mktemp", "no name of a temporary file: '" + name + "'"));
        }
        return name;
    }

    private CommandOutcome.Exited run(CommandLine line) throws Stopped {
        return succeeded(line, runner.run(List.of(line)).get(0));
    }

    private static CommandOutcome.Exited succeeded(CommandLine line, CommandOutcome outcome) throws Stopped {
        CommandOutcome.Exited exited = ended(line, outcome);
        if (exited.exitCode() != 0) {
            throw new Stopped(Failures.of(line, outcome));
        }
        return exited;
    }

    private static CommandOutcome.Exited ended(CommandLine line, CommandOutcome outcome) throws Stopped {
        if (outcome instanceof CommandOutcome.Exited exited) {
            return exited;
        }
        throw new Stopped(Failures.of(line, outcome));
    }

    private Argv program(String name, String... arguments) {
        return Argv.of(prefix, name).addAll(arguments);
    }
}
