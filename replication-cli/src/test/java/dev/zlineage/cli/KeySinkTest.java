// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that keeps the keys of targets. */
class KeySinkTest {

    private static final String KEY = "0123456789abcdef".repeat(4);
    private static final DatasetName DATA = DatasetName.of("tank/data");
    private static final String FILE = """
            replication-tasks:
              vault:
                direction: push
                transport: {type: local}
                source-dataset: tank/data
                target-dataset: backup/data
                recursive: true
                also-include-naming-schema: auto-%Y-%m-%d_%H-%M
                properties: false
                retention-policy: none
                encryption:
                  key: HEX
                  key-format: hex
                  key-location: $TrueNAS
            """.replace("HEX", KEY);

    @TempDir
    private Path folder;

    private final FakeZfs zfs = FakeZfs.builder().host("here").seed(1).build();
    private final Screen screen = new Screen(zfs);

    @BeforeEach
    void source() {
        zfs.execute(new ZfsCommand.CreateFilesystem(DATA, Map.of())).orThrow();
        zfs.execute(new ZfsCommand.TakeSnapshots(List.of(DATA.snapshot("auto-2026-01-01_00-00")), Scope.SELF, Map.of()))
                .orThrow();
    }

    private Path program(String body) throws IOException {
        Path program = Files.writeString(folder.resolve("keep"), "#!/bin/sh\ncd '" + folder + "'\n" + body + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private Screen.Shown run(String text, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("definition.yaml"), text);
        List<String> args = new ArrayList<>(List.of("run", file.toString()));
        args.addAll(List.of(more));
        return screen.zlineage(args.toArray(String[]::new));
    }

    @Test
    void aTaskNamesTheProgramThatKeepsItsKey() throws IOException {
        Path program = program("echo \"$*\" > arguments; cat > kept");
        String named = FILE + "    zlineage: {key-sink: " + program + "}\n";

        Screen.Shown shown = run(named);

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(shown.out() + shown.err()).doesNotContain(KEY);
        assertThat(folder.resolve("arguments")).hasContent("backup/data hex");
        assertThat(Files.readString(folder.resolve("kept"))).isEqualTo(KEY);
        Files.delete(folder.resolve("kept"));
        assertThat(run(named).exit()).isZero();
        assertThat(folder.resolve("kept")).doesNotExist();
    }

    @Test
    void withoutOneTheTaskIsRefusedWithAWayOut() throws IOException {
        Screen.Shown shown = run(FILE);

        assertThat(shown.exit()).isEqualTo(4);
        assertThat(shown.out())
                .contains("replication-tasks.vault.encryption.key-location", "there is no store of keys", "key-sink");
    }

    @Test
    void aProgramThatFailsFailsTheRunAndIsCalledByTheNext() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), KEY + "\n");
        String[] how = {
            "run",
            "--source",
            "tank/data",
            "--target",
            "backup/data",
            "--encryption",
            "hex",
            "--key-file",
            file.toString(),
            "--key-sink",
            program("cat >&2; exit 3").toString()
        };

        Screen.Shown failed = screen.zlineage(how);

        assertThat(failed.exit()).isNotZero();
        assertThat(failed.out())
                .contains("ended with 3: <key>", "way out: see to the program")
                .doesNotContain(KEY);
        program("cat > kept");
        assertThat(screen.zlineage(how).exit()).isZero();
        assertThat(Files.readString(folder.resolve("kept"))).isEqualTo(KEY);
    }

    @Test
    void aProgramThatIsNotThereIsNamed() throws IOException {
        Screen.Shown shown = run(FILE, "--key-sink", folder.resolve("nothing").toString());

        assertThat(shown.exit()).isNotZero();
        assertThat(shown.out()).contains(folder.resolve("nothing") + " could not be run");
    }
}
