// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.retain.DatasetRetention;
import dev.zlineage.core.retain.LeftAlone;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.JobOutcome.Ending;
import dev.zlineage.scheduler.tick.PruneReport;
import dev.zlineage.scheduler.tick.RetentionReport;
import dev.zlineage.scheduler.tick.SnapshotReport;
import dev.zlineage.scheduler.tick.SourceReport;
import dev.zlineage.scheduler.tick.Tally;
import dev.zlineage.scheduler.tick.TaskReport;
import dev.zlineage.scheduler.tick.TickReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a report comes to, in few words. */
final class Outcomes {

    /** What may pass by itself, and is worth another question. */
    private static final Set<ZfsFailure.Kind> PASSING = Set.of(
            ZfsFailure.Kind.HOST_UNREACHABLE,
            ZfsFailure.Kind.TIMED_OUT,
            ZfsFailure.Kind.BUSY,
            ZfsFailure.Kind.UNREADABLE,
            ZfsFailure.Kind.UNKNOWN);

    private final List<String> causes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Optional<String> lastSnapshot = Optional.empty();
    private final HoldPolicy policy;
    private boolean held;

    private Outcomes(HoldPolicy policy) {
        this.policy = policy;
    }

    static JobOutcome of(ZfsFailure failure, HoldPolicy policy) {
        Ending ending = policy.holds(failure) ? Ending.HOLD : Ending.ERROR;
        return JobOutcome.of(ending, failure.text().strip());
    }

    static TaskRunner.CannotRunException cannotRun(ZfsFailure failure, HoldPolicy policy) {
        return new TaskRunner.CannotRunException(of(failure, policy), PASSING.contains(failure.kind()));
    }

    static JobOutcome of(Job job, TickReport report, HoldPolicy policy) {
        Outcomes outcomes = new Outcomes(policy);
        outcomes.warnings.addAll(report.warnings());
        report.snapshots().forEach(outcomes::add);
        report.tasks().forEach(outcomes::add);
        report.retention().forEach(outcomes::add);
        report.pruning().forEach(outcomes::add);
        return outcomes.of(report.tally().verdict());
    }

    private JobOutcome of(Tally.Verdict verdict) {
        if (verdict == Tally.Verdict.DONE) {
            return JobOutcome.finished(warnings, lastSnapshot);
        }
        Ending ending = verdict == Tally.Verdict.CANCELLED ? Ending.CANCELLED : held ? Ending.HOLD : Ending.ERROR;
        String text = causes.isEmpty()
                ? verdict == Tally.Verdict.CANCELLED ? "cancelled" : "not all was done"
                : causes.get(0) + (causes.size() > 1 ? " (and " + (causes.size() - 1) + " more)" : "");
        return new JobOutcome(ending, text, warnings, lastSnapshot);
    }

    private void add(SnapshotReport snapshot) {
        if (snapshot.outcome() instanceof SnapshotReport.Outcome.Failed failed) {
            cause(snapshot.snapshot(), failed.failure());
        } else if (snapshot.outcome() instanceof SnapshotReport.Outcome.Refused refused) {
            refused.problems().forEach(problem -> causes.add(problem.toString()));
        } else if (!(snapshot.outcome() instanceof SnapshotReport.Outcome.Cancelled)) {
            lastSnapshot = Optional.of(snapshot.snapshot());
        }
    }

    private void add(TaskReport task) {
        task.refusals().forEach(problem -> causes.add(problem.toString()));
        for (SourceReport source : task.sources()) {
            if (source.outcome() instanceof SourceReport.Outcome.Failed failed) {
                cause(source.source().value(), failed.failure());
            } else if (source.outcome() instanceof SourceReport.Outcome.Busy busy) {
                causes.add(busy.holder());
            } else if (source.outcome() instanceof SourceReport.Outcome.Ran ran) {
                add(ran.result());
            } else if (source.outcome() instanceof SourceReport.Outcome.NotApproved) {
                causes.add(source.source() + ": what it would destroy is not what was approved");
            }
        }
    }

    private void add(ReplicationResult result) {
        warnings.addAll(result.warnings());
        for (DatasetResult dataset : result.datasets()) {
            if (dataset.outcome() instanceof DatasetResult.Outcome.Failed failed) {
                cause(dataset.source().value(), failed.failure());
            } else if (dataset.outcome() instanceof DatasetResult.Outcome.Refused refused) {
                Decision.Refuse why = refused.refusal();
                causes.add(dataset.source() + ": " + why.why() + "; " + why.wayOut());
            }
            if (!dataset.arrived().isEmpty()) {
                lastSnapshot = Optional.of(dataset.source()
                        + "@"
                        + dataset.arrived().get(dataset.arrived().size() - 1).label());
            }
        }
    }

    private void add(RetentionReport retention) {
        if (retention.outcome() instanceof RetentionReport.Outcome.Failed failed) {
            causes.add("retention on " + retention.host() + ": " + failed.why());
        } else if (retention.outcome() instanceof RetentionReport.Outcome.Ran ran
                && !ran.result().success()) {
            causes.add("retention on " + retention.host() + ": "
                    + ran.result().toString().strip());
        }
        for (DatasetRetention dataset : retention.leftAlone()) {
            LeftAlone left = dataset.leftAlone().orElseThrow();
            causes.add("retention on " + retention.host() + " leaves " + dataset.dataset() + " alone: " + left.why()
                    + "; " + left.wayOut());
        }
    }

    private void add(PruneReport pruning) {
        if (pruning.outcome() instanceof PruneReport.Outcome.Failed failed) {
            causes.add("pruning below " + pruning.target() + ": " + failed.why());
        } else if (pruning.outcome() instanceof PruneReport.Outcome.Ran ran) {
            ran.result().failed().forEach((dataset, why) -> causes.add("pruning of " + dataset + ": " + why));
        }
    }

    private void cause(String what, ZfsFailure failure) {
        causes.add(what + ": " + failure.text().strip());
        held |= policy.holds(failure);
    }
}
