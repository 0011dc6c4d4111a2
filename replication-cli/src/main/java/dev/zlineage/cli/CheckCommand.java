// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.DefinitionFile;
import dev.zlineage.cli.definition.Mistake;
import dev.zlineage.core.json.JsonWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says what is wrong with a definition file. */
@Command(
        name = "check",
        header = "Reads a definition file and tells everything that is wrong with it. Changes nothing.",
        customSynopsis = "zlineage check [--json] FILE",
        description = {
            "",
            "A definition file says which snapshots are taken and what is replicated, in the format of zettarepl. Every"
                    + " mistake is told at once, with its line and column, the field and the way out: of the file, of each"
                    + " task, and of tasks that do not go together. No host is asked.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  zlineage check definition.yaml", "  zlineage check --json definition.yaml"})
final class CheckCommand implements Callable<Integer> {

    private final Environment environment;

    @Parameters(index = "0", paramLabel = "FILE", description = "The definition file, YAML in UTF-8.")
    private @Nullable Path file;

    @Mixin
    private OutputOptions output = new OutputOptions();

    CheckCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Path path = file == null ? Path.of("") : file;
        DefinitionFile read = DefinitionFile.read(TextFile.read(path));
        if (output.json()) {
            environment.out().println(json(read));
        } else {
            print(path, read);
        }
        return read.mistakes().isEmpty() ? ExitCode.OK : ExitCode.INVALID_DEFINITION;
    }

    private void print(Path path, DefinitionFile read) {
        PrintWriter out = environment.out();
        read.mistakes().forEach(mistake -> out.println(line(path, mistake)));
        read.notes().forEach(note -> out.println("note: " + note));
        int mistakes = read.mistakes().size();
        out.println(count(read.definition().snapshotTasks().size(), "periodic snapshot task") + ", "
                + count(read.definition().replicationTasks().size(), "replication task") + ": "
                + (mistakes == 0 ? "nothing is wrong" : count(mistakes, "mistake")));
        out.flush();
    }

    /** As compilers print such, so that editors find the place. */
    static String line(Path path, Mistake mistake) {
        String place = mistake.line() == 0 ? "" : ":" + mistake.line() + ":" + mistake.column();
        String field = mistake.path().isEmpty() ? "" : mistake.path() + ": ";
        return path + place + ": " + field + mistake.message();
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static JsonWriter json(DefinitionFile read) {
        JsonWriter writer = new JsonWriter(true).object();
        writer.name("format").value("zlineage.check/1");
        writer.name("snapshotTasks").value(read.definition().snapshotTasks().size());
        writer.name("replicationTasks")
                .value(read.definition().replicationTasks().size());
        writer.name("mistakes").array();
        for (Mistake mistake : read.mistakes()) {
            writer.object().name("line").value(mistake.line());
            writer.name("column").value(mistake.column());
            writer.name("field").value(mistake.path());
            writer.name("message").value(mistake.message()).endObject();
        }
        writer.endArray();
        writer.name("notes").array();
        read.notes().forEach(writer::value);
        return writer.endArray().endObject();
    }
}
