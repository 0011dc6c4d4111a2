// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.DefinitionFile;
import dev.zlineage.core.Replication;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.plan.Approval;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.select.ReplicationRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what a run would do. */
@Command(
        name = "plan",
        header = "Shows what 'run' would do, and why. Changes nothing.",
        customSynopsis = {
            "zlineage plan --source DATASET --target DATASET [OPTIONS]",
            "       zlineage plan FILE [--task ID | --once] [--now TIME] [OPTIONS]"
        },
        description = {
            "",
            "For each dataset the plan says whether it is sent, in full or by an increment and from which base, is up to"
                    + " date, or is refused, and then what you can do about it.",
            "",
            "With a definition FILE, the same for each task in it, as both sides stand now, and which snapshots would be"
                    + " taken and let go.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  zlineage plan definition.yaml --once --now 2026-03-29T03:00",
            "  zlineage plan --source tank/data --target backup/data -r",
            "  zlineage plan --source tank/data --target backup/data -r --json",
            "  zlineage plan --source tank/data --target-host backup@nas2 --target pool/data -r"
        })
final class PlanCommand implements Callable<Integer>, Requesting {

    private final Environment environment;

    @Mixin
    private RequestOptions request = new RequestOptions();

    @Mixin
    private HostOptions host = new HostOptions();

    @Mixin
    private RemoteOptions remote = new RemoteOptions();

    @Mixin
    private MemoryOption memory = new MemoryOption();

    @Mixin
    private DefinitionOptions definition = new DefinitionOptions();

    @Option(
            names = "--explain",
            description =
                    "Tell of each snapshot of the source whether it is sent, is there already or is left out, and why."
                            + " JSON always tells it.")
    private boolean explain;

    @Option(
            names = "--estimate",
            description =
                    "Ask the source beforehand how much there is to send, all in all. With many snapshots that takes"
                            + " a while.")
    private boolean estimate;

    @Mixin
    private OutputOptions output = new OutputOptions();

    PlanCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean byFile() {
        return definition.given();
    }

    @Override
    public ReplicationRequest request() {
        return request.request(environment.clock(), remote.oneHost());
    }

    @Override
    public Integer call() {
        if (byFile()) {
            DefinitionFile file = definition.read();
            return new DefinitionRun(
                            environment,
                            request.keySink(environment),
                            host,
                            remote.login(),
                            output.form(),
                            definition.share(),
                            memory.store(),
                            Optional.empty())
                    .plan(file, definition.tick(file.definition(), environment.clock()));
        }
        definition.check();
        ReplicationRequest wanted = request();
        try (RemoteOptions.Sides hosts = remote.open(environment.hosts(), host)) {
            // who wants to know of each snapshot wants all of them to be looked at
            Replication between = Replication.between(hosts.source(), hosts.target())
                    .remembering(explain ? ObservationStore.NONE : memory.store());
            Replication replication =
                    request.keySink(environment).map(between::with).orElse(between);
            ReplicationPlan seen = replication.plan(wanted);
            ReplicationPlan plan = estimate ? replication.estimate(seen) : seen;
            if (explain && !output.json()) {
                environment.out().print(plan.explained());
                hint(environment, plan);
            } else {
                preview(environment, plan, output.form());
            }
            return ExitCode.of(plan);
        }
    }

    /** Prints a plan that is not carried out now. */
    static void preview(Environment environment, ReplicationPlan plan, OutputForm form) {
        print(environment, plan, form);
        if (!form.json()) {
            hint(environment, plan);
        }
    }

    private static void hint(Environment environment, ReplicationPlan plan) {
        environment.out().print(ApproveOption.hint(Approval.of(List.of(plan))));
        environment.out().flush();
    }

    static void print(Environment environment, ReplicationPlan plan, OutputForm form) {
        if (form.json()) {
            form.print(environment.out(), plan.toJson());
        } else {
            environment.out().print(plan);
            environment.out().flush();
        }
    }
}
