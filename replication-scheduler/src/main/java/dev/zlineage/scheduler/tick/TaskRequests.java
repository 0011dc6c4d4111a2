// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Problem;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.TargetEncryption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a replication task asks of the engine, or why it can't be run. Pure: equal tasks and definitions give equal requests.
 *
 * @param requests one for each source, in the order of their names, but for a target that lies in another one, which comes after it. A
 *     source that lies in another one that is replicated with all below it has none of its own. A refused task has them too, as far as they can be told: nobody may destroy what
 *     it goes on from
 * @param refusals everything of the task that can't be done, each with its field, value and way out; empty for one that can be
 *     run
 */
public record TaskRequests(List<ReplicationRequest> requests, List<Problem> refusals) {

    /** Copies the lists. */
    public TaskRequests {
        requests = List.copyOf(requests);
        refusals = List.copyOf(refusals);
    }

    /**
     * Maps a task.
     *
     * @param task which
     * @param definition the whole that it belongs to
     * @return its requests
     */
    public static TaskRequests of(ReplicationTask task, Definition definition) {
        List<Problem> problems = definition.problems(task);
        if (!problems.isEmpty()) {
            return new TaskRequests(List.of(), problems);
        }
        return new RequestMapping(task, definition).requests(task.targets());
    }

    /** The same where nobody is there to keep keys. */
    TaskRequests withoutKeySink(ReplicationTask task) {
        if (requests.stream().noneMatch(request -> request.encryption().handsOver())) {
            return this;
        }
        List<Problem> all = new ArrayList<>(refusals);
        all.add(
                new Problem(
                        "replication-tasks." + task.id() + ".encryption.key-location",
                        TargetEncryption.STORE,
                        "there is no store of keys here",
                        "name a program that keeps it (zlineage: key-sink), or a file on the target, such as /root/zlineage.key"));
        return new TaskRequests(requests, all);
    }

    /** The same where a task that it runs after was due as well, and did not come to a good end. */
    TaskRequests after(ReplicationTask task, List<TaskReport> before) {
        List<Problem> all = new ArrayList<>(refusals);
        before.stream()
                .filter(report -> task.own().after().contains(report.task()) && !report.good())
                .forEach(report -> all.add(new Problem(
                        "replication-tasks." + task.id() + ".zlineage.after",
                        report.task(),
                        "it did not end well",
                        "look at what became of it; this one runs after it the next time")));
        return new TaskRequests(requests, all);
    }

    /**
     * Whether the task can't be run.
     *
     * @return true if there is a refusal
     */
    public boolean refused() {
        return !refusals.isEmpty();
    }
}
