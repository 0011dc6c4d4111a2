// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.scheduler.JobOutcome.Ending;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether those have ended, and well, after which a job is run. The store is asked how one of them ended only where a job waits that
 * runs after it, and only once until it has ended again: whatever runs lets all that waits be looked at whenever it gets further.
 */
final class Predecessors {

    private final Tasks tasks;
    private final TaskStore store;
    private final Collection<WaitingJob> waiting;
    private final Collection<StartedJob> started;

    /** How tasks ended last; empty for those that never have. */
    private final Map<String, Optional<JobOutcome>> last = new HashMap<>();

    Predecessors(Tasks tasks, TaskStore store, Collection<WaitingJob> waiting, Collection<StartedJob> started) {
        this.tasks = tasks;
        this.store = store;
        this.waiting = waiting;
        this.started = started;
    }

    /** What it waits for, in words. */
    Optional<String> unfinished(Job job) {
        return tasks.before(job).stream()
                .filter(id -> comesFirst(id, job))
                .findFirst()
                .map(id -> "the task '" + id + "', which it runs after, has not ended");
    }

    /**
     * What was asked for later is not waited for: where a task is due again before it has ended, nothing would ever run after it.
     * Of what overlaps, the older one begins first.
     */
    private boolean comesFirst(String id, Job job) {
        return Stream.concat(
                        started.stream().map(StartedJob::job), waiting.stream().map(WaitingJob::job))
                .anyMatch(other -> other.id() < job.id() && replicates(other, id));
    }

    private static boolean replicates(Job job, String id) {
        return job.kind() == JobKind.REPLICATION && job.tasks().contains(id);
    }

    /** Why it is not to be run. */
    Optional<JobOutcome> failed(Job job) {
        List<String> before = tasks.before(job);
        if (before.isEmpty() || unfinished(job).isPresent()) {
            return Optional.empty();
        }
        for (String id : before) {
            Optional<JobOutcome> bad = last(id).filter(outcome -> outcome.ending() != Ending.FINISHED);
            if (bad.isPresent()) {
                return Optional.of(JobOutcome.of(
                        Ending.ERROR,
                        "it was not run, since the task '" + id + "', which it runs after, did not end well: "
                                + bad.get().text()));
            }
        }
        return Optional.empty();
    }

    /** A job that was skipped is the last one only of a task that has never run. */
    private Optional<JobOutcome> last(String id) {
        return last.computeIfAbsent(
                id,
                task -> store.memory(JobKind.REPLICATION, task)
                        .map(memory -> memory.last().outcome())
                        .filter(outcome -> outcome.ending() != Ending.SKIPPED));
    }

    /** They have ended, or may have, and are asked for anew. */
    void forget(List<String> ids) {
        last.keySet().removeAll(ids);
    }
}
