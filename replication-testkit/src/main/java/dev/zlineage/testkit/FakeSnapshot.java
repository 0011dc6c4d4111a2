// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.SnapshotName;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A snapshot. Its owner changes when a clone is promoted, its label when it is renamed. */
final class FakeSnapshot {

    private final long guid;
    private final long createtxg;
    private final long creation;
    private final Contents contents;
    private final long ivset;
    private final Map<String, String> userProperties;
    private FakeDataset owner;
    private String label;
    private long written;
    // made when needed: there may be a million snapshots
    private Map<String, Long> holds = Map.of();
    private Set<FakeDataset> clones = Set.of();
    private Map<String, String> received = Map.of();
    private int senders;
    private boolean deferred;

    FakeSnapshot(
            FakeDataset owner,
            String label,
            long guid,
            long createtxg,
            long creation,
            Contents contents,
            long ivset,
            Map<String, String> userProperties) {
        this.owner = owner;
        this.label = label;
        this.guid = guid;
        this.createtxg = createtxg;
        this.creation = creation;
        this.contents = contents;
        this.ivset = ivset;
        this.userProperties = userProperties;
    }

    SnapshotName name() {
        return owner.name().snapshot(label);
    }

    FakeDataset owner() {
        return owner;
    }

    void owner(FakeDataset newOwner) {
        owner = newOwner;
    }

    String label() {
        return label;
    }

    void label(String newLabel) {
        label = newLabel;
    }

    long guid() {
        return guid;
    }

    long createtxg() {
        return createtxg;
    }

    /** When it was taken, wherever that was. */
    long creation() {
        return creation;
    }

    Contents contents() {
        return contents;
    }

    /** What ties raw increments to the encrypted form of this very snapshot; 0 when it is not encrypted. */
    long ivset() {
        return ivset;
    }

    /** Those that were set on it. */
    Map<String, String> userProperties() {
        return userProperties;
    }

    /** Those that came with it in a stream. */
    Map<String, String> received() {
        return received;
    }

    void receive(Map<String, String> properties) {
        received = Map.copyOf(properties);
    }

    Map<String, String> allUserProperties() {
        return received.isEmpty() ? userProperties : received;
    }

    long written() {
        return written;
    }

    void written(long bytes) {
        written = bytes;
    }

    Set<String> holds() {
        return holds.keySet();
    }

    /** By tag, the second in which it was set. */
    Map<String, Long> holdTimes() {
        return holds;
    }

    boolean hold(String tag, long seconds) {
        if (holds.isEmpty()) {
            holds = new TreeMap<>();
        }
        return holds.putIfAbsent(tag, seconds) == null;
    }

    boolean release(String tag) {
        return !holds.isEmpty() && holds.remove(tag) != null;
    }

    Set<FakeDataset> clones() {
        return clones;
    }

    void addClone(FakeDataset clone) {
        if (clones.isEmpty()) {
            clones = new LinkedHashSet<>();
        }
        clones.add(clone);
    }

    void removeClone(FakeDataset clone) {
        if (!clones.isEmpty()) {
            clones.remove(clone);
        }
    }

    /** To be destroyed as soon as nobody needs it. */
    void defer() {
        deferred = true;
    }

    /** Whether it was to be destroyed before, and nobody needs it any more. */
    boolean isDue() {
        return deferred && holds.isEmpty() && clones.isEmpty();
    }

    void senders(int change) {
        senders += change;
    }

    boolean isBeingSent() {
        return senders > 0;
    }
}
