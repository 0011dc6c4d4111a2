// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ZfsFailure;

/**
 * What became of one source of a replication task, with what lies below it where the task is recursive.
 *
 * @param source what is sent
 * @param target what receives
 * @param outcome what came of it
 */
public record SourceReport(DatasetName source, DatasetName target, Outcome outcome) {

    /** What can come of a source. */
    public sealed interface Outcome {

        /**
         * In a preview: what would be done.
         *
         * @param plan the plan
         */
        record Planned(ReplicationPlan plan) implements Outcome {}

        /**
         * The plan was carried out.
         *
         * @param plan what was to be done
         * @param result how each dataset ended
         */
        record Ran(ReplicationPlan plan, ReplicationResult result) implements Outcome {}

        /**
         * Nothing could be planned: a host can't be listed, or the source is not there.
         *
         * @param failure why
         */
        record Failed(ZfsFailure failure) implements Outcome {}

        /**
         * The plan destroys something that was not approved, and nothing of it was done.
         *
         * @param plan what was to be done
         */
        record NotApproved(ReplicationPlan plan) implements Outcome {}

        /**
         * Another run writes into the target, and nothing was done.
         *
         * @param holder who, in words
         */
        record Busy(String holder) implements Outcome {}

        /** The tick was cancelled before its turn came. */
        record Cancelled() implements Outcome {}
    }

    /** Whether both sides were seen, so that something is known about them. */
    boolean seen() {
        return outcome instanceof Outcome.Planned || outcome instanceof Outcome.Ran;
    }
}
