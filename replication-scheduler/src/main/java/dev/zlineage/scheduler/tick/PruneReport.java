// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.prune.PrunePlan;
import dev.zlineage.core.prune.PruneResult;
import dev.zlineage.core.zfs.DatasetName;

/**
 * What became of the copies of one source of a task whose own source is gone.
 *
 * @param task the task
 * @param target where its copies are
 * @param outcome what came of it
 */
public record PruneReport(String task, DatasetName target, Outcome outcome) {

    /** What can come of it. */
    public sealed interface Outcome {

        /**
         * In a preview, or where the task only wants to know: what is gone.
         *
         * @param plan the plan
         */
        record Planned(PrunePlan plan) implements Outcome {}

        /**
         * The plan was carried out.
         *
         * @param plan what was to be done
         * @param result what was
         */
        record Ran(PrunePlan plan, PruneResult result) implements Outcome {}

        /**
         * Nothing was looked at, or changed.
         *
         * @param why the reason
         */
        record Failed(String why) implements Outcome {}
    }

    /**
     * Whether all that was to be done is done.
     *
     * @return true also where nothing was to be done
     */
    public boolean success() {
        return !(outcome instanceof Outcome.Failed)
                && !(outcome instanceof Outcome.Ran ran
                        && !ran.result().failed().isEmpty());
    }
}
