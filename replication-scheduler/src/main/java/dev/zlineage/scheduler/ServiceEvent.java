// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.scheduler.tick.TickReport;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Something that happened in the service. */
public sealed interface ServiceEvent {

    /**
     * When.
     *
     * @return by the clock of the service
     */
    Instant at();

    /**
     * A job is there.
     *
     * @param at when
     * @param job which
     */
    record Queued(Instant at, Job job) implements ServiceEvent {}

    /**
     * A job waits, or for another reason than before.
     *
     * @param at when
     * @param job which
     * @param reason in words
     */
    record Waits(Instant at, Job job, String reason) implements ServiceEvent {}

    /**
     * A job was begun.
     *
     * @param at when
     * @param job which
     */
    record Began(Instant at, Job job) implements ServiceEvent {}

    /**
     * A job came further.
     *
     * @param at when
     * @param job which
     * @param progress how far
     */
    record Progressed(Instant at, Job job, RunProgress progress) implements ServiceEvent {}

    /**
     * What a job did, in all detail; told before it ends, and only of one that came that far.
     *
     * @param at when
     * @param job which
     * @param report by snapshot, task and dataset
     */
    record Reported(Instant at, Job job, TickReport report) implements ServiceEvent {}

    /**
     * A job ended.
     *
     * @param at when
     * @param ended which, and how
     */
    record Ended(Instant at, JobRecord ended) implements ServiceEvent {}

    /**
     * A job was given back, to be begun again.
     *
     * @param at when
     * @param job which
     * @param why in words
     */
    record GivenBack(Instant at, Job job, String why) implements ServiceEvent {}

    /**
     * Times of a task passed while the service was not there, or asleep.
     *
     * @param at when that was found
     * @param task whose
     * @param times the times that no job serves, from old to new
     */
    record Missed(Instant at, String task, List<Instant> times) implements ServiceEvent {

        /** Copies the list. */
        public Missed {
            times = List.copyOf(times);
        }
    }

    /**
     * Other tasks from now on.
     *
     * @param at when
     * @param tasks the ids of all tasks of the new definition
     */
    record Defined(Instant at, Set<String> tasks) implements ServiceEvent {

        /** Copies the set. */
        public Defined {
            tasks = Collections.unmodifiableSet(new TreeSet<>(tasks));
        }
    }

    /**
     * Another service runs the tasks of the same store; this one waits until that says nothing any more.
     *
     * @param at when
     */
    record StandsBy(Instant at) implements ServiceEvent {}

    /**
     * This service runs the tasks from now on, in the place of another one.
     *
     * @param at when
     */
    record TookOver(Instant at) implements ServiceEvent {}

    /**
     * The clock went back so far that the service follows it.
     *
     * @param at the moment that it shows now
     * @param before the latest that it had shown
     */
    record ClockWentBack(Instant at, Instant before) implements ServiceEvent {}
}
