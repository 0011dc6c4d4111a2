// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What neither the compiler nor ArchUnit sees: rules about the text of our sources. */
class SourcesTest {
    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "public (?:(?:final|sealed|non-sealed|abstract|static|strictfp) )*(?:class|interface|@interface|record|enum) .*");

    @Test
    void everyPublicTypeIsDocumented() throws IOException {
        assertThat(violations("src/main", (lines, i) -> {
                    if (!PUBLIC_TYPE.matcher(lines.get(i)).matches()) {
                        return false;
                    }
                    int above = i - 1;
                    // An annotation may go over several lines: climb to the comment, or to what ends a declaration.
                    while (above >= 0
                            && !lines.get(above).isBlank()
                            && !lines.get(above).endsWith("*/")) {
                        above--;
                    }
                    return above < 0 || !lines.get(above).endsWith("*/");
                }))
                .isEmpty();
    }

    @Test
    void coreHasNoSynchronizedBlock() throws IOException {
        assertThat(violations(
                        "replication-core/src/main",
                        (lines, i) -> lines.get(i).matches("\\s*(?!\\*|//).*\\bsynchronized\\s*\\(.*")))
                .isEmpty();
    }

    /** A tier is chosen by the environment; a test that skips itself would look like one that passed. */
    @Test
    void noTestSkipsItself() throws IOException {
        Pattern skips = Pattern.compile(
                "import (?:static )?org\\.(?:junit\\.jupiter\\.api\\.(?:Assumptions|Disabled|condition\\.).*"
                        + "|assertj\\.core\\.api\\.Assumptions.*|opentest4j\\.TestAborted.*);");
        assertThat(violations(
                        "src/test", (lines, i) -> skips.matcher(lines.get(i)).find()))
                .isEmpty();
        assertThat(violations(
                        "replication-testkit/src/main",
                        (lines, i) -> skips.matcher(lines.get(i)).find()))
                .isEmpty();
    }

    @Test
    void noTestSleeps() throws IOException {
        assertThat(violations("src/test", (lines, i) -> lines.get(i).contains("Thread." + "sleep(")))
                .isEmpty();
    }

    @Test
    void everyTestClassHasANameThatIsRun() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources("src/test")) {
            String text = Files.readString(file);
            boolean hasTests = Pattern.compile(
                            "^\\s+@(?:Test|ParameterizedTest|TestFactory|RepeatedTest)\\b", Pattern.MULTILINE)
                    .matcher(text)
                    .find();
            boolean isAbstract = Pattern.compile("^(?:public )?(?:abstract class|interface) ", Pattern.MULTILINE)
                    .matcher(text)
                    .find();
            if (hasTests && !isAbstract && !file.getFileName().toString().endsWith("Test.java")) {
                found.add(file.getFileName().toString());
            }
        }
        assertThat(found).isEmpty();
    }

    private interface Rule {
        boolean isBroken(List<String> lines, int i);
    }

    private static List<String> violations(String folder, Rule rule) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources(folder)) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (rule.isBroken(lines, i)) {
                    found.add(House.root().relativize(file) + ":" + (i + 1) + ": "
                            + lines.get(i).strip());
                }
            }
        }
        return found;
    }

    private static List<Path> sources(String folder) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path module : House.modules()) {
            try (Stream<Path> files = Files.walk(module)) {
                files.filter(f -> f.toString().endsWith(".java"))
                        .filter(f -> ("/" + House.root().relativize(f)).contains("/" + folder + "/"))
                        .filter(f -> !House.root().relativize(f).toString().contains("/target/"))
                        .sorted()
                        .forEach(found::add);
            }
        }
        assertThat(found).as("sources in %s", folder).isNotEmpty();
        return found;
    }
}
