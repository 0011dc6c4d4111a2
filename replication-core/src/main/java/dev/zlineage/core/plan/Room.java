// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The room that new datasets find on the target. A full stream that can't fit would fill the pool for everyone before it
 * fails, so it is refused before it begins. Increments are not judged: what they take can't be told from a listing.
 */
final class Room {

    private final HostView target;

    /** What the plan so far is to bring, for each dataset that it goes into or below. */
    private final Map<DatasetName, Long> coming = new HashMap<>();

    Room(HostView target) {
        this.target = target;
    }

    /**
     * Takes room for a dataset, if there is any.
     *
     * @param from what is sent in full
     * @param to the new dataset, or an empty one
     * @param snapshotToCome whether a snapshot of what the source holds now is taken first
     * @return a refusal where even the least that it may take is too much
     */
    Optional<Decision> take(Dataset from, DatasetName to, boolean snapshotToCome) {
        Optional<Dataset> above = target.nearest(to);
        if (above.isEmpty()) {
            return Optional.empty();
        }
        // what was written since the newest snapshot may be all that is not in it
        long least = Math.max(0, from.referenced() - (snapshotToCome ? 0 : from.written()));
        long others = coming.getOrDefault(above.get().name(), 0L);
        if (least + others > above.get().available()) {
            return Optional.of(Refusals.refuse(
                    Decision.Reason.NO_ROOM,
                    "it takes at least " + least + " bytes as it is stored on the source"
                            + (others > 0 ? ", and what is sent before it " + others : "") + "; "
                            + above.get().name() + " has " + above.get().available() + " left",
                    "make room, or say that the target stores it smaller (--ignore-room)"));
        }
        for (Optional<DatasetName> at = Optional.of(to);
                at.isPresent();
                at = at.get().parent()) {
            coming.merge(at.get(), least, Long::sum);
        }
        return Optional.empty();
    }
}
