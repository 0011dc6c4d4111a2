// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.SnapshotName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Gathers tags of holds with their times. */
final class HoldTimesReader implements Listing.Reader<Map<SnapshotName, Map<String, Long>>> {

    private final Map<String, SnapshotName> asked = new HashMap<>();
    private final Map<SnapshotName, Map<String, Long>> found = new LinkedHashMap<>();

    HoldTimesReader(Set<SnapshotName> asked) {
        for (SnapshotName name : asked) {
            this.asked.put(name.toString(), name);
            found.put(name, new TreeMap<>());
        }
    }

    @Override
    public void read(String stdout) throws UnreadableException {
        Rows rows = new Rows(stdout);
        while (rows.next()) {
            String[] columns = rows.columns(3);
            SnapshotName snapshot = asked.get(columns[0]);
            if (snapshot == null) {
                throw rows.unreadable("a line is about a snapshot that was not asked for");
            }
            found.computeIfAbsent(snapshot, name -> new TreeMap<>()).put(columns[1], rows.bytes(columns[2]));
        }
    }

    @Override
    public Map<SnapshotName, Map<String, Long>> answer() {
        return found;
    }
}
