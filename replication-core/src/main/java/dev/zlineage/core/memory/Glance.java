// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.memory;

import dev.zlineage.core.zfs.DatasetName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a listing of datasets a side tells when it is compared with what is remembered. Immutable.
 *
 * @param unchanged datasets of the source that, with their targets, look as they did when there was nothing to do for them
 * @param destination the id of the target on its pool, as it is remembered
 * @param pairs how each dataset and its target look now; a pair whose host does not tell when its snapshots changed is absent
 * @param at when, by a monotonic clock of ours: after the datasets were listed, and before any history is
 */
public record Glance(Set<DatasetName> unchanged, Optional<String> destination, Map<DatasetName, Known> pairs, long at) {

    /** Of what nothing is remembered. */
    public static final Glance NONE = new Glance(Set.of(), Optional.empty(), Map.of(), 0);

    /** Copies the collections. */
    public Glance {
        unchanged = Set.copyOf(unchanged);
        pairs = Map.copyOf(pairs);
    }

    /**
     * Whether nothing has to be read of a dataset.
     *
     * @param source the dataset of the source
     * @return true if there was nothing to do for it, and nothing has changed since
     */
    public boolean unchanged(DatasetName source) {
        return unchanged.contains(source);
    }

    /**
     * What has to be said of an unchanged dataset all the same.
     *
     * @param source the dataset of the source
     * @return as it was said when it was read
     */
    public Optional<String> warning(DatasetName source) {
        return Optional.ofNullable(pairs.get(source)).map(Known::warning).filter(said -> !said.isEmpty());
    }

    /**
     * The same, where some have to be read all the same.
     *
     * @param others the datasets of the source that stay unread
     * @return a glance that shows those as unchanged
     */
    public Glance of(Set<DatasetName> others) {
        return new Glance(others, destination, pairs, at);
    }

    /** What is to be remembered now that the histories of all others were read. */
    Map<DatasetName, Known> learnt(Map<DatasetName, String> nothingToDo) {
        Map<DatasetName, Known> learnt = new HashMap<>();
        pairs.forEach((name, known) -> {
            if (unchanged.contains(name)) {
                learnt.put(name, known);
            } else {
                String said = nothingToDo.get(name);
                learnt.put(name, said == null ? known.unsettled() : known.readAt(at, said));
            }
        });
        return learnt;
    }
}
