// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.PoolFeature;
import java.util.Map;
import java.util.TreeMap;

/** Picks the features out of the properties of a pool. */
final class FeatureReader implements Listing.Reader<Map<String, PoolFeature>> {

    private static final String PREFIX = "feature@";

    private final Map<String, PoolFeature> found = new TreeMap<>();

    @Override
    public void read(String stdout) throws UnreadableException {
        Rows rows = new Rows(stdout);
        while (rows.next()) {
            int tab = rows.tab(rows.start());
            // a comment of the pool may hold anything but a line feed
            String property = tab < 0 ? "" : rows.row().substring(0, tab - rows.start());
            if (property.startsWith(PREFIX)) {
                found.put(property.substring(PREFIX.length()), state(rows, rows.columns(2)[1]));
            }
        }
    }

    private static PoolFeature state(Rows rows, String value) throws UnreadableException {
        return switch (value) {
            case "disabled" -> PoolFeature.DISABLED;
            case "enabled" -> PoolFeature.ENABLED;
            case "active" -> PoolFeature.ACTIVE;
            default -> throw rows.unreadable("'" + value + "' is no state of a feature");
        };
    }

    @Override
    public Map<String, PoolFeature> answer() {
        return Map.copyOf(found);
    }
}
