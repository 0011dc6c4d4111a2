// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.prune.CopyFate;
import dev.zlineage.core.prune.PrunePlan;
import dev.zlineage.core.retain.DatasetRetention;
import dev.zlineage.core.retain.LeftAlone;
import dev.zlineage.core.retain.RetentionPlan;
import dev.zlineage.core.retain.SnapshotFate;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.task.Problem;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** Prints a report for people. */
final class TickText {

    private final StringBuilder out = new StringBuilder();

    private TickText() {}

    static String of(TickReport report) {
        TickText text = new TickText();
        if (!report.wasDue()) {
            text.line("nothing is due at " + report.now());
        }
        report.snapshots().forEach(text::snapshot);
        report.tasks().forEach(text::task);
        report.retention().forEach(text::retention);
        report.pruning().forEach(text::pruning);
        report.warnings().forEach(warning -> text.line("warning: " + warning));
        return text.out.toString();
    }

    private void snapshot(SnapshotReport report) {
        String head = "snapshot task " + report.task() + ": " + report.snapshot() + " ";
        SnapshotReport.Outcome outcome = report.outcome();
        if (outcome instanceof SnapshotReport.Outcome.Due) {
            line(head + "will be taken");
        } else if (outcome instanceof SnapshotReport.Outcome.Existed existed) {
            line(head + "is there: " + existed.why());
        } else if (outcome instanceof SnapshotReport.Outcome.Refused refused) {
            line(head + "REFUSED");
            refused.problems().forEach(this::problem);
        } else if (outcome instanceof SnapshotReport.Outcome.Failed failed) {
            line(head + "FAILED");
            failure(failed.failure());
        } else if (outcome instanceof SnapshotReport.Outcome.Cancelled) {
            line(head + "CANCELLED before it was taken");
        } else {
            line(head + "taken of " + count(report.taken().size(), "dataset")
                    + (report.empty().isEmpty()
                            ? ""
                            : ", and destroyed again in " + report.empty().size() + " where nothing was written"));
        }
    }

    private void task(TaskReport report) {
        String head = "replication task " + report.task() + ": ";
        if (!report.refusals().isEmpty()) {
            line(head + "REFUSED");
            report.refusals().forEach(this::problem);
        }
        for (SourceReport source : report.sources()) {
            line(head + source.source() + " -> " + source.target());
            if (source.outcome() instanceof SourceReport.Outcome.Planned planned) {
                block(planned.plan().toString());
            } else if (source.outcome() instanceof SourceReport.Outcome.Ran ran) {
                block(ran.result().toString());
            } else if (source.outcome() instanceof SourceReport.Outcome.Failed failed) {
                line("  FAILED");
                failure(failed.failure());
            } else if (source.outcome() instanceof SourceReport.Outcome.NotApproved refused) {
                line("  REFUSED, what it would destroy is not what was approved:");
                refused.plan().destroys().forEach(what -> line("    " + what));
            } else if (source.outcome() instanceof SourceReport.Outcome.Busy busy) {
                line("  BUSY, " + busy.holder());
            } else {
                line("  cancelled before it began");
            }
        }
    }

    private void retention(RetentionReport report) {
        String head = "retention on " + report.host() + ": ";
        if (report.outcome() instanceof RetentionReport.Outcome.Failed failed) {
            line(head + "FAILED, " + failed.why());
        } else if (report.outcome() instanceof RetentionReport.Outcome.Unchanged unchanged) {
            line(head + "nothing changed since there was nothing to do"
                    + (unchanged.until().equals(Instant.MAX)
                            ? ""
                            : ", and nothing is over before " + unchanged.until()));
        } else if (report.outcome() instanceof RetentionReport.Outcome.Planned planned) {
            line(head + count(planned.plan().destroyed(), "snapshot") + " can go as things stand now");
            planned(planned.plan());
        } else if (report.outcome() instanceof RetentionReport.Outcome.Ran ran) {
            line(head + count(ran.result().destroyed(), "snapshot") + " destroyed");
            ran.result()
                    .datasets()
                    .forEach(pruned -> pruned.spared().stream()
                            .filter(spared -> report.leftAlone().stream()
                                    .noneMatch(left -> left.dataset().equals(pruned.dataset())))
                            .forEach(spared ->
                                    line("  " + pruned.dataset() + spared.snapshot() + " stays: " + spared.why())));
        }
        report.leftAlone().forEach(this::leftAlone);
    }

    private void planned(RetentionPlan plan) {
        for (DatasetRetention dataset : plan.datasets()) {
            if (dataset.leftAlone().isEmpty()) {
                dataset.snapshots().stream()
                        .filter(SnapshotFate::mayGo)
                        .forEach(fate -> line("  destroy " + dataset.dataset() + fate.snapshot() + ": "
                                + fate.opinions().get(0)));
            }
        }
    }

    private void leftAlone(DatasetRetention dataset) {
        LeftAlone left = dataset.leftAlone().orElseThrow();
        line("  " + dataset.dataset() + ": LEFT ALONE, " + left.why());
        line("      way out: " + left.wayOut());
    }

    private void pruning(PruneReport report) {
        if (report.outcome() instanceof PruneReport.Outcome.Failed failed) {
            line("copies of task " + report.task() + ": FAILED, " + failed.why());
        } else if (report.outcome() instanceof PruneReport.Outcome.Planned planned) {
            copies(report, planned.plan());
        } else if (report.outcome() instanceof PruneReport.Outcome.Ran ran) {
            copies(report, ran.plan());
            ran.result().destroyed().forEach(name -> line("  " + name + " is destroyed"));
            new TreeMap<>(ran.result().failed()).forEach((name, why) -> line("  " + name + " FAILED: " + why));
        }
    }

    /** Those that are as they should be are no news, and neither is that they are known by now. */
    private void copies(PruneReport report, PrunePlan plan) {
        List<CopyFate> news = plan.copies().stream()
                .filter(copy -> copy.act() != CopyFate.Act.KNOW)
                .toList();
        if (!news.isEmpty()) {
            line("copies of task " + report.task() + ": " + count(news.size(), "dataset") + " without a source");
            news.forEach(copy -> line("  " + copy.dataset() + ": " + copy.act().word() + ", " + copy.why()));
            if (plan.request().grace().isEmpty()) {
                line("  way out: set zlineage: {prune: P7D}, or destroy by hand what is of no use any more");
            }
        }
    }

    private void problem(Problem problem) {
        line("  " + problem);
    }

    private void failure(ZfsFailure failure) {
        block(failure.text().strip() + "\n    in: " + failure.command());
    }

    private void block(String text) {
        text.stripTrailing().lines().forEach(each -> line("  " + each));
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
