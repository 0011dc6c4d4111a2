// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.verify.DatasetVerdict.Standing;
import java.util.List;

/**
 * How both sides of a replication compare.
 *
 * @param request what was compared
 * @param sourceHost what to call the source's host
 * @param targetHost what to call the target's host
 * @param depth how closely it was looked at
 * @param datasets each dataset of the source, parents first
 */
public record VerificationResult(
        ReplicationRequest request, String sourceHost, String targetHost, Depth depth, List<DatasetVerdict> datasets) {

    /** Copies the list. */
    public VerificationResult {
        datasets = List.copyOf(datasets);
    }

    /**
     * How many datasets stand in one way.
     *
     * @param standing the way
     * @return how many
     */
    public int count(Standing standing) {
        return (int) datasets.stream().filter(d -> d.standing() == standing).count();
    }

    /**
     * Whether everything that was looked at is the same.
     *
     * @return false too where something could not be read
     */
    public boolean same() {
        return count(Standing.SAME) == datasets.size();
    }

    /**
     * The result as JSON, with the same members in the same order for equal results.
     *
     * @return a JSON object over several lines
     */
    public String toJson() {
        return VerificationJson.of(this);
    }

    /** The result as a text that a human follows. */
    @Override
    public String toString() {
        return VerificationText.of(this);
    }
}
