// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a volume held when a snapshot was taken, piece by piece.
 *
 * @param size its length in bytes
 * @param sha256 of each piece of {@link #pieceSize} bytes, from the first, 64 hexadecimal digits; the last piece may be shorter
 * @param unreadableFrom the beginning of the first piece that could not be read, because blocks of it are damaged; neither that
 *     nor what lies behind it has digests
 */
public record VolumePieces(long size, List<String> sha256, OptionalLong unreadableFrom) implements SnapshotContents {

    private static final long SMALLEST = 1L << 20;
    private static final long MOST = 4096;

    /** Copies the list. */
    public VolumePieces {
        sha256 = List.copyOf(sha256);
    }

    /**
     * Into what pieces a volume is cut: a power of two, at least 1 MiB, so that there are no more than 4096. Both sides of a
     * comparison cut alike where the volumes have one size.
     *
     * @param volumeSize the length of the volume in bytes
     * @return the length of a piece in bytes
     */
    public static long pieceSize(long volumeSize) {
        long piece = SMALLEST;
        while (volumeSize / piece >= MOST) {
            piece *= 2;
        }
        return piece;
    }

    /** Short. */
    @Override
    public String toString() {
        return sha256.size() + " pieces of " + pieceSize(size) + " bytes";
    }
}
