// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.scheduler.JobOutcome.Ending;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether those have ended, and well, after which a job is run. The store is asked only where one waits that has some. */
final class Predecessors {

    private final Tasks tasks;
    private final TaskStore store;
    private final Collection<WaitingJob> waiting;
    private final Collection<StartedJob> started;
    private Optional<Map<String, JobOutcome>> last = Optional.empty();

    Predecessors(Tasks tasks, TaskStore store, Collection<WaitingJob> waiting, Collection<StartedJob> started) {
        this.tasks = tasks;
        this.store = store;
        this.waiting = waiting;
        this.started = started;
    }

    /** What it waits for, in words. */
    Optional<String> unfinished(Job job) {
        return tasks.before(job).stream()
                .filter(this::isUnderWay)
                .findFirst()
                .map(id -> "the task '" + id + "', which it runs after, has not ended");
    }

    private boolean isUnderWay(String id) {
        return started.stream().anyMatch(other -> replicates(other.job(), id))
                || waiting.stream().anyMatch(other -> replicates(other.job(), id));
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
        return before.stream()
                .filter(id -> Optional.ofNullable(last().get(id))
                        .filter(outcome -> outcome.ending() == Ending.FINISHED)
                        .isEmpty())
                .findFirst()
                .map(id -> JobOutcome.of(
                        Ending.ERROR,
                        "it was not run, since the task '" + id + "', which it runs after, "
                                + Optional.ofNullable(last().get(id))
                                        .map(outcome -> "did not end well: " + outcome.text())
                                        .orElse("has never run")));
    }

    private Map<String, JobOutcome> last() {
        if (last.isEmpty()) {
            Map<String, JobOutcome> outcomes = new HashMap<>();
            store.memories().stream()
                    .filter(memory -> memory.kind() == JobKind.REPLICATION)
                    .forEach(memory -> outcomes.put(memory.task(), memory.last().outcome()));
            last = Optional.of(outcomes);
        }
        return last.get();
    }
}
