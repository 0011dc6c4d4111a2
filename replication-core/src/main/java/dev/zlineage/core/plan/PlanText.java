// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.SendStream;
import java.util.List;

/** Prints a plan for people. */
final class PlanText {

    private static final int LISTED = 5;

    private final StringBuilder out = new StringBuilder();

    private PlanText() {}

    static String of(ReplicationPlan plan) {
        PlanText text = new PlanText();
        text.head(plan);
        plan.snapshot().ifPresent(s -> text.line("  take snapshot " + s + scope(plan)));
        plan.parents().forEach(p -> text.line("  create " + p.name() + ": " + p.why()));
        plan.datasets().forEach(text::dataset);
        plan.warnings().forEach(w -> text.line("  warning: " + w));
        text.line("  destroyed: nothing" + bookmarks(plan));
        return text.out.toString();
    }

    private static String scope(ReplicationPlan plan) {
        return plan.request().recursive() ? " and the same of everything below, in one transaction group" : "";
    }

    private static String bookmarks(ReplicationPlan plan) {
        long count =
                plan.datasets().stream().mapToLong(d -> d.obsolete().size()).sum();
        return count == 0 ? "" : ", but for " + count(count, "bookmark") + " of zlineage's own on the source";
    }

    private void head(ReplicationPlan plan) {
        List<DatasetPlan> all = plan.datasets();
        long full = all.stream()
                .filter(d -> d.sends() && d.streams().get(0).base().isEmpty())
                .count();
        long sending = all.stream().filter(DatasetPlan::sends).count();
        long snapshots = all.stream()
                .flatMap(d -> d.streams().stream())
                .mapToLong(t -> t.arriving().size())
                .sum();
        long upToDate = all.stream()
                .filter(d -> d.decision() instanceof Decision.UpToDate)
                .count();
        long skipped =
                all.stream().filter(d -> d.decision() instanceof Decision.Skip).count();
        line("plan: " + side(plan.sourceHost(), plan.request().source()) + " -> "
                + side(plan.targetHost(), plan.request().target())
                + (plan.request().recursive() ? ", with everything below" : ""));
        line("  " + count(all.size(), "dataset") + ": " + full + " in full, " + (sending - full) + " by increment ("
                + count(snapshots, "snapshot") + "), " + upToDate + " up to date, " + skipped + " skipped, "
                + plan.refused() + " refused");
    }

    private static String side(String host, DatasetName name) {
        return host.isEmpty() ? name.value() : host + ":" + name;
    }

    private void dataset(DatasetPlan plan) {
        line("  " + plan.source() + " -> " + plan.target() + ": " + verdict(plan.decision()));
        for (PlannedStream transfer : plan.streams()) {
            line("      " + stream(transfer));
        }
        if (plan.omitted() > 0) {
            line("      leaves out " + count(plan.omitted(), "snapshot") + " that the selection does not want");
        }
        if (plan.decision() instanceof Decision.Refuse refusal) {
            line("      way out: " + refusal.wayOut());
        }
    }

    private static String verdict(Decision decision) {
        if (decision instanceof Decision.Send send) {
            return "send, " + send.why();
        }
        if (decision instanceof Decision.UpToDate same) {
            return "up to date, " + same.why();
        }
        if (decision instanceof Decision.Skip skip) {
            return "skip, " + skip.why();
        }
        return "REFUSED, " + decision.why();
    }

    private static String stream(PlannedStream transfer) {
        SendStream send = transfer.send();
        String mode = raw(send) ? ", raw" : "";
        if (send instanceof SendStream.Full full) {
            return "full      @" + full.to().label() + mode;
        }
        if (send instanceof SendStream.Increment increment) {
            return "increment " + sigil(increment.base()) + " -> @"
                    + increment.to().label() + mode;
        }
        if (send instanceof SendStream.Series series) {
            return "series    @" + series.base().label() + " -> @" + series.to().label() + ", "
                    + count(transfer.arriving().size(), "snapshot") + names(transfer) + mode;
        }
        return "resume";
    }

    private static String names(PlannedStream transfer) {
        int n = transfer.arriving().size();
        if (n > LISTED) {
            return "";
        }
        StringBuilder names = new StringBuilder(":");
        transfer.arriving().forEach(s -> names.append(' ').append(s));
        return names.toString();
    }

    private static boolean raw(SendStream send) {
        return send instanceof SendStream.Full full && full.mode().raw()
                || send instanceof SendStream.Increment increment
                        && increment.mode().raw()
                || send instanceof SendStream.Series series && series.mode().raw();
    }

    private static String sigil(PointName name) {
        return name.toString().substring(name.dataset().value().length());
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
