// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.tick.TaskRequests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers what somebody asks who sets a replication up. */
@Command(
        name = "survey",
        header =
                "Tells what is there to replicate: datasets, snapshots, what only the target has, keys. Changes nothing.",
        customSynopsis = {
            "zlineage survey --source DATASET [--target DATASET] [OPTIONS]",
            "       zlineage survey FILE [--task ID] [OPTIONS]"
        },
        description = {
            "",
            "Of a source: its datasets, how they are encrypted, and how many of their snapshots the options select.",
            "",
            "With a target: the snapshots that it has and its source lacks, by GUID, and which key of the source opens which"
                    + " encryption root of the target. Below a root that was sent raw, each dataset is a root of its own,"
                    + " although one key opens them all.",
            "",
            "Of a definition FILE: the naming schemas that its tasks take, send or receive by, and the same for each of its"
                    + " replication tasks.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  zlineage survey --source tank -r",
            "  zlineage survey --source tank/data -r --schema 'auto-%%Y-%%m-%%d_%%H-%%M'",
            "  zlineage survey --source tank/data --target backup/data -r --json",
            "  zlineage survey definition.yaml --task nightly"
        })
final class SurveyCommand implements Callable<Integer> {

    /** What goes together with a definition file. */
    private static final Set<String> BESIDE = Set.of(
            "--task", "--json", "--verbose", "--zfs", "--sudo", "--remote-zfs", "--ssh-key", "--ssh-passphrase-file");

    private final Environment environment;

    @Spec
    private @Nullable CommandSpec command;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A definition file instead of --source.")
    private @Nullable Path file;

    @Option(names = "--task", paramLabel = "ID", description = "Of a FILE: this replication task alone.")
    private @Nullable String task;

    @Option(names = "--source", paramLabel = "DATASET", description = "What would be sent, such as tank/data.")
    private @Nullable String source;

    @Option(names = "--target", paramLabel = "DATASET", description = "What would receive it; it need not exist.")
    private @Nullable String target;

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    @Mixin
    private HostOptions host = new HostOptions();

    @Mixin
    private RemoteOptions remote = new RemoteOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    SurveyCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        check();
        return file == null ? ofOptions() : ofFile(DefinitionOptions.read(file).definition());
    }

    private int ofOptions() {
        ReplicationRequest.Builder request =
                ReplicationRequest.of(source == null ? "" : source, target == null ? "target" : target);
        selection.apply(request);
        ReplicationRequest wanted = request.build();
        try (RemoteOptions.Sides hosts = remote.open(environment.hosts(), host)) {
            Optional<Zfs> to = target == null ? Optional.empty() : Optional.of(hosts.target());
            print(List.of(), List.of(Surveyed.of(Optional.empty(), wanted, hosts.source(), to)), List.of());
            return ExitCode.OK;
        }
    }

    private int ofFile(Definition definition) {
        List<ReplicationTask> tasks = definition.replicationTasks().stream()
                .filter(each -> task == null || each.id().equals(task))
                .toList();
        if (tasks.isEmpty() && task != null) {
            throw new InvalidRequestException(
                    List.of(new Problem("--task", "there is no replication task '" + task + "'")));
        }
        List<Surveyed> surveys = new ArrayList<>();
        List<Surveyed.Missed> missed = new ArrayList<>();
        try (DefinitionHosts hosts = new DefinitionHosts(environment.hosts(), host, remote.login())) {
            for (ReplicationTask each : tasks) {
                boolean push = each.direction() == Direction.PUSH;
                Zfs there = hosts.there(each.transport());
                Zfs from = push ? hosts.here() : there;
                Zfs to = push ? there : hosts.here();
                for (ReplicationRequest request :
                        TaskRequests.of(each, definition).requests()) {
                    try {
                        surveys.add(Surveyed.of(Optional.of(each.id()), request, from, Optional.of(to)));
                    } catch (ZfsException e) {
                        missed.add(new Surveyed.Missed(each.id(), request.source(), e.failure()));
                    }
                }
            }
        }
        print(definition.namingSchemas(), surveys, missed);
        return missed.isEmpty() ? ExitCode.OK : surveys.isEmpty() ? ExitCode.FAILED : ExitCode.PARTLY_FAILED;
    }

    private void print(Collection<String> schemas, List<Surveyed> surveys, List<Surveyed.Missed> missed) {
        if (output.json()) {
            output.form().print(environment.out(), SurveyJson.of(schemas, surveys, missed));
        } else {
            environment.out().print(SurveyText.of(schemas, surveys, missed));
        }
    }

    private void check() {
        List<Problem> problems = new ArrayList<>();
        if (file != null) {
            List<String> ofOptions = MatchedOptions.of(command).stream()
                    .filter(name -> !BESIDE.contains(name))
                    .toList();
            if (!ofOptions.isEmpty()) {
                problems.add(
                        new Problem(
                                String.join(", ", ofOptions),
                                "does not go with a definition file, whose tasks say what they want; leave out one of the two"));
            }
        } else {
            if (source == null) {
                problems.add(new Problem("--source", "is missing: name a dataset, such as tank/data, or a FILE"));
            }
            if (task != null) {
                problems.add(new Problem("--task", "it is of a definition file: name the FILE"));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(problems);
        }
    }
}
