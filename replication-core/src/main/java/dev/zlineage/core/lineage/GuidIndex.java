// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.lineage;

import java.util.Arrays;

/** From GUIDs to places in a history, without an object a snapshot. Zero is no GUID. */
final class GuidIndex {

    private final long[] keys;
    private final int[] places;
    private final int mask;

    GuidIndex(int expected) {
        int size = Integer.highestOneBit(Math.max(4, expected) * 2 - 1) << 1;
        keys = new long[size];
        places = new int[size];
        mask = size - 1;
        Arrays.fill(places, -1);
    }

    /** Keeps the first place that is put for a GUID. */
    void putFirst(long guid, int place) {
        int slot = slot(guid);
        if (places[slot] < 0) {
            keys[slot] = guid;
            places[slot] = place;
        }
    }

    /** The place, or -1. */
    int get(long guid) {
        return places[slot(guid)];
    }

    private int slot(long guid) {
        // GUIDs are random, except in tests
        long mixed = guid * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (places[slot] >= 0 && keys[slot] != guid) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
