// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.zlineage.core.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class DefinitionSchemaTest {

    private static final Path DOCS = Path.of("..", "docs");

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(DefinitionSchema.json(), InputFormat.JSON);

    /** What the reader says of the structure; the rest is about contents, or several fields. */
    private static final Pattern OF_STRUCTURE =
            Pattern.compile("it has to be (a text|true or false|a whole number|between|fields)"
                    + "|there is no such field|it is missing\\.|is none of (?!the transports)");

    @Test
    void theFileInTheDocsIsTheOneThatIsPrinted() throws IOException {
        assertThat(Files.readString(DOCS.resolve("definition.schema.json")))
                .as("renew it: ./zlineage schema > docs/definition.schema.json")
                .isEqualTo(DefinitionSchema.json() + "\n");
    }

    @Test
    void itIsASchema() {
        Schema ofSchemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema("{\"$ref\": \"https://json-schema.org/draft/2020-12/schema\"}", InputFormat.JSON);

        assertThat(ofSchemas.validate(DefinitionSchema.json(), InputFormat.JSON))
                .isEmpty();
    }

    static Stream<String> goodFiles() throws IOException {
        List<String> good = new ArrayList<>(List.of(
                DefinitionFileTest.WHOLE, "transports:\nreplication-tasks: {}\nuse-removal-dates: # some day\n"));
        try (Stream<Path> pages = Files.list(DOCS)) {
            for (Path page : pages.filter(f -> f.toString().endsWith(".md")).toList()) {
                Pattern.compile("(?s)```yaml\n(.*?)```")
                        .matcher(Files.readString(page))
                        .results()
                        .map(block -> block.group(1))
                        .forEach(good::add);
            }
        }
        assertThat(good).hasSizeGreaterThan(2);
        return good.stream();
    }

    @ParameterizedTest
    @MethodSource("goodFiles")
    void goodFilesAreValid(String yaml) {
        assertThat(DefinitionFile.read(yaml).mistakes()).isEmpty();
        assertThat(errors(json(yaml))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "direction: push->direction: sideways",
                "recursive: true->recursive: perhaps",
                "type: ssh->type: telnet",
                "      type: local->      type: local\n      port: 22",
                "hostname:->host-name:",
                "    port: 2222->    port: 70000",
                "retries: 3->retries: many",
                "retries: 3->retires: 3",
                "exclude: [tank/data/tmp]->exclude: {tank/data/tmp: true}",
                "retention-policy: none->enabled: true",
                "compression: lz4->compression: [lz4]",
                "key-format: hex->key-format: raw",
                "encryption: inherit->encryption: none",
                "timezone: Europe/Berlin->timezone: true",
                "day-of-week: mon-fri->weekday: mon-fri",
                "max-parallel-replication-tasks: 8->max-parallel-replication-tasks: 0",
                "{08:00-18:00: 10M, ->{08:00-18:00: , ",
                "{compression: zstd, ->{compression: , "
            })
    void whatIsWrongWithTheStructureIsRefused(String change) {
        String[] words = change.split("->", -1);
        assertThat(DefinitionFileTest.WHOLE).contains(words[0]);
        String yaml = DefinitionFileTest.WHOLE.replaceFirst(Pattern.quote(words[0]), words[1]);

        assertThat(DefinitionFile.read(yaml).mistakes()).isNotEmpty();
        assertThat(errors(json(yaml))).isNotEmpty();
    }

    static Stream<Variation> variations() {
        return Variation.all(Format.FILE);
    }

    /** Each field that the format declares, with values of all kinds: the reader and the schema take and refuse the same. */
    @ParameterizedTest
    @MethodSource("variations")
    void theReaderAndTheSchemaAgree(Variation variation) {
        for (Map.Entry<String, String> each : variation.documents().entrySet()) {
            List<String> read = DefinitionFile.read(each.getValue()).mistakes().stream()
                    .filter(mistake -> mistake.path().startsWith(variation.path()))
                    .map(Mistake::message)
                    .filter(OF_STRUCTURE.asPredicate())
                    .toList();
            List<String> errors = errors(each.getValue());
            assertThat(errors.isEmpty())
                    .as("%s: the reader says %s, the schema %s", each.getKey(), read, errors)
                    .isEqualTo(read.isEmpty());
        }
    }

    @Test
    void everyFormIsVaried() {
        assertThat(variations().map(Variation::path))
                .hasSizeGreaterThan(100)
                .contains("timezone", "transports.some.host-key", "replication-tasks.some.lifetimes.some.schedule.end");
    }

    @Test
    void secretsAreMarked() {
        String[] blocks = DefinitionSchema.json().split("\"writeOnly\": true", -1);

        assertThat(Stream.of(blocks)
                        .limit(blocks.length - 1)
                        .map(before -> Pattern.compile("\"([a-z-]+)\": \\{")
                                .matcher(before)
                                .results()
                                .map(MatchResult::group)
                                .reduce("", (one, later) -> later)))
                .containsExactly("\"key\": {", "\"private-key\": {", "\"private-key\": {");
    }

    private static List<String> errors(String json) {
        return SCHEMA.validate(json, InputFormat.JSON).stream()
                .map(Error::toString)
                .toList();
    }

    private static String json(String yaml) {
        JsonWriter out = new JsonWriter(false);
        write(new Load(LoadSettings.builder().build()).loadFromString(yaml), out);
        return out.toString();
    }

    private static void write(Object value, JsonWriter out) {
        if (value instanceof Map<?, ?> map) {
            out.object();
            map.forEach((name, each) -> write(each, out.name(name.toString())));
            out.endObject();
        } else if (value instanceof List<?> list) {
            out.array();
            list.forEach(each -> write(each, out));
            out.endArray();
        } else if (value instanceof String text) {
            out.value(text);
        } else {
            out.json(String.valueOf(value));
        }
    }
}
