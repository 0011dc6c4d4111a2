// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void theExampleOfTheReadmeIsTheOneThatIsCompiled() throws IOException {
        assertShownIsCompiled("README.md", "", "docs/EmbeddingExample.java");
    }

    /** A tutorial whose code does not compile is worse than none. */
    @Test
    void allCodeOfTheTutorialIsCompiled() throws IOException {
        String compiled = compiled();
        String[] blocks = Files.readString(root().resolve("docs/testing.md")).split("```java\n", -1);
        assertThat(blocks).hasSizeGreaterThan(10);
        for (String block : List.of(blocks).subList(1, blocks.length)) {
            String shown = block.substring(0, block.indexOf("```"));
            assertThat(compiled.contains(plain(shown)))
                    .as("this is in a test of replication-it:%n%s", shown)
                    .isTrue();
        }
    }

    /** All tests of this module. */
    private static String compiled() throws IOException {
        try (Stream<Path> files = Files.walk(root().resolve("replication-it/src/test/java"))) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                all.append(plain(Files.readString(file)));
            }
            return all.toString();
        }
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
