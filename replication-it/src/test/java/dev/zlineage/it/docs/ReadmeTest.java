// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void theExampleOfTheReadmeIsTheOneThatIsCompiled() throws IOException {
        assertShownIsCompiled("README.md", "", "docs/EmbeddingExample.java");
    }

    @Test
    void theExampleOfTheFakeNasIsTheOneThatRuns() throws IOException {
        assertShownIsCompiled("docs/testing.md", "## A NAS that is not there", "ssh/FakeNasReplicationTest.java");
    }

    @Test
    void theFirstTestIsTheOneThatRuns() throws IOException {
        assertShownIsCompiled("docs/testing.md", "## A first test", "docs/FirstTestExampleTest.java");
    }

    /** The first example below a heading. */
    private static void assertShownIsCompiled(String page, String heading, String file) throws IOException {
        String text = Files.readString(root().resolve(page));
        String example = Files.readString(
                root().resolve("replication-it/src/test/java/dev/zlineage/it").resolve(file));

        int from = text.indexOf("```java\n", text.indexOf(heading)) + "```java\n".length();
        String shown = text.substring(from, text.indexOf("```", from));

        assertThat(plain(shown)).isNotBlank();
        assertThat(plain(example)).contains(plain(shown));
    }

    private static String plain(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
