// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Instant;
import java.util.List;

/**
 * Something that waits to be run, or runs.
 *
 * @param id its number; later ones are greater
 * @param kind what it is
 * @param tasks the ids of its tasks
 * @param due the first and the last of the moments that it serves, or the only one
 * @param notBefore when it may begin
 * @param origin why it was asked for first; by hand, if it ever was
 * @param attempts how often it was begun
 */
public record Job(
        long id, JobKind kind, List<String> tasks, List<Instant> due, Instant notBefore, Origin origin, int attempts) {

    /** Copies the lists. */
    public Job {
        tasks = List.copyOf(tasks);
        due = List.copyOf(due);
    }

    /**
     * A job of its own for a request.
     *
     * @param id its number
     * @param request what is asked for
     * @return a job that was never begun
     */
    public static Job of(long id, JobRequest request) {
        return new Job(
                id, request.kind(), request.tasks(), List.of(request.due()), request.notBefore(), request.origin(), 0);
    }

    /**
     * Whether a request is of the same tasks, so that this job serves it too.
     *
     * @param request another one
     * @return true if it may join
     */
    public boolean serves(JobRequest request) {
        return request.joins() && kind == request.kind() && tasks.equals(request.tasks());
    }

    /**
     * This job for one moment more. It begins as early as either may.
     *
     * @param request what joins
     * @return the job of both
     */
    public Job with(JobRequest request) {
        List<Instant> ends = due.contains(request.due()) ? due : List.of(due.get(0), request.due());
        Instant earliest = request.notBefore().isBefore(notBefore) ? request.notBefore() : notBefore;
        Origin why = request.origin() == Origin.BY_HAND ? Origin.BY_HAND : origin;
        return new Job(id, kind, tasks, ends, earliest, why, attempts);
    }

    /** The same of other tasks. */
    Job of(long number, List<String> others) {
        return new Job(number, kind, others, due, notBefore, origin, attempts);
    }

    /**
     * The same, begun once more.
     *
     * @return with another attempt
     */
    public Job begunAgain() {
        return new Job(id, kind, tasks, due, notBefore, origin, attempts + 1);
    }

    /**
     * The moment that it stands for: the last that it serves.
     *
     * @return when that was due
     */
    public Instant moment() {
        return due.get(due.size() - 1);
    }
}
