// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.List;
import java.util.Map;

/**
 * What was seen of a host whose snapshots are to be judged.
 *
 * @param host what to call it
 * @param histories the datasets to judge, with their snapshots
 * @param links every replication that begins or ends in one of them
 * @param expiries for each expiry property that an owner reads, its value by snapshot
 */
public record RetentionView(
        String host,
        Map<DatasetName, History> histories,
        List<Link> links,
        Map<String, Map<SnapshotName, String>> expiries) {

    /** Copies the collections. */
    public RetentionView {
        histories = Map.copyOf(histories);
        links = List.copyOf(links);
        expiries = Map.copyOf(expiries);
    }
}
