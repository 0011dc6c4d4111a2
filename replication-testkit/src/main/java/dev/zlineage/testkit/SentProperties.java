// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The properties that a stream takes along.
 *
 * @param dataset those that the dataset has of its own, set or received
 * @param snapshot the user properties of the snapshot
 */
record SentProperties(Map<String, String> dataset, Map<String, String> snapshot) {

    static SentProperties of(FakeSnapshot snapshot) {
        return new SentProperties(snapshot.owner().properties().own(), snapshot.allUserProperties());
    }

    void write(DataOutputStream out) throws IOException {
        write(out, dataset);
        write(out, snapshot);
    }

    private static void write(DataOutputStream out, Map<String, String> properties) throws IOException {
        out.writeInt(properties.size());
        for (Map.Entry<String, String> property : new TreeMap<>(properties).entrySet()) {
            out.writeUTF(property.getKey());
            out.writeUTF(property.getValue());
        }
    }

    static SentProperties read(DataInputStream in) throws IOException {
        return new SentProperties(readMap(in), readMap(in));
    }

    private static Map<String, String> readMap(DataInputStream in) throws IOException {
        Map<String, String> properties = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            properties.put(in.readUTF(), in.readUTF());
        }
        return properties;
    }
}
