// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Instant;
import java.util.List;

/**
 * Something that is to be run.
 *
 * @param kind what it is
 * @param tasks the ids of the tasks: one replication task, or the snapshot tasks of one moment
 * @param due when it is due. Snapshots are named after it, even if they are taken later
 * @param notBefore when it may begin: later than it is due where starts are spread
 * @param origin why
 * @param joins whether it is served by a job of the same tasks that waits already
 */
public record JobRequest(
        JobKind kind, List<String> tasks, Instant due, Instant notBefore, Origin origin, boolean joins) {

    /** Copies the list. */
    public JobRequest {
        tasks = List.copyOf(tasks);
    }
}
