// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.retain.DatasetRetention;
import dev.zlineage.core.retain.RetentionPlan;
import dev.zlineage.core.retain.RetentionResult;
import dev.zlineage.core.retain.SnapshotFate;
import java.time.Instant;
import java.util.List;

/**
 * What became of the snapshots of one host that nobody wants any more.
 *
 * @param host what to call it
 * @param outcome what came of it
 */
public record RetentionReport(String host, Outcome outcome) {

    /** What can come of it. */
    public sealed interface Outcome {

        /**
         * In a preview: what would be destroyed.
         *
         * @param plan the plan
         */
        record Planned(RetentionPlan plan) implements Outcome {}

        /**
         * The plan was carried out.
         *
         * @param plan what was to be destroyed
         * @param result what was
         */
        record Ran(RetentionPlan plan, RetentionResult result) implements Outcome {}

        /**
         * Nothing was looked at but datasets: there was nothing to do, and none of them has changed since.
         *
         * @param until when the first snapshot is over if they go on so; {@link Instant#MAX} where time has no say
         */
        record Unchanged(Instant until) implements Outcome {}

        /**
         * Nothing was destroyed.
         *
         * @param why the reason
         */
        record Failed(String why) implements Outcome {}
    }

    /**
     * The datasets whose snapshots stay although their owners let some of them go.
     *
     * @return each with the reason and a way out
     */
    public List<DatasetRetention> leftAlone() {
        List<DatasetRetention> all = outcome instanceof Outcome.Planned planned
                ? planned.plan().datasets()
                : outcome instanceof Outcome.Ran ran ? ran.plan().datasets() : List.of();
        return all.stream()
                .filter(dataset -> dataset.leftAlone().isPresent()
                        && dataset.snapshots().stream().anyMatch(SnapshotFate::mayGo))
                .toList();
    }
}
