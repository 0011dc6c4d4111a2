// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.DefinitionFile;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.Restore;
import dev.zlineage.scheduler.tick.Tick;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns a replication task around. */
@Command(
        name = "restore",
        header = "Brings back what a replication task has saved. Without --run it shows how, and changes nothing.",
        customSynopsis = "zlineage restore FILE --task ID --target DATASET [--run] [OPTIONS]",
        description = {
            "",
            "The task of the definition FILE is turned around: its targets are the sources, and every option that means the"
                    + " same in the other direction is kept. What was true of the backup alone stays there: its"
                    + " encryption, that it is read-only, retention, values of properties that it was given.",
            "",
            "Name a target that does not exist, and nothing is disturbed: look at what came back, then put it in its place"
                    + " with zfs rename. A target that is there goes on from what both sides have, and is refused where"
                    + " it has something of its own.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  zlineage restore definition.yaml --task vault --target tank/restored",
            "  zlineage restore definition.yaml --task vault --target tank/restored --run"
        })
final class RestoreCommand implements Callable<Integer> {

    private final Environment environment;

    @Parameters(index = "0", paramLabel = "FILE", description = "The definition file that has the task.")
    private @Nullable Path file;

    @Option(
            names = "--task",
            paramLabel = "ID",
            required = true,
            description = "The replication task that saved something, enabled or not.")
    private String task = "";

    @Option(
            names = "--target",
            paramLabel = "DATASET",
            required = true,
            description = "Where to restore to, in the place of the task's sources; several go below it.")
    private String target = "";

    @Option(names = "--run", description = "Carry it out.")
    private boolean run;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print neither plan nor progress, only the result.")
    private boolean quiet;

    @Mixin
    private HostOptions host = new HostOptions();

    @Mixin
    private LoginOptions login = new LoginOptions();

    @Mixin
    private LockOptions locks = new LockOptions();

    @Mixin
    private WaitOption wait = new WaitOption();

    @Mixin
    private OutputOptions output = new OutputOptions();

    RestoreCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        DefinitionFile read = DefinitionOptions.read(file == null ? Path.of("") : file);
        ReplicationTask back = turned(read.definition());
        DefinitionFile with = new DefinitionFile(and(read.definition(), back), List.of(), read.notes());
        Tick tick = Tick.of(with.definition(), environment.clock().instant(), back.id());
        DefinitionRun restore = new DefinitionRun(
                environment,
                Optional.empty(),
                host,
                login,
                output.form(),
                RetentionRequest.DEFAULT_SHARE,
                ObservationStore.NONE,
                run ? locks.of(environment, "zlineage restore --task " + task, wait.time()) : Optional.empty());
        if (run) {
            return restore.run(with, tick, new ApproveOption(), quiet);
        }
        int exit = restore.plan(with, tick);
        if (!output.json()) {
            environment.out().println("nothing was changed; --run carries it out");
        }
        return exit;
    }

    private ReplicationTask turned(Definition definition) {
        ReplicationTask back;
        try {
            back = Restore.of(definition, task, id(definition), target);
        } catch (NoSuchElementException e) {
            List<String> known = definition.replicationTasks().stream()
                    .map(ReplicationTask::id)
                    .toList();
            throw invalid(
                    "--task", e.getMessage() + (known.isEmpty() ? "" : "; there are " + String.join(", ", known)));
        }
        List<Problem> problems = and(definition, back).problems(back).stream()
                .map(problem -> new Problem(
                        problem.path().endsWith(".target-dataset")
                                        || problem.path().contains(".zlineage.targets.")
                                ? "--target"
                                : problem.path(),
                        "'" + problem.value() + "': " + problem.rule() + "; " + problem.wayOut()))
                .toList();
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(problems);
        }
        return back;
    }

    /** One that no task of the file has. */
    private String id(Definition definition) {
        String id = task + "-restore";
        while (taken(definition, id)) {
            id += "'";
        }
        return id;
    }

    private static boolean taken(Definition definition, String id) {
        return Stream.concat(
                        definition.snapshotTasks().stream().map(t -> t.id()),
                        definition.replicationTasks().stream().map(ReplicationTask::id))
                .anyMatch(id::equals);
    }

    private static Definition and(Definition definition, ReplicationTask task) {
        return new Definition(
                definition.zone(),
                definition.mostAtOnce(),
                definition.removalDates(),
                definition.snapshotTasks(),
                Stream.concat(definition.replicationTasks().stream(), Stream.of(task))
                        .toList());
    }

    private static InvalidRequestException invalid(String field, String message) {
        return new InvalidRequestException(List.of(new Problem(field, message)));
    }
}
