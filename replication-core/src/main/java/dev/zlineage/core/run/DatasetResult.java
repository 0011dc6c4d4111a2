// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Optional;

/**
 * How one dataset ended.
 *
 * @param source the dataset that was to be sent
 * @param target the dataset that was to receive
 * @param outcome what came of it
 * @param arrived the planned snapshots that the target was shown to hold, by GUID, after the run
 * @param bytes what was sent; for a short stream between two processes the estimate of {@code zfs send}, since nobody
 *     counts it
 * @param saved bytes that the target kept from streams that were cut, and that were not sent again
 * @param retries how often it was tried again
 * @param kept the dataset that keeps what arrived of a stream that was cut: the target, or the one that was to take its place.
 *     The next run carries it on; until then it takes its room
 */
public record DatasetResult(
        DatasetName source,
        DatasetName target,
        Outcome outcome,
        List<Snapshot> arrived,
        long bytes,
        long saved,
        int retries,
        Optional<DatasetName> kept) {

    /** Copies the list. */
    public DatasetResult {
        arrived = List.copyOf(arrived);
    }

    /**
     * Whether the next run carries on with a stream that was cut.
     *
     * @return true if what arrived of it was kept
     */
    public boolean resumable() {
        return kept.isPresent();
    }

    /**
     * The result as JSON, as it stands in that of the run.
     *
     * @return a JSON object on one line
     */
    public String toJson() {
        return ResultJson.dataset(new JsonWriter(false), this).toString();
    }

    /** Whether the target holds the snapshot that it was to end in. */
    boolean reachedGoal(DatasetPlan plan) {
        return plan.sends()
                && arrived.contains(
                        plan.streams().get(plan.streams().size() - 1).last());
    }

    /** The same with a failure that came after all else, unless one came before. */
    DatasetResult unless(ZfsFailure failure) {
        boolean well = outcome instanceof Outcome.Replicated
                || outcome instanceof Outcome.UpToDate
                || outcome instanceof Outcome.Skipped;
        return well
                ? new DatasetResult(source, target, new Outcome.Failed(failure), arrived, bytes, saved, retries, kept)
                : this;
    }

    /** The newest of the planned snapshots that the target has. */
    Optional<Snapshot> newest() {
        return arrived.isEmpty() ? Optional.empty() : Optional.of(arrived.get(arrived.size() - 1));
    }

    /** What can come of a dataset. */
    public sealed interface Outcome {

        /** The target was shown to hold every planned snapshot. */
        record Replicated() implements Outcome {}

        /** There was nothing to send. */
        record UpToDate() implements Outcome {}

        /**
         * The plan left it out.
         *
         * @param why the reason
         */
        record Skipped(String why) implements Outcome {}

        /**
         * The plan refused it; nothing of it was changed.
         *
         * @param refusal the reason and the way out
         */
        record Refused(Decision.Refuse refusal) implements Outcome {}

        /**
         * Something went wrong. {@link DatasetResult#arrived} tells what the target got all the same.
         *
         * @param failure what
         */
        record Failed(ZfsFailure failure) implements Outcome {}

        /** The run was cancelled before it was done. */
        record Cancelled() implements Outcome {}
    }
}
