// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.prune;

import dev.zlineage.core.zfs.DatasetName;
import java.util.List;
import java.util.Map;

/**
 * What became of a plan.
 *
 * @param destroyed copies that are no more
 * @param failed what could not be done, by dataset, with the reason
 */
public record PruneResult(List<DatasetName> destroyed, Map<DatasetName, String> failed) {

    /** Copies the collections. */
    public PruneResult {
        destroyed = List.copyOf(destroyed);
        failed = Map.copyOf(failed);
    }
}
