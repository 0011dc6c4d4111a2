// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.ProcessSink;
import dev.zlineage.core.transport.ProcessSource;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.testkit.lab.GuestCommandRunner;
import dev.zlineage.testkit.lab.GuestShell;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Places for programs on real OpenZFS: filesystems of two pools on files in memory, made anew now and then. */
final class LabSide implements Host {

    /** So many programs leave what they made in the same pools. */
    private static final int PROGRAMS = 10;

    private static final String POOLS = """
            mkdir -p /run/at
            for p in diff-here diff-there; do
              if zpool list $p > /dev/null 2>&1; then zpool destroy -f $p; fi
              rm -f /var/tmp/$p; truncate -s 2G /var/tmp/$p
              zpool create $p /var/tmp/$p
            done
            """;

    /** Apart from where it is mounted, if it is: mounts are in each other's way. */
    private static final String AT = """
            set -e; mount -t zfs "$1" /run/at; trap 'umount /run/at' EXIT
            """;

    /** A line for each file; their names hold nothing odd. */
    private static final String DIGESTS = """
            set -e
            for snapshot; do
              mount -t zfs -o ro "$snapshot" /run/at; echo "$snapshot"
              (cd /run/at && for f in *; do if [ -e "$f" ]; then sha256sum "$f"; fi; done); umount /run/at
            done
            """;

    private static int made;

    private final GuestShell shell;
    private final Renaming in;
    private final Zfs raw;
    private final Zfs zfs;

    LabSide(GuestShell shell) {
        this.shell = shell;
        if (made % PROGRAMS == 0) {
            shell.sh(POOLS);
        }
        made++;
        DatasetName here = DatasetName.of("diff-here/s" + made);
        DatasetName there = DatasetName.of("diff-there/s" + made);
        shell.sh(
                "zfs create -o volmode=none -o mountpoint=legacy \"$1\" && zfs create -o volmode=none -o mountpoint=legacy \"$2\"",
                here.value(),
                there.value());
        in = new Renaming(Map.of(HERE, here, THERE, there));
        raw = new CommandZfs(new GuestCommandRunner(shell));
        zfs = new Elsewhere(raw, in);
    }

    @Override
    public Zfs zfs() {
        return zfs;
    }

    @Override
    public boolean encrypt(DatasetName name) {
        return worked(
                "printf %s \"$2\" | zfs create -o encryption=on -o keyformat=passphrase -o keylocation=prompt"
                        + " -o pbkdf2iters=100000 \"$1\"",
                name, PASSPHRASE);
    }

    @Override
    public boolean write(DatasetName filesystem, String file, String text) {
        return worked(AT + "printf %s \"$3\" > \"/run/at/$2\"; zpool sync \"${1%%/*}\"", filesystem, file, text);
    }

    @Override
    public boolean fill(DatasetName filesystem, String file, int kibibytes) {
        return worked(
                AT + "head -c \"$3\"K /dev/urandom > \"/run/at/$2\"; zpool sync \"${1%%/*}\"",
                filesystem,
                file,
                Integer.toString(kibibytes));
    }

    @Override
    public boolean delete(DatasetName filesystem, String file) {
        return worked(AT + "rm \"/run/at/$2\"; zpool sync \"${1%%/*}\"", filesystem, file);
    }

    private boolean worked(String script, DatasetName filesystem, String... more) {
        String[] arguments = new String[more.length + 1];
        arguments[0] = in.of(filesystem).value();
        System.arraycopy(more, 0, arguments, 1, more.length);
        return shell.run(List.of(GuestShell.script(script, arguments))).get(0).exitCode() == 0;
    }

    @Override
    public Map<SnapshotName, Map<String, String>> contents(List<SnapshotName> snapshots) {
        Map<SnapshotName, Map<String, String>> found = new LinkedHashMap<>();
        snapshots.forEach(snapshot -> found.put(snapshot, new TreeMap<>()));
        String[] arguments =
                snapshots.stream().map(snapshot -> in.of(snapshot).toString()).toArray(String[]::new);
        Iterator<SnapshotName> next = snapshots.iterator();
        Map<String, String> files = Map.of();
        for (String line : shell.sh(DIGESTS, arguments).lines().toList()) {
            if (line.contains("@")) {
                files = found.getOrDefault(next.next(), files);
            } else {
                String[] digestAndPath = line.split("  ", 2);
                files.put(digestAndPath[1], digestAndPath[0]);
            }
        }
        return found;
    }

    @Override
    public Ends transfer(SendStream stream, ReceiveStream receive, Operation.Cut cut) {
        StreamOffer<StreamSource> from = zfs.send(stream);
        StreamExit sent = send((ProcessSource) from.end());
        StreamOffer<StreamSink> to = zfs.receive(receive);
        return new Ends(from.verdict().apply(sent), to.verdict().apply(receive(((ProcessSink) to.end()).argv(), cut)));
    }

    @Override
    public boolean force(SendStream stream, DatasetName target) {
        send((ProcessSource) zfs.send(stream).end());
        return receive(List.of("zfs", "receive", "-F", "-u", in.of(target).value()), Operation.Cut.WHOLE)
                        .code()
                == 0;
    }

    @Override
    public boolean typed(List<String> arguments) {
        List<String> argv = new ArrayList<>(List.of("zfs"));
        argv.addAll(in.of(arguments));
        return run("\"$@\"", argv).exitCode() == 0;
    }

    private StreamExit send(ProcessSource source) {
        Exited exited = run("\"$@\" > /run/stream", source.argv());
        String told = exited.stderr()
                .lines()
                .filter(line -> source.report().apply(line).isEmpty())
                .collect(Collectors.joining("\n"));
        return new StreamExit(exited.exitCode(), told);
    }

    private StreamExit receive(List<String> argv, Operation.Cut cut) {
        Exited exited = cut == Operation.Cut.WHOLE
                ? run("\"$@\" < /run/stream", argv)
                : run("head -c " + cut.of(length()) + " /run/stream | \"$@\"", argv);
        return new StreamExit(exited.exitCode(), exited.stderr());
    }

    private long length() {
        return Long.parseLong(shell.sh("stat -c %s /run/stream").strip());
    }

    private Exited run(String script, List<String> argv) {
        return shell.run(List.of(GuestShell.script(script, argv.toArray(new String[0]))))
                .get(0);
    }
}
