// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.DefinitionSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints what editors need to help with definition files. */
@Command(
        name = "schema",
        header = "Prints the JSON Schema of definition files, for editors. Changes nothing.",
        customSynopsis = "zlineage schema",
        description = {
            "",
            "With it, an editor completes fields, shows what they mean and what they are without being given, and marks"
                    + " what no definition file can have. It is JSON Schema, draft 2020-12. An editor that runs"
                    + " yaml-language-server takes it from the first line of a definition file, see below.",
            "",
            "It knows fields, their kinds, words and ranges. 'zlineage check FILE' tells the rest: what concerns several"
                    + " fields, other tasks, names of datasets, schedules.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  zlineage schema > definition.schema.json",
            "      For a definition file in the same folder that begins with the line",
            "      # yaml-language-server: $schema=definition.schema.json"
        })
final class SchemaCommand implements Callable<Integer> {

    private final Environment environment;

    SchemaCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        environment.out().println(DefinitionSchema.json());
        environment.out().flush();
        return ExitCode.OK;
    }
}
