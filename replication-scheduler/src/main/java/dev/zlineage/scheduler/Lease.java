// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Instant;

/**
 * The right to run a job, for a while.
 *
 * @param job which
 * @param node whose right it is
 * @param fence a number that is greater each time the job is begun: whoever holds a smaller one has lost the job
 * @param until when the right ends unless it is renewed
 */
public record Lease(long job, String node, long fence, Instant until) {

    /**
     * The same for longer.
     *
     * @param later its new end
     * @return a lease of the same fence
     */
    public Lease renewed(Instant later) {
        return new Lease(job, node, fence, later);
    }
}
