// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.plan.Approval;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/**
 * What became of a tick, or in a preview what would.
 *
 * @param now its moment
 * @param snapshots the periodic snapshot tasks that were due
 * @param tasks the replication tasks that were due
 * @param retention each host on which snapshots may have been destroyed
 * @param pruning each source whose copies were looked at, for what is gone
 * @param warnings what did not fail anything, but should be known
 */
public record TickReport(
        ZonedDateTime now,
        List<SnapshotReport> snapshots,
        List<TaskReport> tasks,
        List<RetentionReport> retention,
        List<PruneReport> pruning,
        List<String> warnings) {

    /** Copies the lists. */
    public TickReport {
        snapshots = List.copyOf(snapshots);
        tasks = List.copyOf(tasks);
        retention = List.copyOf(retention);
        pruning = List.copyOf(pruning);
        warnings = List.copyOf(warnings);
    }

    /**
     * Whether anything was due.
     *
     * @return false for most minutes
     */
    public boolean wasDue() {
        return !snapshots.isEmpty() || !tasks.isEmpty();
    }

    /**
     * How often each thing happened.
     *
     * @return the counts, from which follows how the tick ended
     */
    public Tally tally() {
        return Tally.of(this);
    }

    /**
     * Consent to what a preview destroys: on targets, by retention on either side, and by pruning.
     *
     * @return for {@link TickRun#approving}; to nothing, of a tick that was run
     */
    public Approval approval() {
        return Approval.of(tasks.stream()
                        .flatMap(task -> task.sources().stream())
                        .map(SourceReport::outcome)
                        .filter(SourceReport.Outcome.Planned.class::isInstance)
                        .map(outcome -> ((SourceReport.Outcome.Planned) outcome).plan())
                        .toList())
                .and(retention.stream()
                        .map(RetentionReport::outcome)
                        .filter(RetentionReport.Outcome.Planned.class::isInstance)
                        .flatMap(outcome -> ((RetentionReport.Outcome.Planned) outcome).plan().destroys().stream())
                        .toList())
                .and(pruning.stream()
                        .map(PruneReport::outcome)
                        .filter(PruneReport.Outcome.Planned.class::isInstance)
                        .flatMap(outcome -> ((PruneReport.Outcome.Planned) outcome).plan().destroys().stream())
                        .toList());
    }

    /**
     * The report as JSON.
     *
     * @return a JSON object over several lines
     */
    public String toJson() {
        return TickJson.of(this, Optional.empty());
    }

    /**
     * The report as JSON, with what happened on the way.
     *
     * @param events JSON objects on one line each, in their order
     * @return a JSON object over several lines
     */
    public String toJson(List<String> events) {
        return TickJson.of(this, Optional.of(events));
    }

    /** The report as a text that a human follows. */
    @Override
    public String toString() {
        return TickText.of(this);
    }
}
