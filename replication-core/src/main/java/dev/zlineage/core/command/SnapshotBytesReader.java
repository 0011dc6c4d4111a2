// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.SnapshotName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Gathers a property of snapshots that counts bytes. */
final class SnapshotBytesReader implements Listing.Reader<Map<SnapshotName, Long>> {

    private final Map<String, SnapshotName> asked = new HashMap<>();
    private final Map<SnapshotName, Long> found = new LinkedHashMap<>();

    SnapshotBytesReader(Set<SnapshotName> asked) {
        asked.forEach(name -> this.asked.put(name.toString(), name));
    }

    @Override
    public void read(String stdout) throws UnreadableException {
        Rows rows = new Rows(stdout);
        while (rows.next()) {
            String[] columns = rows.columns(2);
            SnapshotName name = asked.get(columns[0]);
            if (name == null) {
                throw rows.unreadable("a line is about a snapshot that was not asked for");
            }
            found.put(name, rows.bytes(columns[1]));
        }
    }

    @Override
    public Map<SnapshotName, Long> answer() {
        return found;
    }
}
