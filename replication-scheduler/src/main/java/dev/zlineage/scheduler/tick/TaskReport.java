// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.scheduler.task.Problem;
import java.util.List;

/**
 * What became of one replication task in a tick.
 *
 * @param task its id
 * @param refusals why it was not run at all; then nothing of it was done
 * @param sources each of its sources
 */
public record TaskReport(String task, List<Problem> refusals, List<SourceReport> sources) {

    /** Copies the lists. */
    public TaskReport {
        refusals = List.copyOf(refusals);
        sources = List.copyOf(sources);
    }

    /** Whether what runs after it may run. */
    boolean good() {
        return refusals.isEmpty()
                && sources.stream()
                        .map(SourceReport::outcome)
                        .allMatch(outcome -> outcome instanceof SourceReport.Outcome.Planned
                                || outcome instanceof SourceReport.Outcome.Ran ran
                                        && ran.result().success());
    }
}
