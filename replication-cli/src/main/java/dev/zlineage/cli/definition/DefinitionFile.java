// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.TaskTransport;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * A definition file, in the format of zettarepl.
 *
 * @param definition what it says; tasks with mistakes are in it as far as they could be read
 * @param mistakes everything that is wrong with it, in the order of the file
 * @param notes what is read and has no effect here, or another than its name says
 */
public record DefinitionFile(Definition definition, List<Mistake> mistakes, List<String> notes) {

    /** More than anybody writes, less than hurts. */
    private static final int MOST_CHARACTERS = 4 << 20;

    private static final Definition NOTHING =
            new Definition(ZoneId.systemDefault(), Optional.empty(), false, List.of(), List.of());

    /** Copies the lists. */
    public DefinitionFile {
        mistakes = List.copyOf(mistakes);
        notes = List.copyOf(notes);
    }

    /**
     * Reads a definition.
     *
     * @param yaml the text of the file
     * @return what it says, and what is wrong with it
     */
    public static DefinitionFile read(String yaml) {
        Mistakes mistakes = new Mistakes();
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setMaxAliasesForCollections(0)
                .setCodePointLimit(MOST_CHARACTERS)
                .build();
        try {
            Optional<Node> root =
                    new Composer(settings, new ParserImpl(settings, new StreamReader(settings, yaml))).getSingleNode();
            if (root.isPresent()) {
                return read(root.get(), mistakes);
            }
            mistakes.add(Optional.empty(), "", "the file is empty");
        } catch (MarkedYamlEngineException e) {
            mistakes.add(e.getProblemMark(), "", "this is no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            mistakes.add(Optional.empty(), "", "this is no YAML: " + e.getMessage());
        }
        return new DefinitionFile(NOTHING, mistakes.inOrder(), List.of());
    }

    private static DefinitionFile read(Node root, Mistakes mistakes) {
        Notes notes = new Notes();
        Fields fields = Fields.of(root, "", mistakes, Format.FILE);
        ZoneId zone = fields.read("timezone", DefinitionFile::zone).orElse(ZoneId.systemDefault());
        Map<String, TaskTransport> transports = new LinkedHashMap<>();
        fields.fields("transports")
                .ifPresent(all ->
                        all.each().forEach((name, each) -> transports.put(name, TransportFields.read(each, notes))));
        List<PeriodicSnapshotTask> snapshots = new ArrayList<>();
        fields.fields("periodic-snapshot-tasks")
                .ifPresent(all -> all.each().forEach((id, each) -> snapshots.add(TaskFields.snapshots(id, each))));
        List<ReplicationTask> replications = new ArrayList<>();
        fields.fields("replication-tasks")
                .ifPresent(all -> all.each()
                        .forEach((id, each) -> replications.add(TaskFields.replication(id, each, transports, notes))));
        Definition definition = new Definition(
                zone,
                fields.number("max-parallel-replication-tasks").map(Long::intValue),
                fields.flag("use-removal-dates"),
                snapshots,
                replications);
        List<Mistake> read = mistakes.inOrder();
        definition.problems().stream()
                // what could not be read is said once
                .filter(problem ->
                        read.stream().noneMatch(mistake -> mistake.path().equals(problem.path())))
                .forEach(mistakes::add);
        return new DefinitionFile(definition, mistakes.inOrder(), notes.all());
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + name + "' is no time zone, such as Europe/Berlin or UTC", e);
        }
    }
}
