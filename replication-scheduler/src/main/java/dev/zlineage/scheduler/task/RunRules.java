// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a task is run by a service that is always there.
 *
 * @param missed what becomes of times at which the service was not there, or asleep
 * @param staleness how late a job may begin; one that waited longer is skipped. Empty for any time
 * @param jitter starts are spread over so long a time, by chance, so that many tasks of one minute do not meet. Not for
 *     snapshots, whose names tell their minute
 * @param priority of two tasks that wait, the one of the higher number begins first. An hour of waiting counts as one
 * @param deadline a run that takes longer is ended; what was cut is carried on by the next. Empty for any time
 * @param endsWithWindow whether a run is ended when the part of the day is over to which its schedule is restricted
 */
public record RunRules(
        Missed missed,
        Optional<Duration> staleness,
        Duration jitter,
        int priority,
        Optional<Duration> deadline,
        boolean endsWithWindow) {

    /** Missed times are caught up once, nothing is spread, ended or preferred. */
    public static final RunRules DEFAULT =
            new RunRules(Missed.ONCE, Optional.empty(), Duration.ZERO, 0, Optional.empty(), false);

    /** What becomes of times that were missed by more than a minute. */
    public enum Missed {
        /** Nothing: the task waits for its next time. */
        SKIP,
        /** The latest of them is run, for all. */
        ONCE,
        /** Each of them is run. */
        ALL
    }

    /**
     * The same with another rule for missed times.
     *
     * @param rule which
     * @return changed rules
     */
    public RunRules missed(Missed rule) {
        return with(copy -> copy.missed = rule);
    }

    /**
     * The same with a longest time to wait.
     *
     * @param longest after which a job is skipped
     * @return changed rules
     */
    public RunRules staleness(Duration longest) {
        return with(copy -> copy.staleness = Optional.of(longest));
    }

    /**
     * The same with starts that are spread.
     *
     * @param over how long
     * @return changed rules
     */
    public RunRules jitter(Duration over) {
        return with(copy -> copy.jitter = over);
    }

    /**
     * The same with another priority.
     *
     * @param number the higher the earlier
     * @return changed rules
     */
    public RunRules priority(int number) {
        return with(copy -> copy.priority = number);
    }

    /**
     * The same with a longest time to run.
     *
     * @param longest after which a run is ended
     * @return changed rules
     */
    public RunRules deadline(Duration longest) {
        return with(copy -> copy.deadline = Optional.of(longest));
    }

    /**
     * The same with an end when the schedule's part of the day is over.
     *
     * @return changed rules
     */
    public RunRules endingWithWindow() {
        return with(copy -> copy.endsWithWindow = true);
    }

    private RunRules with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.rules();
    }

    /** What is being changed, so that a new rule is named in few places. */
    private static final class Copy {

        private Missed missed;
        private Optional<Duration> staleness;
        private Duration jitter;
        private int priority;
        private Optional<Duration> deadline;
        private boolean endsWithWindow;

        Copy(RunRules from) {
            missed = from.missed;
            staleness = from.staleness;
            jitter = from.jitter;
            priority = from.priority;
            deadline = from.deadline;
            endsWithWindow = from.endsWithWindow;
        }

        RunRules rules() {
            return new RunRules(missed, staleness, jitter, priority, deadline, endsWithWindow);
        }
    }
}
