// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lists what a selection has to know of the snapshots of a source. */
public final class Histories {

    private Histories() {}

    /**
     * Lists histories: by one command, and by one more where a user property of snapshots is meant.
     *
     * @param host which host
     * @param names the datasets; one that does not exist is absent
     * @param scope the names alone, or all below them too
     * @param selection what is to be selected
     * @return by dataset
     * @throws ZfsException if a listing failed
     */
    public static Map<DatasetName, History> list(
            Zfs host, List<DatasetName> names, Scope scope, SnapshotSelection selection) {
        Map<DatasetName, History> histories =
                host.execute(new ZfsCommand.ListHistories(names, scope)).orThrow();
        Optional<SnapshotSelection.Tagged> tagged = selection.tagged();
        if (tagged.isEmpty()) {
            return histories;
        }
        Map<DatasetName, Set<String>> carriers = new HashMap<>();
        host.execute(new ZfsCommand.ListSnapshotProperty(
                        names, scope, tagged.get().property()))
                .orThrow()
                .forEach((snapshot, value) -> {
                    if (tagged.get().means(value)) {
                        carriers.computeIfAbsent(snapshot.dataset(), name -> new HashSet<>())
                                .add(snapshot.label());
                    }
                });
        Map<DatasetName, History> known = new HashMap<>(histories);
        known.replaceAll((name, history) -> history.tagged(carriers.getOrDefault(name, Set.of())));
        return known;
    }
}
