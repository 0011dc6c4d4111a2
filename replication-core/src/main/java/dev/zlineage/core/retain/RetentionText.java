// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

/** Prints a plan of deletions for people. */
final class RetentionText {

    private RetentionText() {}

    static String of(RetentionPlan plan) {
        StringBuilder out = new StringBuilder("retention on " + plan.host() + ": " + plan.destroyed()
                + " of "
                + plan.datasets().stream().mapToInt(d -> d.snapshots().size()).sum()
                + " snapshots will be destroyed\n");
        for (DatasetRetention dataset : plan.datasets()) {
            out.append("  ").append(dataset.dataset());
            dataset.leftAlone()
                    .ifPresentOrElse(
                            left -> out.append(": LEFT ALONE, ")
                                    .append(left.why())
                                    .append("\n      way out: ")
                                    .append(left.wayOut())
                                    .append('\n'),
                            () -> out.append('\n'));
            long foreign = 0;
            for (SnapshotFate fate : dataset.snapshots()) {
                if (fate.foreign()) {
                    foreign++;
                    continue;
                }
                String verb = !fate.mayGo() ? "keep    " : dataset.leftAlone().isPresent() ? "(could go)" : "destroy ";
                out.append("      ")
                        .append(verb)
                        .append(' ')
                        .append(fate.snapshot())
                        .append('\n');
                fate.opinions().forEach(o -> out.append("          ").append(o).append('\n'));
            }
            if (foreign > 0) {
                out.append("      ").append(foreign).append(" of no owner stay\n");
            }
        }
        return out.toString();
    }
}
