// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

/** What one file or region of a volume holds, or that it is gone, and in which transaction group it became so. Immutable. */
final class Block {

    private static final int UNIT = 512;
    private static final byte[] NOTHING = {};

    private final byte[] bytes;
    private final boolean hole;
    private final long birth;

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

    /** What it takes on disk. */
    long size() {
        return hole ? 0 : sizeOnDisk(bytes.length);
    }

    static long sizeOnDisk(long length) {
        return Math.max(1, (length + UNIT - 1) / UNIT) * UNIT;
    }
}
