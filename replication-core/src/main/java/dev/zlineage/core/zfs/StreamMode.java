// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/**
 * The form of a stream.
 *
 * @param largeBlocks blocks over 128 KiB stay whole ({@code -L}). Once a target was sent so, it must remain so
 * @param compressed blocks travel as they are compressed on disk ({@code -c})
 * @param embedded small blocks travel within their pointers ({@code -e}); refused by encrypted targets
 * @param raw blocks travel as they are on disk, encrypted and unreadable to the receiver ({@code -w})
 */
public record StreamMode(boolean largeBlocks, boolean compressed, boolean embedded, boolean raw) {

    /** Large blocks and compressed ones as they are. Nothing is expanded on its way, and every target takes it. */
    public static final StreamMode DEFAULT = new StreamMode(true, true, false, false);

    /** As on disk; for an encrypted dataset the receiver needs no key. */
    public static final StreamMode RAW = new StreamMode(true, true, false, true);
}
