// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Instant;
import java.util.List;

/** Where a task stands, as its user sees it. */
public sealed interface TaskState {

    /**
     * Since when.
     *
     * @return by the clock of the system that runs the task
     */
    Instant since();

    /**
     * It has not run yet.
     *
     * @param since the moment of the question
     */
    record Pending(Instant since) implements TaskState {}

    /**
     * It is due, but something else comes first.
     *
     * @param since when it became due
     * @param reason what it waits for, in words
     */
    record Waiting(Instant since, String reason) implements TaskState {}

    /**
     * It runs.
     *
     * @param since when it was started
     * @param progress how far it is
     */
    record Running(Instant since, RunProgress progress) implements TaskState {}

    /**
     * Its last run did all that it was to do.
     *
     * @param since when it ended
     * @param warnings what the user should know all the same
     */
    record Finished(Instant since, List<String> warnings) implements TaskState {

        /** Copies the list. */
        public Finished {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Its last run failed.
     *
     * @param since when it ended
     * @param cause why, in words
     */
    record Failed(Instant since, String cause) implements TaskState {}

    /**
     * It can't run until something outside of it changes: a pool that is not there, a credential that is missing.
     *
     * @param since when that was found
     * @param reason what must change
     */
    record Held(Instant since, String reason) implements TaskState {}
}
