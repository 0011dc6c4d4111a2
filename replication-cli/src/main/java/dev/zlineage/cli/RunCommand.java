// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.DefinitionFile;
import dev.zlineage.core.Replication;
import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.core.plan.Approval;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.run.ReplicationListener;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.scheduler.tick.TargetLocks;
import dev.zlineage.scheduler.tick.TargetTree;
import dev.zlineage.scheduler.tick.Tick;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
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

    @Option(
            names = "--estimate",
            description =
                    "Ask the source beforehand how much there is to send, all in all. With many snapshots that takes"
                            + " a while.")
    private boolean estimate;

    @Option(
            names = "--events",
            description =
                    "Print what happens, each event at once and on one line of JSON, then the document of --json on one"
                            + " line.")
    private boolean events;

    @Mixin
    private ApproveOption approve = new ApproveOption();

    @Mixin
    private PatienceOptions patience = new PatienceOptions();

    @Mixin
    private HostOptions host = new HostOptions();

    @Mixin
    private RemoteOptions remote = new RemoteOptions();

    @Mixin
    private MemoryOption memory = new MemoryOption();

    @Mixin
    private LockOptions locks = new LockOptions();

    @Mixin
    private WaitOption wait = new WaitOption();

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
        OutputForm form = events ? OutputForm.LINES : output.form();
        if (byFile()) {
            DefinitionFile file = definition.read();
            Tick tick = definition.tick(file.definition(), environment.clock());
            DefinitionRun run = new DefinitionRun(
                    environment,
                    request.keySink(environment),
                    host,
                    remote.login(),
                    form,
                    definition.share(),
                    memory.store(),
                    dryRun ? Optional.empty() : locks("zlineage run " + definition.name()));
            return dryRun ? run.plan(file, tick) : run.run(file, tick, approve, quiet);
        }
        definition.check();
        ReplicationRequest wanted = request();
        try (RemoteOptions.Sides hosts = remote.open(environment.hosts(), host);
                Taken taken = new Taken(dryRun ? Optional.empty() : locks("zlineage run"))) {
            taken.take(hosts.target(), wanted);
            Replication between = Replication.between(hosts.source(), hosts.target())
                    .with(patience.patience())
                    .remembering(memory.store());
            Replication replication =
                    request.keySink(environment).map(between::with).orElse(between);
            ReplicationPlan seen = replication.plan(wanted);
            ReplicationPlan plan = estimate ? replication.estimate(seen) : seen;
            if (dryRun) {
                PlanCommand.preview(environment, plan, form);
                return ExitCode.of(plan);
            }
            if (!quiet && !form.json()) {
                PlanCommand.print(environment, plan, form);
            }
            if (approve.given() && plan.snapshot().isPresent()) {
                throw new InvalidRequestException(List.of(new InvalidRequestException.Problem(
                        "--approve", "with --snapshot the plan is made anew: take the snapshot first, then plan")));
            }
            approve.check(Approval.of(List.of(plan)));
            Events told = new Events(environment, form);
            // Closed after the result is out: a signal waits for it.
            try (SignalGuard guard = SignalGuard.install()) {
                ReplicationListener listener = ProgressLine.beside(told.listener(), environment, quiet);
                ReplicationResult result = replication.run(plan, listener, guard.cancellation());
                if (form.json()) {
                    form.print(environment.out(), document(form, plan, result, told));
                } else {
                    print(result);
                }
                return ExitCode.of(result);
            }
        }
    }

    private Optional<TargetLocks> locks(String command) {
        return locks.of(environment, command, wait.time());
    }

    /** What is written into, as long as the run goes on. */
    private final class Taken implements AutoCloseable {

        private final Optional<TargetLocks.Holder> holder;

        Taken(Optional<TargetLocks> locks) {
            this.holder = locks.map(TargetLocks::open);
        }

        void take(Zfs target, ReplicationRequest wanted) throws InterruptedException {
            Optional<TargetTree> tree = holder.isEmpty() ? Optional.empty() : TargetTree.on(target, wanted.target());
            if (tree.isPresent()) {
                Optional<String> other =
                        holder.orElseThrow().take(tree.get(), "", RunCommand.this::waits, new Cancellation());
                if (other.isPresent()) {
                    throw new TargetBusyException(other.get());
                }
            }
        }

        @Override
        public void close() {
            holder.ifPresent(TargetLocks.Holder::close);
        }
    }

    private void waits(String why) {
        if (!quiet) {
            environment.err().println("waits: " + why);
            environment.err().flush();
        }
    }

    private static String document(OutputForm form, ReplicationPlan plan, ReplicationResult result, Events told) {
        JsonWriter json = new JsonWriter(true).object();
        json.name("format").value("zlineage.run/1");
        json.name("plan").json(plan.toJson());
        json.name("result").json(result.toJson());
        if (form == OutputForm.DOCUMENT) {
            json.name("events").array();
            told.kept().forEach(json::json);
            json.endArray();
        }
        return json.endObject().toString();
    }

    private void print(ReplicationResult result) {
        PrintWriter out = environment.out();
        if (!quiet) {
            out.println();
        }
        out.print(result);
        Advice.on(result).forEach(a -> out.println("  way out: " + a));
        out.flush();
    }
}
