// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of the snapshots that a replication would send are worth it: not those that the retention of the target would destroy
 * at once.
 *
 * @param sent the places in the source's history that are left of what was selected
 * @param dropped for each place that is not, why
 */
public record Arrivals(BitSet sent, Map<Integer, String> dropped) {

    /** Copies both. */
    public Arrivals {
        sent = (BitSet) sent.clone();
        dropped = Map.copyOf(dropped);
    }

    /** A copy, as a set of bits can be changed. */
    @Override
    public BitSet sent() {
        return (BitSet) sent.clone();
    }

    /**
     * Filters what is to be sent. The newest that was selected stays, in all and of each schema, and so does everything up to
     * the base, which is not sent anyway. Policies that need to see the target drop nothing.
     *
     * @param request the owners on the target, and the time
     * @param target the dataset that would receive
     * @param source the history of the dataset that would be sent
     * @param selected the places in it that were selected
     * @param base the place of the base in it; -1 where there is none
     * @return what is left, and why the rest is not
     */
    public static Arrivals of(RetentionRequest request, DatasetName target, History source, BitSet selected, int base) {
        History.Builder coming = new History.Builder();
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = selected.nextSetBit(base + 1); i >= 0; i = selected.nextSetBit(i + 1)) {
            places.put(places.size(), i);
            coming.add(
                    false, source.label(i), source.guidBits(i), source.point(i).createtxg(), source.creation(i));
        }
        DatasetRetention fate = RetentionPlanner.dataset(
                        request,
                        new RetentionView("", Map.of(), List.of(), Map.of()),
                        target,
                        coming.build(),
                        RetentionPlanner.owners(request, target),
                        List.of())
                .retention();
        BitSet sent = (BitSet) selected.clone();
        Map<Integer, String> dropped = new LinkedHashMap<>();
        boolean ambiguous = fate.leftAlone().isPresent();
        for (int i = 0; i < fate.snapshots().size() && !ambiguous; i++) {
            SnapshotFate snapshot = fate.snapshots().get(i);
            Integer place = places.get(i);
            if (snapshot.mayGo() && place != null) {
                sent.clear(place);
                dropped.put(place, snapshot.opinions().get(0).toString());
            }
        }
        return new Arrivals(sent, dropped);
    }
}
