// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What has to outlive the process: the jobs that wait or run, what became of earlier ones, and up to when the clock was
 * followed. Each method is one transaction: it happened as a whole, or not at all.
 *
 * <p>Implementations are safe for use by several threads, and those that say so by several processes.
 */
public interface TaskStore extends AutoCloseable {

    /**
     * Up to when due times have become jobs.
     *
     * @return empty before the first {@link #advance}
     */
    Optional<Instant> cursor();

    /**
     * Follows the clock: what became due is there as jobs when the cursor has moved, and never twice.
     *
     * @param from the {@link #cursor} that was read before
     * @param to the new cursor
     * @param due what became due up to then
     * @param schedules a word for each schedule that is followed from now on; empty if they are those of before
     * @return false if somebody else has moved the cursor since; then nothing was written
     */
    boolean advance(Optional<Instant> from, Instant to, List<JobRequest> due, Optional<Set<String>> schedules);

    /**
     * Leads: of all that use a store, one alone begins jobs. Asked again and again, to lead on; what is said each time shows the
     * others that somebody is there. They compare it with what was said before, and not with their own clocks. Whoever takes the lead
     * over from another frees the jobs of that one: it may be frozen, and changes nothing more when it wakes.
     *
     * @param node who
     * @param says a moment that it has not said before
     * @param silent what the one who leads said last, if nothing else was heard of it for so long that it is taken over from; empty
     *     if it is not
     * @return empty if the asker leads; otherwise what the one who leads has said last
     */
    Optional<Instant> lead(String node, Instant says, Optional<Instant> silent);

    /**
     * Lets somebody else lead at once.
     *
     * @param node who has led
     */
    void resign(String node);

    /**
     * The schedules that were followed up to the cursor, so that a later process does not take times before a schedule was there
     * for ones that were missed.
     *
     * @return as {@link #advance} has written them last; empty if it never has, as in a store of an earlier version
     */
    Optional<Set<String>> followed();

    /**
     * Adds a job, or lets one that waits serve the request too.
     *
     * @param request what is to be run
     * @return the job that serves it
     */
    Job queue(JobRequest request);

    /**
     * The jobs that nobody runs: they wait, or the lease of who ran them has ended.
     *
     * @param now the moment
     * @return in the order of their numbers
     */
    List<Job> waiting(Instant now);

    /**
     * Begins a job, unless somebody else has, or leads.
     *
     * @param job its number
     * @param node who begins it
     * @param now the moment
     * @param until when the right to run it ends unless it is renewed
     * @return the right, or empty if it is not to be had
     */
    Optional<Lease> begin(long job, String node, Instant now, Instant until);

    /**
     * Whether a lease is still the last one of its job. Its end does not matter as long as nobody else has begun the job.
     *
     * @param lease which
     * @return false if the job is somebody else's now, or has ended
     */
    boolean holds(Lease lease);

    /**
     * Prolongs a lease that {@link #holds}.
     *
     * @param lease which
     * @param until its new end
     * @return false if it was lost
     */
    boolean renew(Lease lease, Instant until);

    /**
     * Ends a job and queues what follows from it, if the lease still {@link #holds}.
     *
     * @param lease the right to run it
     * @param outcome how it ended
     * @param at when
     * @param following what is to be run now
     * @return false if the lease was lost; then nothing was written
     */
    boolean end(Lease lease, JobOutcome outcome, Instant at, List<JobRequest> following);

    /**
     * Ends a job that nobody runs: it was not begun, or the lease of who began it has ended.
     *
     * @param job its number
     * @param outcome why it never will be
     * @param at when
     * @return false if it runs, or is not there
     */
    boolean drop(long job, JobOutcome outcome, Instant at);

    /**
     * Takes a task out of a job of several that waits: it becomes a job of its own.
     *
     * @param job its number
     * @param task the id of one of its tasks
     * @return the new job; empty if the job is not there, runs, or is of nothing else
     */
    Optional<Job> split(long job, String task);

    /**
     * Gives a job back, to be begun again by whoever comes first.
     *
     * @param lease the right to run it
     */
    void giveBack(Lease lease);

    /**
     * What became of earlier jobs.
     *
     * @param task of one task; empty for all
     * @param atMost how many
     * @return the latest first
     */
    List<JobRecord> history(Optional<String> task, int atMost);

    /**
     * What is remembered of each task that was ever run or skipped, however long ago.
     *
     * @return in no order
     */
    List<Memory> memories();

    /**
     * What is remembered of one task.
     *
     * @param kind what it does
     * @param task its id
     * @return one of the {@link #memories}; empty if it was never run or skipped
     */
    default Optional<Memory> memory(JobKind kind, String task) {
        return memories().stream()
                .filter(memory -> memory.kind() == kind && memory.task().equals(task))
                .findFirst();
    }

    /**
     * What is remembered of a task.
     *
     * @param kind what it does
     * @param task its id
     * @param last its last job that was not skipped; the job that was, if it never had another one
     * @param lastSnapshot the newest snapshot that any of its jobs took or brought, as {@code dataset@name}
     */
    record Memory(JobKind kind, String task, JobRecord last, Optional<String> lastSnapshot) {}

    /**
     * The tasks that are paused.
     *
     * @return their ids
     */
    Set<String> paused();

    /**
     * Pauses a task, or lets it go on.
     *
     * @param task its id
     * @param yes whether it is to be paused
     */
    void pause(String task, boolean yes);

    @Override
    void close();
}
