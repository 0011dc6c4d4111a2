// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.memory;

import dev.zlineage.core.zfs.DatasetName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a listing of datasets a side tells when it is compared with what is remembered. Immutable. */
public final class Glance {

    /** Of what nothing is remembered. */
    public static final Glance NONE = new Glance(Set.of(), Optional.empty(), Map.of(), 0);

    private final Set<DatasetName> unchanged;
    private final Optional<String> destination;
    private final Map<DatasetName, Known> pairs;
    private final long at;

    /**
     * Of two listings.
     *
     * @param pairs how each dataset and its target look now; a pair whose host does not tell when its snapshots changed is absent
     * @param at when, by a monotonic clock of ours: after the datasets were listed, and before any history is
     */
    Glance(Set<DatasetName> unchanged, Optional<String> destination, Map<DatasetName, Known> pairs, long at) {
        this.unchanged = Set.copyOf(unchanged);
        this.destination = destination;
        this.pairs = Map.copyOf(pairs);
        this.at = at;
    }

    /**
     * The datasets that nothing has to be read of: there was nothing to do for them and their targets, and they look as they did
     * then.
     *
     * @return datasets of the source
     */
    public Set<DatasetName> unchanged() {
        return unchanged;
    }

    /**
     * Whether nothing has to be read of a dataset.
     *
     * @param source the dataset of the source
     * @return true for one of {@link #unchanged()}
     */
    public boolean unchanged(DatasetName source) {
        return unchanged.contains(source);
    }

    /**
     * The id of the target on its pool.
     *
     * @return as it is remembered
     */
    public Optional<String> destination() {
        return destination;
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
     * The same, where some are read all the same.
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
