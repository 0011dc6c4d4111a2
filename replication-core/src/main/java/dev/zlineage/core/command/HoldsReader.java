// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.SnapshotName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Gathers tags of holds. */
final class HoldsReader implements Listing.Reader<Map<SnapshotName, Set<String>>> {

    private final Map<String, SnapshotName> asked = new HashMap<>();
    private final Map<SnapshotName, Set<String>> found = new LinkedHashMap<>();

    HoldsReader(Set<SnapshotName> asked) {
        for (SnapshotName name : asked) {
            this.asked.put(name.toString(), name);
            found.put(name, new TreeSet<>());
        }
    }

    @Override
    public void read(String stdout) throws UnreadableException {
        Rows rows = new Rows(stdout);
        while (rows.next()) {
            // the third column is a time in words
            String[] columns = rows.columns(3);
            Set<String> tags = found.get(asked.get(columns[0]));
            if (tags == null) {
                throw rows.unreadable("a line is about a snapshot that was not asked for");
            }
            tags.add(columns[1]);
        }
    }

    @Override
    public Map<SnapshotName, Set<String>> answer() {
        return found;
    }
}
