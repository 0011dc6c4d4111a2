// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder with the programs that only a {@link FakeNas} has: {@code zfs}, {@code id}, and a {@code sudo} that asks nothing. */
final class NasPrograms implements AutoCloseable {

    /**
     * Hands arguments and streams to the JVM, and prints what comes back. bash, because it can open a connection by itself;
     * in the dialect of its version 3, which macOS has.
     */
    private static final String ZFS = """
            #!/usr/bin/env bash
            door=/dev/tcp/127.0.0.1/$ZLINEAGE_NAS_PORT
            field() { IFS= read -r -d '' "$1" <&3; }
            exec 3<>"$door" || exit 69
            printf '%s\\0' "$ZLINEAGE_NAS_KEY" zfs "$ZLINEAGE_NAS_SESSION" "$#" "$@" >&3
            field kind
            field id
            case $kind in
            sink)
              exec 4<>"$door" 5<&0 || exit 69
              printf '%s\\0' "$ZLINEAGE_NAS_KEY" in "$id" >&4
              cat <&5 >&4 2>/dev/null 3>&- &
              feeder=$!
              exec 4>&- 5<&- </dev/null
              ;;
            source)
              exec 6<>"$door" 7<>"$door" || exit 69
              printf '%s\\0' "$ZLINEAGE_NAS_KEY" out "$id" >&6
              printf '%s\\0' "$ZLINEAGE_NAS_KEY" err "$id" >&7
              cat <&7 >&2 3>&- 6>&- &
              reporter=$!
              exec 7>&-
              cat <&6
              exec 6>&-
              wait "$reporter"
              ;;
            esac
            field out
            field err
            field code
            [ -z "$feeder" ] || kill "$feeder" 2>/dev/null
            printf %s "$out"
            printf %s "$err" >&2
            exit "${code:-70}"
            """;

    private static final String SUDO = """
            #!/bin/sh
            [ "$1" = -n ] && shift
            exec "$@"
            """;

    private static final String ASKING_SUDO = """
            #!/bin/sh
            echo 'sudo: a password is required' >&2
            exit 1
            """;

    private final Path folder;

    /**
     * Makes the folder.
     *
     * @param id what {@code id} prints
     */
    NasPrograms(String id) throws IOException {
        folder = Files.createTempDirectory("fake-nas");
        Files.createDirectory(bin());
        hasZfs(true);
        sudoAsks(false);
        add("id", "#!/bin/sh\necho '" + id + "'\n");
    }

    void sudoAsks(boolean asks) {
        add("sudo", asks ? ASKING_SUDO : SUDO);
    }

    void hasZfs(boolean installed) {
        add("zfs", installed ? ZFS : "");
    }

    /** Puts a program there, or takes it away where there is no script. */
    private void add(String name, String script) {
        Path file = bin().resolve(name);
        try {
            Files.deleteIfExists(file);
            if (!script.isEmpty()) {
                Files.writeString(file, script);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't put " + name + " into " + bin(), e);
        }
    }

    Path folder() {
        return folder;
    }

    Path bin() {
        return folder.resolve("bin");
    }

    static void requireBash() {
        try {
            Process bash = new ProcessBuilder(List.of("bash", "-c", ":")).start();
            bash.getOutputStream().close();
            if (bash.waitFor() == 0) {
                return;
            }
        } catch (IOException e) {
            throw new IllegalStateException("FakeNas needs bash on the PATH, for the zfs program that it offers", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("FakeNas needs bash on the PATH, for the zfs program that it offers");
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't remove " + folder, e);
        }
    }
}
