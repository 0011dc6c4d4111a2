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
        String readme = Files.readString(root().resolve("README.md"));
        String example = Files.readString(
                root().resolve("replication-it/src/test/java/dev/zlineage/it/docs/EmbeddingExample.java"));

        int from = readme.indexOf("```java\n") + "```java\n".length();
        String shown = readme.substring(from, readme.indexOf("```", from));

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
