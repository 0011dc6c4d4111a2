// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PropertyValue;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gathers properties. The value of a user property may hold tabs and line feeds, and so look like other rows. It can't hide
 * that there is a row too many: each dataset has each property exactly once.
 */
final class PropertyReader implements Listing.Reader<List<PropertyValue>> {

    private record Key(DatasetName dataset, String property) {}

    private final Map<String, DatasetName> names = new HashMap<>();
    private final Set<String> properties;
    private final Map<Key, PropertyValue> found = new LinkedHashMap<>();

    PropertyReader(Set<DatasetName> names, Set<String> properties) {
        names.forEach(name -> this.names.put(name.value(), name));
        this.properties = properties;
    }

    @Override
    public void read(String stdout) throws UnreadableException {
        Rows rows = new Rows(stdout);
        while (rows.next()) {
            String[] columns = rows.columns(4);
            DatasetName name = names.get(columns[0]);
            if (name == null || !properties.contains(columns[1])) {
                throw rows.unreadable("a line is about something that was not asked for");
            }
            PropertyValue value = new PropertyValue(name, columns[1], columns[2], columns[3]);
            if (found.put(new Key(name, columns[1]), value) != null) {
                throw rows.unreadable("a property is there twice");
            }
        }
    }

    @Override
    public List<PropertyValue> answer() throws UnreadableException {
        int expected = names.size() * properties.size();
        if (found.size() != expected) {
            throw new UnreadableException(
                    found.size() + " properties were listed instead of " + expected, String.join(",", properties));
        }
        return List.copyOf(found.values());
    }
}
