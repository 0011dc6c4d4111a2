// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds snapshots of a host by label and by GUID, for many questions: a dataset is gone through once, when it is first asked about,
 * and all of them once for who holds what.
 */
final class Holders {

    private final HostView view;
    private final Map<DatasetName, Map<String, Snapshot>> byLabel = new HashMap<>();
    private final Map<DatasetName, Map<Guid, Snapshot>> byGuid = new HashMap<>();
    private final Map<Guid, Set<DatasetName>> holding = new HashMap<>();

    Holders(HostView view) {
        this.view = view;
    }

    Optional<Snapshot> snapshot(SnapshotName name) {
        return Optional.ofNullable(byLabel.computeIfAbsent(name.dataset(), dataset -> {
                    Map<String, Snapshot> all = new HashMap<>();
                    view.history(dataset).snapshots().forEach(s -> all.put(s.label(), s));
                    return all;
                })
                .get(name.label()));
    }

    Optional<Snapshot> snapshot(DatasetName dataset, Guid guid) {
        return Optional.ofNullable(byGuid.computeIfAbsent(dataset, name -> {
                    Map<Guid, Snapshot> all = new HashMap<>();
                    view.history(name).snapshots().forEach(s -> all.putIfAbsent(s.guid(), s));
                    return all;
                })
                .get(guid));
    }

    /** To be told once of all GUIDs that {@link #holding} is asked about: it goes through all histories. */
    void lookFor(Set<Guid> guids) {
        view.histories().forEach((name, history) -> lookIn(name, history, guids));
    }

    private void lookIn(DatasetName name, History history, Set<Guid> guids) {
        for (int i = 0; i < history.size(); i++) {
            if (!history.isBookmark(i)) {
                Guid guid = new Guid(history.guidBits(i));
                if (guids.contains(guid)) {
                    holding.computeIfAbsent(guid, g -> new HashSet<>()).add(name);
                }
            }
        }
    }

    /** The datasets with a snapshot of that GUID. */
    Set<DatasetName> holding(Guid guid) {
        return holding.getOrDefault(guid, Set.of());
    }
}
