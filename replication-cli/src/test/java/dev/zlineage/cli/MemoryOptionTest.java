// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line keeps between runs, and what it makes of a directory that is of no use. */
class MemoryOptionTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path folder;

    @Test
    void whatWasWrittenLastIsRead() throws IOException {
        ObservationStore store = DirectoryStore.open(folder.resolve("new"));
        assertThat(store.read(KEY)).isEmpty();
        store.write(KEY, "one");
        store.write(KEY, "two");
        assertThat(DirectoryStore.open(folder.resolve("new")).read(KEY)).contains("two");
        assertThat(Files.getPosixFilePermissions(folder.resolve("new").resolve(KEY)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (Stream<Path> files = Files.list(folder.resolve("new"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void whatIsOldIsForgottenAndWhatIsNotOursIsLeft() throws IOException {
        DirectoryStore.open(folder).write(KEY, "kept");
        String other = KEY.replace('0', 'f');
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(40)));
        for (String name : List.of(other, other + "123.new", "notes.txt")) {
            Files.setLastModifiedTime(Files.writeString(folder.resolve(name), "x"), old);
        }

        DirectoryStore.open(folder);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder(KEY, "notes.txt");
        }
    }

    @Test
    void whatCannotBeReadOrWrittenIsNothing() throws IOException {
        ObservationStore store = DirectoryStore.open(folder);
        Files.write(folder.resolve(KEY), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(store.read(KEY)).as("no text").isEmpty();
        Files.delete(folder.resolve(KEY));
        Files.createDirectory(folder.resolve(KEY));
        store.write(KEY, "lost");
        assertThat(store.read(KEY)).isEmpty();
    }

    @Test
    void aPlanLeavesOneFileAndGarbageInItHarmsNothing() throws IOException {
        FakeZfs zfs = FakeZfs.builder().seed(1).build();
        zfs.execute(new ZfsCommand.CreateFilesystem(DATA, Map.of())).orThrow();
        zfs.execute(new ZfsCommand.TakeSnapshots(List.of(DATA.snapshot("one")), Scope.SELF, Map.of()))
                .orThrow();
        String[] run = {
            "run",
            "--source",
            "tank/data",
            "--target",
            "backup/data",
            "--memory",
            folder.resolve("m").toString()
        };
        Screen screen = new Screen(zfs);
        assertThat(screen.zlineage(run).exit()).isZero();
        List<Path> files;
        try (Stream<Path> all = Files.list(folder.resolve("m"))) {
            files = all.toList();
        }
        assertThat(files).hasSize(1);
        Files.writeString(files.get(0), "garbage");
        Screen.Shown again = screen.zlineage(run);
        assertThat(again.exit()).isZero();
        assertThat(again.out()).contains("1 up to date");
        assertThat(Files.readString(files.get(0)))
                .startsWith("zlineage.memory/1\tboot ")
                .contains("\ntank/data\t");
    }

    @Test
    void aDirectoryOfNoUseIsSaid() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Screen.Shown shown = new Screen(FakeZfs.builder().build())
                .zlineage("plan", "--source", "tank/data", "--target", "backup/data", "--memory", file.toString());
        assertThat(shown.exit()).isEqualTo(2);
        assertThat(shown.err()).contains("--memory").contains(file.toString()).contains("name a directory");
    }
}
