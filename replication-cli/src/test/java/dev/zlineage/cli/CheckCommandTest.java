// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.testkit.FakeZfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {

    private static final String GOOD = """
            replication-tasks:
              nightly:
                direction: push
                transport: {type: local}
                source-dataset: tank/data
                target-dataset: backup/data
                also-include-naming-schema: auto-%Y-%m-%d_%H-%M
                auto: true
                schedule: {hour: "2"}
                retention-policy: none
            """;

    private final Screen screen =
            new Screen(FakeZfs.builder().pool("tank", 1 << 20).build());

    @TempDir
    private Path folder;

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("definition.yaml"), text).toString();
    }

    @Test
    void aGoodFile() throws IOException {
        Screen.Shown shown = screen.zlineage("check", file(GOOD));

        assertThat(shown.err()).isEmpty();
        assertThat(shown.out()).isEqualTo("0 periodic snapshot tasks, 1 replication task: nothing is wrong\n");
        assertThat(shown.exit()).isZero();
    }

    @Test
    void aBadFileWithThePlacesOfItsMistakes() throws IOException {
        String file = file(
                GOOD.replace("direction: push", "direction: up").replace("auto: true", "auto: true\n    mount: yes"));
        Screen.Shown shown = screen.zlineage("check", file);

        assertThat(shown.exit()).isEqualTo(ExitCode.INVALID_DEFINITION);
        assertThat(shown.out().lines().toList())
                .startsWith(
                        file + ":3:16: replication-tasks.nightly.direction: 'up' is none of push, pull",
                        file + ":9:12: replication-tasks.nightly.mount: 'yes': it has to be true or false")
                .last()
                .isEqualTo("0 periodic snapshot tasks, 1 replication task: 2 mistakes");
    }

    @Test
    void asJson() throws IOException {
        Screen.Shown shown = screen.zlineage("check", "--json", file(GOOD.replace("none", "maybe")));

        assertThat(shown.exit()).isEqualTo(ExitCode.INVALID_DEFINITION);
        assertThat(shown.out())
                .contains(
                        "\"format\": \"zlineage.check/1\"",
                        "\"line\": 10",
                        "replication-tasks.nightly.retention-policy");
    }

    @Test
    void aFileThatIsNotThere() {
        Screen.Shown shown =
                screen.zlineage("check", folder.resolve("none.yaml").toString());

        assertThat(shown.exit()).isEqualTo(ExitCode.BAD_REQUEST);
        assertThat(shown.err()).contains("none.yaml' can't be read");
    }
}
