// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.DefinitionFile;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.plan.Approval;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.KeySink;
import dev.zlineage.core.run.ReplicationListener;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.tick.SourceReport;
import dev.zlineage.scheduler.tick.TargetLocks;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickListener;
import dev.zlineage.scheduler.tick.TickReport;
import dev.zlineage.scheduler.tick.TickRun;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plans or runs tasks of a definition file. */
final class DefinitionRun {

    private final Environment environment;
    private final TaskKeySinks sinks;
    private final HostOptions here;
    private final LoginOptions login;
    private final OutputForm form;
    private final double share;
    private final ObservationStore memory;
    private final Optional<TargetLocks> locks;
    private final Events events;

    DefinitionRun(
            Environment environment,
            Optional<KeySink> sink,
            HostOptions here,
            LoginOptions login,
            OutputForm form,
            double share,
            ObservationStore memory,
            Optional<TargetLocks> locks) {
        this.environment = environment;
        this.sinks = new TaskKeySinks(environment, sink);
        this.here = here;
        this.login = login;
        this.form = form;
        this.share = share;
        this.memory = memory;
        this.locks = locks;
        this.events = new Events(environment, form);
    }

    int plan(DefinitionFile file, Tick tick) {
        try (DefinitionHosts hosts = new DefinitionHosts(environment.hosts(), here, login)) {
            TickReport report = TickRun.of(file.definition(), hosts)
                    .withMaximumShare(share)
                    .withKeySinks(sinks)
                    .remembering(memory)
                    .plan(tick);
            print(file, report);
            return ExitCode.of(report.tally().verdict());
        }
    }

    int run(DefinitionFile file, Tick tick, ApproveOption approve, boolean quiet) throws InterruptedException {
        try (DefinitionHosts hosts = new DefinitionHosts(environment.hosts(), here, login);
                // Closed after the report is out: a signal waits for it.
                SignalGuard guard = SignalGuard.install()) {
            TickRun free = TickRun.of(file.definition(), hosts)
                    .withMaximumShare(share)
                    .withKeySinks(sinks)
                    .remembering(memory)
                    .withHooks(HookProgram::of);
            TickRun run = locks.map(free::locking).orElse(free);
            if (approve.given()) {
                Approval looked = run.plan(tick).approval();
                approve.check(looked);
                run = run.approving(looked);
            }
            TickReport report = run.run(tick, listener(quiet), guard.cancellation());
            if (!quiet || form.json() || report.wasDue()) { // cron sends a mail for whatever is printed
                print(file, report);
            }
            return ExitCode.of(report.tally().verdict());
        }
    }

    private TickListener listener(boolean quiet) {
        return new TickListener() {
            @Override
            public ReplicationListener starting(ReplicationTask task, ReplicationPlan plan) {
                if (!quiet && !form.json()) {
                    environment.out().println("task " + task.id());
                    environment.out().println(plan);
                    environment.out().flush();
                }
                return ProgressLine.beside(events.of(task.id()), environment, quiet);
            }

            @Override
            public void waits(ReplicationTask task, String why) {
                if (!quiet) {
                    environment.err().println("task " + task.id() + " waits: " + why);
                    environment.err().flush();
                }
            }
        };
    }

    private void print(DefinitionFile file, TickReport report) {
        List<String> warnings = new ArrayList<>(report.wasDue() ? file.notes() : List.of());
        warnings.addAll(report.warnings());
        TickReport whole = new TickReport(
                report.now(), report.snapshots(), report.tasks(), report.retention(), report.pruning(), warnings);
        PrintWriter out = environment.out();
        if (form.json()) {
            form.print(out, form == OutputForm.LINES ? whole.toJson() : whole.toJson(events.kept()));
        } else {
            out.print(whole);
            out.print(ApproveOption.hint(whole.approval()));
            advice(whole).forEach(each -> out.println("way out: " + each));
        }
        out.flush();
    }

    private static Set<String> advice(TickReport report) {
        Set<String> advice = new LinkedHashSet<>();
        report.tasks().stream().flatMap(task -> task.sources().stream()).forEach(source -> {
            if (source.outcome() instanceof SourceReport.Outcome.Ran ran) {
                advice.addAll(Advice.on(ran.result()));
            } else if (source.outcome() instanceof SourceReport.Outcome.Failed failed) {
                Advice.on(failed.failure().kind()).ifPresent(advice::add);
            } else if (source.outcome() instanceof SourceReport.Outcome.Busy) {
                advice.add(TargetBusyException.WAY_OUT);
            }
        });
        return advice;
    }
}
