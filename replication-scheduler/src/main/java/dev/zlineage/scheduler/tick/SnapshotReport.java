// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.task.Problem;
import java.util.List;

/**
 * What became of one periodic snapshot task in a tick.
 *
 * @param task its id
 * @param snapshot what it was to take, as {@code dataset@label}; the dataset alone if it is refused
 * @param outcome what came of it
 * @param taken the new snapshots, those below the dataset too
 * @param empty those of them that were destroyed again, because nothing was written since the ones before and the task does
 *     not want such
 */
public record SnapshotReport(
        String task, String snapshot, Outcome outcome, List<SnapshotName> taken, List<SnapshotName> empty) {

    /** Copies the lists. */
    public SnapshotReport {
        taken = List.copyOf(taken);
        empty = List.copyOf(empty);
    }

    /** What can come of it. */
    public sealed interface Outcome {

        /** In a preview: it would be taken. */
        record Due() implements Outcome {}

        /** It is there; {@link SnapshotReport#taken} tells what is new of it. */
        record Taken() implements Outcome {}

        /**
         * It was there already, and that is as good.
         *
         * @param why a clause
         */
        record Existed(String why) implements Outcome {}

        /**
         * The task can't be meant.
         *
         * @param problems everything that is wrong with it
         */
        record Refused(List<Problem> problems) implements Outcome {

            /** Copies the list. */
            public Refused {
                problems = List.copyOf(problems);
            }
        }

        /**
         * It was not taken.
         *
         * @param failure why
         */
        record Failed(ZfsFailure failure) implements Outcome {}

        /** The run was cancelled before it was taken. */
        record Cancelled() implements Outcome {}
    }

    static SnapshotReport of(String task, String snapshot, Outcome outcome) {
        return new SnapshotReport(task, snapshot, outcome, List.of(), List.of());
    }

    SnapshotReport withEmpty(List<SnapshotName> destroyed) {
        return new SnapshotReport(
                task,
                snapshot,
                outcome,
                taken,
                taken.stream().filter(destroyed::contains).toList());
    }
}
