// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers the local properties of one dataset. The value of a user property may hold tabs and line feeds: a line that does not
 * begin with the name of a property is not guessed at.
 */
final class LocalPropertyReader implements Listing.Reader<Map<String, String>> {

    private final Map<String, String> found = new TreeMap<>();

    @Override
    public void read(String stdout) throws UnreadableException {
        Rows rows = new Rows(stdout);
        while (rows.next()) {
            String[] columns = rows.columns(2);
            if (!columns[0].matches("[a-z0-9:_.@-]+") || found.put(columns[0], columns[1]) != null) {
                throw rows.unreadable("a line does not begin with the name of a property, or with one that was there");
            }
        }
    }

    @Override
    public Map<String, String> answer() {
        return Map.copyOf(found);
    }
}
