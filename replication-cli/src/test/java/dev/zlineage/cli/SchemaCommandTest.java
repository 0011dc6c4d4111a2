// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.cli.definition.DefinitionSchema;
import dev.zlineage.testkit.FakeZfs;
import org.junit.jupiter.api.Test;

class SchemaCommandTest {

    private final Screen screen =
            new Screen(FakeZfs.builder().pool("tank", 1 << 20).build());

    @Test
    void itPrintsTheSchemaAndNothingElse() {
        Screen.Shown shown = screen.zlineage("schema");

        assertThat(shown.exit()).isZero();
        assertThat(shown.err()).isEmpty();
        assertThat(shown.out()).isEqualTo(DefinitionSchema.json() + "\n").startsWith("{\n  \"$schema\": ");
    }

    @Test
    void itTakesNoArguments() {
        Screen.Shown shown = screen.zlineage("schema", "definition.yaml");

        assertThat(shown.exit()).isEqualTo(ExitCode.BAD_REQUEST);
        assertThat(shown.out()).isEmpty();
        assertThat(shown.err()).contains("definition.yaml");
    }
}
