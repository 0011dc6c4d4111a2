// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;

/**
 * How a tick ended, in numbers. A dataset, a snapshot task, a task that was refused as a whole, and a dataset that retention
 * left alone count one each.
 *
 * @param good what was done, needed nothing done, or in a preview would be done
 * @param refused what was left as it is, with a reason and a way out
 * @param failed what went wrong
 * @param cancelled what the end of the run came before
 * @param busy what another run was writing into
 */
public record Tally(int good, int refused, int failed, int cancelled, int busy) {

    /** How a tick ended. */
    public enum Verdict {
        /** Everything is as it should be. */
        DONE,
        /** Something was refused, and nothing failed. */
        REFUSED,
        /** Another run was writing into a target, and nothing else failed. */
        BUSY,
        /** Something failed, and something else did not. */
        PARTLY_FAILED,
        /** Something failed, and nothing else came to a good end. */
        FAILED,
        /** It was cancelled. */
        CANCELLED
    }

    private static final Tally NOTHING = new Tally(0, 0, 0, 0, 0);
    private static final Tally GOOD = new Tally(1, 0, 0, 0, 0);
    private static final Tally REFUSED = new Tally(0, 1, 0, 0, 0);
    private static final Tally FAILED = new Tally(0, 0, 1, 0, 0);
    private static final Tally CANCELLED = new Tally(0, 0, 0, 1, 0);
    private static final Tally BUSY = new Tally(0, 0, 0, 0, 1);

    /**
     * How it ended in a word.
     *
     * @return the verdict
     */
    public Verdict verdict() {
        if (cancelled > 0) {
            return Verdict.CANCELLED;
        }
        if (failed > 0) {
            return good > 0 ? Verdict.PARTLY_FAILED : Verdict.FAILED;
        }
        if (busy > 0) {
            return Verdict.BUSY;
        }
        return refused > 0 ? Verdict.REFUSED : Verdict.DONE;
    }

    static Tally of(TickReport report) {
        Tally sum = NOTHING;
        for (SnapshotReport snapshot : report.snapshots()) {
            sum = sum.plus(of(snapshot.outcome()));
        }
        for (TaskReport task : report.tasks()) {
            sum = task.refusals().isEmpty() ? sum : sum.plus(REFUSED);
            for (SourceReport source : task.sources()) {
                sum = sum.plus(of(source.outcome()));
            }
        }
        for (RetentionReport retention : report.retention()) {
            sum = sum.plus(of(retention));
        }
        for (PruneReport pruning : report.pruning()) {
            sum = sum.plus(pruning.success() ? NOTHING : FAILED);
        }
        return sum;
    }

    private static Tally of(SnapshotReport.Outcome outcome) {
        if (outcome instanceof SnapshotReport.Outcome.Due) {
            return NOTHING; // a plan has taken none
        }
        if (outcome instanceof SnapshotReport.Outcome.Cancelled) {
            return CANCELLED;
        }
        return outcome instanceof SnapshotReport.Outcome.Failed
                ? FAILED
                : outcome instanceof SnapshotReport.Outcome.Refused ? REFUSED : GOOD;
    }

    private static Tally of(SourceReport.Outcome outcome) {
        if (outcome instanceof SourceReport.Outcome.Planned planned) {
            return of(planned.plan());
        }
        if (outcome instanceof SourceReport.Outcome.Ran ran) {
            return of(ran.result());
        }
        if (outcome instanceof SourceReport.Outcome.NotApproved) {
            return REFUSED;
        }
        if (outcome instanceof SourceReport.Outcome.Busy) {
            return BUSY;
        }
        return outcome instanceof SourceReport.Outcome.Failed ? FAILED : CANCELLED;
    }

    private static Tally of(ReplicationPlan plan) {
        int refused = (int) plan.datasets().stream()
                .filter(dataset -> dataset.decision() instanceof Decision.Refuse)
                .count();
        return new Tally(plan.datasets().size() - refused, refused, 0, 0, 0);
    }

    private static Tally of(ReplicationResult result) {
        int refused = result.count(DatasetResult.Outcome.Refused.class);
        int failed = result.count(DatasetResult.Outcome.Failed.class);
        int cancelled = result.count(DatasetResult.Outcome.Cancelled.class);
        return new Tally(result.datasets().size() - refused - failed - cancelled, refused, failed, cancelled, 0);
    }

    /** What retention destroys is not what a tick is for, so it never makes one good. */
    private static Tally of(RetentionReport report) {
        boolean failed = report.outcome() instanceof RetentionReport.Outcome.Failed
                || report.outcome() instanceof RetentionReport.Outcome.Ran ran
                        && !ran.result().success();
        return new Tally(0, report.leftAlone().size(), failed ? 1 : 0, 0, 0);
    }

    private Tally plus(Tally other) {
        return new Tally(
                good + other.good,
                refused + other.refused,
                failed + other.failed,
                cancelled + other.cancelled,
                busy + other.busy);
    }
}
