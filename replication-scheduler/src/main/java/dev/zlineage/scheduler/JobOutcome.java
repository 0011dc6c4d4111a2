// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.util.List;
import java.util.Optional;

/**
 * How a job ended.
 *
 * @param ending in one word
 * @param text in words; empty for one that did all it was to do
 * @param warnings what should be known all the same
 * @param lastSnapshot the newest snapshot that was taken or arrived, as {@code dataset@name}, if any did
 */
public record JobOutcome(Ending ending, String text, List<String> warnings, Optional<String> lastSnapshot) {

    /** Copies the list. */
    public JobOutcome {
        warnings = List.copyOf(warnings);
    }

    /** In one word. */
    public enum Ending {
        /** It did what it was to do. */
        FINISHED,
        /** Something of it failed or was refused. */
        ERROR,
        /** It could not be run until something outside of it changes: a pool that is not there, a host that lets nobody in. */
        HOLD,
        /** Somebody ended it, or its time was over; what was cut is carried on by the next run. */
        CANCELLED,
        /** It was never begun: it had become stale, or its task is gone or disabled. */
        SKIPPED
    }

    /**
     * All was done.
     *
     * @param warnings what should be known all the same
     * @param lastSnapshot the newest that was taken or arrived
     * @return an outcome
     */
    public static JobOutcome finished(List<String> warnings, Optional<String> lastSnapshot) {
        return new JobOutcome(Ending.FINISHED, "", warnings, lastSnapshot);
    }

    /**
     * Not all was done.
     *
     * @param ending how it ended
     * @param text why
     * @return an outcome without warnings
     */
    public static JobOutcome of(Ending ending, String text) {
        return new JobOutcome(ending, text, List.of(), Optional.empty());
    }

    /** The same, of a job that was told to stop and did. */
    JobOutcome stopped(String why) {
        return new JobOutcome(Ending.CANCELLED, why, warnings, lastSnapshot);
    }
}
