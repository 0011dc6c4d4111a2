// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.prune;

import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of a plan that prunes.
 *
 * @param replication whose copies; only a recursive one has copies to prune
 * @param others targets of other replications below this one's: what is there, and below, is none of its copies
 * @param grace how long a source has to be gone before its copy goes; empty to tell what is gone and change nothing
 * @param now what that is measured against
 * @param maximumShare how many of the datasets at and below the target may go at once, as a part of 1
 */
public record PruneRequest(
        ReplicationRequest replication,
        List<DatasetName> others,
        Optional<Duration> grace,
        Instant now,
        double maximumShare) {

    /**
     * Copies the list and checks the share.
     *
     * @throws IllegalArgumentException if the share is not more than 0 and at most 1, or the grace is negative
     */
    public PruneRequest {
        others = List.copyOf(others);
        if (!(maximumShare > 0 && maximumShare <= 1)) {
            throw new IllegalArgumentException(
                    "maximumShare is " + maximumShare + ", and has to be more than 0 and at most 1");
        }
        if (grace.filter(Duration::isNegative).isPresent()) {
            throw new IllegalArgumentException("grace is " + grace.get() + ", and can't be negative");
        }
    }

    /**
     * With a half as the share, where nothing else is replicated below the target.
     *
     * @param replication whose copies
     * @param grace how long a source has to be gone
     * @param now what that is measured against
     */
    public PruneRequest(ReplicationRequest replication, Duration grace, Instant now) {
        this(replication, List.of(), Optional.of(grace), now, RetentionRequest.DEFAULT_SHARE);
    }
}
