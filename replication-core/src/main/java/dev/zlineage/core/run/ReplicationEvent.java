// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.PlannedStream;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.zfs.ZfsFailure;
import java.time.Duration;

/** Something that happened in a run. */
public sealed interface ReplicationEvent {

    /**
     * The run begins.
     *
     * @param plan what it is going to do
     * @param streams how many streams that are
     */
    record Started(ReplicationPlan plan, int streams) implements ReplicationEvent {}

    /**
     * A stream begins.
     *
     * @param dataset the dataset that it belongs to
     * @param stream which of its streams
     */
    record StreamStarted(DatasetPlan dataset, PlannedStream stream) implements ReplicationEvent {}

    /**
     * The source has guessed the size of a stream.
     *
     * @param dataset the dataset that it belongs to
     * @param bytes a guess, which can be far off
     */
    record StreamEstimated(DatasetPlan dataset, long bytes) implements ReplicationEvent {}

    /**
     * A stream has moved on; told at most some times a second.
     *
     * @param dataset the dataset that it belongs to
     * @param bytes what went through since the stream began
     */
    record BytesMoved(DatasetPlan dataset, long bytes) implements ReplicationEvent {}

    /**
     * A stream ended well, as both of its ends say.
     *
     * @param dataset the dataset that it belongs to
     * @param stream which of its streams
     * @param bytes what went through
     */
    record StreamFinished(DatasetPlan dataset, PlannedStream stream, long bytes) implements ReplicationEvent {}

    /**
     * An attempt failed, and another one follows.
     *
     * @param dataset the dataset that it belongs to
     * @param failure what failed
     * @param delay how long is waited before that
     */
    record Retrying(DatasetPlan dataset, ZfsFailure failure, Duration delay) implements ReplicationEvent {}

    /**
     * The end of a dataset is known; verified on the target where anything was sent.
     *
     * @param result how it ended
     */
    record DatasetFinished(DatasetResult result) implements ReplicationEvent {}

    /**
     * Something that does not fail the run, but that the user should know.
     *
     * @param message a sentence
     */
    record Warning(String message) implements ReplicationEvent {}

    /**
     * The run has ended.
     *
     * @param result how
     */
    record Finished(ReplicationResult result) implements ReplicationEvent {}
}
