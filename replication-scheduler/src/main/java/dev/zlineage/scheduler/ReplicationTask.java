// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import dev.zlineage.core.select.ReplicationRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * A replication that is run again and again.
 *
 * @param name what to call it; unique among the tasks of a system
 * @param request what it replicates
 * @param enabled whether it may run; a task that is not enabled takes part in nothing, retention included
 * @param attempts how often a run is tried in all, at least once
 */
public record ReplicationTask(String name, ReplicationRequest request, boolean enabled, int attempts) {

    /**
     * Checks the fields.
     *
     * @throws InvalidRequestException naming everything that is wrong
     */
    public ReplicationTask {
        List<Problem> problems = new ArrayList<>();
        if (name.isBlank()) {
            problems.add(new Problem("name", "it is empty"));
        }
        if (attempts < 1) {
            problems.add(new Problem("attempts", attempts + " is less than 1"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(problems);
        }
    }
}
