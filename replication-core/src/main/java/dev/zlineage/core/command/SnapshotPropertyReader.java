// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Gathers one user property of snapshots. Its value may hold tabs and line feeds, and so look like the row of another snapshot:
 * that one then has two rows.
 */
final class SnapshotPropertyReader implements Listing.Reader<Map<SnapshotName, String>> {

    private final Predicate<DatasetName> expected;
    private final Set<String> seen = new HashSet<>();
    private final Map<SnapshotName, String> found = new LinkedHashMap<>();

    SnapshotPropertyReader(Predicate<DatasetName> expected) {
        this.expected = expected;
    }

    @Override
    public void read(String stdout) throws UnreadableException {
        Rows rows = new Rows(stdout);
        while (rows.next()) {
            String[] columns = rows.columns(3);
            if (!seen.add(columns[0])) {
                throw rows.unreadable("a snapshot is there twice");
            }
            SnapshotName name = name(rows, columns[0]);
            if (columns[2].equals("local")) {
                found.put(name, columns[1]);
            }
        }
    }

    private SnapshotName name(Rows rows, String text) throws UnreadableException {
        try {
            if (PointName.of(text) instanceof SnapshotName name && expected.test(name.dataset())) {
                return name;
            }
        } catch (InvalidNameException e) {
            // told below
        }
        throw rows.unreadable("a line is about something that was not asked for");
    }

    @Override
    public Map<SnapshotName, String> answer() {
        return found;
    }
}
