// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a dataset holds at one moment. Immutable; snapshots of an unchanged dataset share one. */
final class Contents {

    /** What an empty filesystem refers to. */
    static final long EMPTY_BYTES = 4 * 24_576;

    /** What any change rewrites besides the data. */
    static final long METADATA_BYTES = 12_288;

    /** In place of the transaction group of a predecessor that does not exist. */
    static final long NEVER = -1;

    private final SortedMap<String, Block> blocks;
    private final long changed;
    private final long dataBytes;

    private Contents(SortedMap<String, Block> blocks, long changed) {
        this.blocks = blocks;
        this.changed = changed;
        long sum = 0;
        for (Block block : blocks.values()) {
            sum += block.size();
        }
        this.dataBytes = sum;
    }

    static Contents empty(long txg) {
        return new Contents(new TreeMap<>(), txg);
    }

    Contents put(String path, byte[] bytes, long txg) {
        return with(Map.of(path, Block.of(bytes.clone(), txg)), txg);
    }

    Contents delete(String path, long txg) {
        return with(Map.of(path, Block.hole(txg)), txg);
    }

    /** A change without data, such as that of an access time. */
    Contents touched(long txg) {
        return new Contents(blocks, txg);
    }

    Contents with(Map<String, Block> changes, long txg) {
        SortedMap<String, Block> more = new TreeMap<>(blocks);
        more.putAll(changes);
        return new Contents(more, txg);
    }

    boolean has(String path) {
        Block block = blocks.get(path);
        return block != null && !block.isHole();
    }

    byte[] bytes(String path) {
        return block(path).bytes().clone();
    }

    Block block(String path) {
        Block block = blocks.get(path);
        if (block == null || block.isHole()) {
            throw new IllegalArgumentException("No such file: " + path);
        }
        return block;
    }

    SortedMap<String, Block> files() {
        SortedMap<String, Block> files = new TreeMap<>(blocks);
        files.values().removeIf(Block::isHole);
        return files;
    }

    /** The folders that files lie in, the root included. */
    Set<String> folders() {
        Set<String> found = new HashSet<>();
        found.add("");
        for (String path : files().keySet()) {
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                found.add(path.substring(0, slash));
            }
        }
        return found;
    }

    /** Files and folders. */
    long objects() {
        return (long) files().size() + folders().size();
    }

    boolean changedSince(long txg) {
        return changed > txg;
    }

    long referenced() {
        return EMPTY_BYTES + dataBytes;
    }

    /** Bytes written since a transaction group: exactly zero when nothing was changed. */
    long writtenSince(long txg) {
        if (txg == NEVER) {
            return referenced();
        }
        if (!changedSince(txg)) {
            return 0;
        }
        long sum = METADATA_BYTES;
        for (Block block : blocks.values()) {
            if (block.birth() > txg) {
                sum += block.size();
            }
        }
        return sum;
    }

    /** Bytes written since a transaction group that later contents do not have any more. */
    long notIn(Contents later, long txg) {
        if (!changedSince(txg) || later.changed == changed) {
            return 0;
        }
        long sum = METADATA_BYTES;
        for (Map.Entry<String, Block> entry : blocks.entrySet()) {
            Block block = entry.getValue();
            if (block.birth() > txg && later.blocks.get(entry.getKey()) != block) {
                sum += block.size();
            }
        }
        return sum;
    }

    /** What an increment from that transaction group has to carry; without a predecessor holes say nothing. */
    Map<String, Block> since(long txg) {
        Map<String, Block> found = new LinkedHashMap<>();
        if (changedSince(txg)) {
            blocks.forEach((path, block) -> {
                if (block.birth() > txg && !(block.isHole() && txg == NEVER)) {
                    found.put(path, block);
                }
            });
        }
        return found;
    }

    /** For tests to compare: short texts as they are, everything else by its digest. */
    SortedMap<String, String> shown() {
        SortedMap<String, String> shown = new TreeMap<>();
        blocks.forEach((path, block) -> {
            if (!block.isHole()) {
                shown.put(path, block.shown());
            }
        });
        return Collections.unmodifiableSortedMap(shown);
    }
}
