// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What one file or region of a volume holds, or that it is gone, and in which transaction group it became so. Immutable. */
final class Block {

    private static final int UNIT = 512;
    private static final int SHORT = 64;
    private static final byte[] NOTHING = {};

    private final byte[] bytes;
    private final boolean hole;
    private final long birth;

    /** Computed when it is first asked for: the same block stands in many snapshots, and tests look at them often. */
    private volatile @Nullable String shown;

    private Block(byte[] bytes, boolean hole, long birth) {
        this.bytes = bytes;
        this.hole = hole;
        this.birth = birth;
    }

    static Block of(byte[] bytes, long birth) {
        return new Block(bytes, false, birth);
    }

    /** Holes have a birth too: this is how an increment whose base is a bookmark knows what was deleted. */
    static Block hole(long birth) {
        return new Block(NOTHING, true, birth);
    }

    boolean isHole() {
        return hole;
    }

    long birth() {
        return birth;
    }

    /** Not a copy; nobody may write to it. */
    byte[] bytes() {
        return bytes;
    }

    /** For tests to compare: a short text as it is, everything else by its digest. */
    String shown() {
        String known = shown;
        if (known == null) {
            known = show(bytes);
            shown = known;
        }
        return known;
    }

    private static String show(byte[] bytes) {
        if (bytes.length <= SHORT) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                return text;
            }
        }
        return bytes.length + " bytes, sha256 " + Digests.sha256(bytes);
    }

    /** What it takes on disk. */
    long size() {
        return hole ? 0 : sizeOnDisk(bytes.length);
    }

    static long sizeOnDisk(long length) {
        return Math.max(1, (length + UNIT - 1) / UNIT) * UNIT;
    }
}
