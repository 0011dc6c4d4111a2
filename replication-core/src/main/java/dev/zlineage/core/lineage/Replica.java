// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.lineage;

import dev.zlineage.core.zfs.History;
import java.util.Map;

/**
 * What is known of the target of one dataset.
 *
 * @param history its snapshots and bookmarks
 * @param written bytes written to it since its newest snapshot, or since its creation when it has none
 * @param empty whether a dataset without snapshots was shown to hold no data either
 * @param writtenBySnapshot by label: bytes that a snapshot wrote since the one before it. It needs to name only snapshots
 *     that the source does not have; one that it does not name counts as holding data
 */
public record Replica(History history, long written, boolean empty, Map<String, Long> writtenBySnapshot) {

    /** Copies the map. */
    public Replica {
        writtenBySnapshot = Map.copyOf(writtenBySnapshot);
    }

    /**
     * A replica that was not written to since its newest snapshot.
     *
     * @param history its snapshots and bookmarks
     */
    public Replica(History history) {
        this(history, 0, false, Map.of());
    }
}
