// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.lab;

import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.testkit.contract.ZfsWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Real OpenZFS in a guest, for what extends {@link dev.zlineage.testkit.contract.ZfsContractTest}. */
public final class OpenZfsWorld implements ZfsWorld {

    /** Where a filesystem is mounted; one that is not is mounted for reading, until the script ends. */
    private static final String AT =
            "at() { findmnt -nro TARGET -S \"$1\" | head -1 | sed 's/\\\\x20/ /g' || true; }\n";

    /** In a damaged copy a name may lead nowhere: find tells it, and reading it fails. */
    private static final String DIGESTS = "cd \"$dir\"; { find . ! -type d -print0 2> /dev/null || true; } | sort -z"
            + " | while read -r -d '' f; do sha256sum \"$f\" 2> /dev/null || echo \"unreadable  $f\"; done; cd /; if [ -n \"$tmp\" ]; then umount \"$tmp\"; rmdir \"$tmp\"; fi\n";

    private final OpenZfsGuest guest;
    private final GuestShell shell;
    private final Zfs zfs;
    private final AtomicInteger sandboxes = new AtomicInteger();

    /** The {@linkplain OpenZfsLab#shared shared} guest. */
    public OpenZfsWorld() {
        this(OpenZfsLab.shared());
    }

    /**
     * Commands by a shell that stays in the guest, streams by programs of this host that are forwarded to it.
     *
     * @param guest the machine, which has no world yet
     */
    public OpenZfsWorld(OpenZfsGuest guest) {
        this(guest, guest.zfs());
    }

    /**
     * The shared guest, reached in another way.
     *
     * @param zfs what is tested
     */
    public OpenZfsWorld(Zfs zfs) {
        this(OpenZfsLab.shared(), zfs);
    }

    private OpenZfsWorld(OpenZfsGuest guest, Zfs zfs) {
        this.guest = guest;
        this.shell = guest.shell();
        this.zfs = zfs;
        createPools();
    }

    /**
     * Pools of its own, on files: to destroy a pool takes a second, whatever is in it. Of the 64 MiB of the third its
     * users get 24, and a reservation takes all but 3 of them.
     */
    private void createPools() {
        sh("""
                for p in here there cramped; do
                  truncate -s $([ $p = cramped ] && echo 64M || echo 1G) /var/tmp/contract-$p
                  zpool create contract-$p /var/tmp/contract-$p
                done
                free=$(zfs list -Hpo available contract-cramped)
                zfs create -o reservation=$((free - 3000000)) -o canmount=off contract-cramped/ballast
                """);
    }

    public void close() {
        sh("for p in here there cramped; do zpool destroy -f contract-$p; rm /var/tmp/contract-$p; done");
        shell.close();
    }

    private String sh(String script, String... arguments) {
        return shell.sh("set -euo pipefail\n" + script, arguments);
    }

    @Override
    public Zfs zfs() {
        return zfs;
    }

    @Override
    public DatasetName sandbox() {
        return filesystem("contract-here");
    }

    @Override
    public DatasetName backupSandbox() {
        return filesystem("contract-there");
    }

    @Override
    public DatasetName crampedSandbox() {
        return filesystem("contract-cramped");
    }

    private DatasetName filesystem(String pool) {
        DatasetName name = DatasetName.of(pool).child("s" + sandboxes.incrementAndGet());
        sh("zfs create \"$1\"", name.value());
        return name;
    }

    /** Done with the pools, since it would cost more than the test. */
    @Override
    public void discard(DatasetName sandbox) {}

    @Override
    public void createEncrypted(DatasetName name, String passphrase) {
        sh(
                "printf %s \"$2\" | zfs create -o encryption=on -o keyformat=passphrase -o keylocation=prompt"
                        + " -o pbkdf2iters=100000 \"$1\"",
                name.value(), passphrase);
    }

    @Override
    public void mount(DatasetName filesystem) {
        sh("zfs mount \"$1\"", filesystem.value());
    }

    @Override
    public void unmount(DatasetName filesystem) {
        sh("zfs unmount \"$1\"", filesystem.value());
    }

    @Override
    public void write(DatasetName filesystem, String file, String text) {
        sh(AT + "printf %s \"$3\" > \"$(at \"$1\")/$2\"; zpool sync \"${1%%/*}\"", filesystem.value(), file, text);
    }

    @Override
    public void fill(DatasetName filesystem, String file, int kibibytes) {
        sh(
                AT + "head -c \"$3\"K /dev/urandom > \"$(at \"$1\")/$2\"; zpool sync \"${1%%/*}\"",
                filesystem.value(),
                file,
                Integer.toString(kibibytes));
    }

    @Override
    public void delete(DatasetName filesystem, String file) {
        sh(AT + "rm \"$(at \"$1\")/$2\"; zpool sync \"${1%%/*}\"", filesystem.value(), file);
    }

    @Override
    public void read(DatasetName filesystem, String file) {
        sh(AT + "cat \"$(at \"$1\")/$2\" > /dev/null; zpool sync \"${1%%/*}\"", filesystem.value(), file);
    }

    @Override
    public Map<String, String> contents(DatasetName filesystem) {
        return digests(
                AT + "dir=$(at \"$1\"); tmp=; if [ -z \"$dir\" ]; then tmp=$(mktemp -d); dir=$tmp;"
                        + " mount -t zfs -o ro,zfsutil \"$1\" \"$tmp\"; fi\n",
                filesystem.value());
    }

    @Override
    public Map<String, String> contents(SnapshotName snapshot) {
        return digests("tmp=$(mktemp -d); dir=$tmp; mount -t zfs -o ro \"$1\" \"$tmp\"\n", snapshot.toString());
    }

    private Map<String, String> digests(String open, String what) {
        Map<String, String> found = new TreeMap<>();
        for (String line : sh(open + DIGESTS, what).lines().toList()) {
            String[] digestAndPath = line.split("  \\./", 2);
            found.put(digestAndPath[1], digestAndPath[0]);
        }
        return found;
    }

    @Override
    public boolean receiveForced(byte[] stream, DatasetName target) {
        List<String> command =
                new ArrayList<>(List.of(guest.zfsProgram().toString(), "receive", "-F", "-u", target.value()));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var input = process.getOutputStream()) {
                input.write(stream);
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0 && !output.startsWith("cannot receive")) {
                throw new IllegalStateException(output);
            }
            return exit == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public CommandOutcome.Exited typed(List<String> arguments) {
        List<String> argv = new ArrayList<>(List.of("zfs"));
        argv.addAll(arguments);
        return shell.run(List.of(GuestShell.command(argv, new byte[0]))).get(0);
    }

    /** The pool lies in a file. It is not imported while that is written to, so that no cache hides it. */
    @Override
    public void damage(DatasetName filesystem, String file) {
        sh(AT + """
                pool=${1%%/*}; disk=/var/tmp/$pool; object=$(stat -c %i "$(at "$1")/$2"); zpool sync "$pool"
                block=$(zdb -ddddd "$1" "$object" | awk '$2 == "L0" { print $3; exit }' | cut -d: -f2)
                zpool export "$pool"
                dd if=/dev/urandom of="$disk" bs=512 count=8 seek=$(((0x$block + 4194304) / 512)) conv=notrunc status=none
                zpool import -d "$disk" "$pool"
                """, filesystem.value(), file);
    }

    @Override
    public void awaitNextSecond() {
        sh("printf -v was '%(%s)T' -1; now=$was;"
                + " while [ $now = $was ]; do sleep 0.02; printf -v now '%(%s)T' -1; done");
    }
}
