// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationListener;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plans, and carries the plan out. */
@Command(
        name = "run",
        header = "Replicates: plans, sends what is missing, and verifies it by GUID.",
        customSynopsis = {
            "zlineage run --source DATASET --target DATASET [OPTIONS]",
            "       zlineage run FILE [--task ID | --once] [--now TIME] [OPTIONS]"
        },
        description = {
            "",
            "What is there already is not sent again: run it as often as you like. A stream that is cut is carried on where"
                    + " it was cut, by this run or the next.",
            "",
            "Nothing of yours is destroyed, rolled back or overwritten unless --diverged says so. A target that has something"
                    + " of its own is refused, with the reason and a way out, and the other datasets are replicated all the"
                    + " same. The source gets"
                    + " one bookmark a dataset (zl1-...), from which to go on when the snapshot itself is gone; it"
                    + " replaces the one of the run before.",
            "",
            "With a definition FILE, the tasks in it: snapshots are taken, sent, and let go of when their time is over. A"
                    + " task that fails stops no other. From cron: run FILE --once, each minute.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  zlineage run definition.yaml --task nightly",
            "  zlineage run --source tank/data --target backup/data -r --dry-run",
            "  zlineage run --source tank/data --target backup/data -r --snapshot",
            "  zlineage run --source tank/data --target backup/data --matching 'daily-.*'",
            "  zlineage run --source tank/data --target-host backup@nas2 --target pool/data -r --remote-sudo"
        })
final class RunCommand implements Callable<Integer>, Requesting {

    private final Environment environment;

    @Mixin
    private RequestOptions request = new RequestOptions();

    @Option(
            names = {"-n", "--dry-run"},
            description = "Print the plan and stop, as 'plan' does.")
    private boolean dryRun;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print neither plan nor progress, only the result.")
    private boolean quiet;

    @Mixin
    private PatienceOptions patience = new PatienceOptions();

    @Mixin
    private HostOptions host = new HostOptions();

    @Mixin
    private RemoteOptions remote = new RemoteOptions();

    @Mixin
    private DefinitionOptions definition = new DefinitionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    RunCommand(Environment environment) {
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
    public Integer call() throws InterruptedException {
        if (byFile()) {
            DefinitionRun run = new DefinitionRun(
                    environment, definition, request.keySink(environment), host, remote, output.json());
            return dryRun ? run.plan() : run.run(quiet);
        }
        definition.check();
        ReplicationRequest wanted = request();
        try (RemoteOptions.Sides hosts = remote.open(environment.hosts(), host)) {
            Replication between =
                    Replication.between(hosts.source(), hosts.target()).with(patience.patience());
            Replication replication =
                    request.keySink(environment).map(between::with).orElse(between);
            ReplicationPlan plan = replication.plan(wanted);
            if (dryRun) {
                PlanCommand.print(environment, plan, output.json());
                return ExitCode.of(plan);
            }
            if (!quiet && !output.json()) {
                PlanCommand.print(environment, plan, false);
            }
            // Closed after the result is out: a signal waits for it.
            try (SignalGuard guard = SignalGuard.install()) {
                ReplicationResult result = replication.run(plan, listener(), guard.cancellation());
                print(plan, result);
                return ExitCode.of(result);
            }
        }
    }

    private ReplicationListener listener() {
        return environment.terminal() && !quiet
                ? new ProgressLine(environment.err(), environment.nanoTime())
                : ReplicationListener.NONE;
    }

    private void print(ReplicationPlan plan, ReplicationResult result) {
        PrintWriter out = environment.out();
        if (output.json()) {
            out.println("{\n  \"format\": \"zlineage.run/1\",\n  \"plan\": " + nested(plan.toJson())
                    + ",\n  \"result\": " + nested(result.toJson()) + "\n}");
            return;
        }
        if (!quiet) {
            out.println();
        }
        out.print(result);
        Advice.on(result).forEach(a -> out.println("  way out: " + a));
        out.flush();
    }

    /** One level deeper. No text in JSON holds a line break as such. */
    private static String nested(String json) {
        return json.replace("\n", "\n  ");
    }
}
