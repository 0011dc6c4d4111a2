// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.memory.Memory;
import dev.zlineage.core.memory.ObservationStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A memory as files, one a request and pair of hosts, for their user alone. A file that can't be read or written is none: what it
 * would have told is found out again.
 */
final class DirectoryStore implements ObservationStore {

    private static final long MOST_BYTES = 256L << 20;

    /** Some audits, each of which writes anew what is used. */
    private static final Duration FORGOTTEN = Memory.AUDIT.multipliedBy(30);

    private final Path directory;

    private DirectoryStore(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens one; where the directory is not there, it is made.
     *
     * @throws IOException if it can't be, or nothing can be written there
     */
    static DirectoryStore open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.delete(Files.createTempFile(directory, "try", ".new"));
        forgetOld(directory);
        return new DirectoryStore(directory);
    }

    /** What no run has written for so long is about tasks that were changed or are gone, or was left by a process that died. */
    private static void forgetOld(Path directory) throws IOException {
        Instant before = Instant.now().minus(FORGOTTEN);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(DirectoryStore::isOurs).toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static boolean isOurs(Path file) {
        return file.getFileName().toString().matches("[0-9a-f]{32}([0-9]+\\.new)?");
    }

    @Override
    public Optional<String> read(String key) {
        Path file = directory.resolve(key);
        try {
            return Files.size(file) > MOST_BYTES ? Optional.empty() : Optional.of(Files.readString(file));
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Whole or not at all: another reader finds the file before or the file after. */
    @Override
    public void write(String key, String text) {
        try {
            Path fresh = Files.createTempFile(directory, key, ".new");
            try {
                Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
                Files.move(
                        fresh,
                        directory.resolve(key),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            // the disk is full, say: then the next run looks at everything
        }
    }
}
