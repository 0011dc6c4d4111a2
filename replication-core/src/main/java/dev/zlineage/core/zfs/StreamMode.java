// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/**
 * The form of a stream.
 *
 * @param largeBlocks blocks over 128 KiB stay whole ({@code -L}). Once a target was sent so, it must remain so
 * @param compressed blocks travel as they are compressed on disk ({@code -c})
 * @param embedded small blocks travel within their pointers ({@code -e}); refused by encrypted targets
 * @param raw blocks travel as they are on disk, encrypted and unreadable to the receiver ({@code -w})
 * @param properties the properties that were set on the dataset or received by it go along, and the user properties of its
 *     snapshots ({@code -p}). Not with a bookmark as the base, and of an encrypted dataset only raw; a stream that is
 *     carried on after a cut has none
 */
public record StreamMode(boolean largeBlocks, boolean compressed, boolean embedded, boolean raw, boolean properties) {

    /** Large blocks and compressed ones as they are. Nothing is expanded on its way, and every target takes it. */
    public static final StreamMode DEFAULT = new StreamMode(true, true, false, false, false);

    /** As on disk; for an encrypted dataset the receiver needs no key. */
    public static final StreamMode RAW = new StreamMode(true, true, false, true, false);

    /**
     * The same form, with properties.
     *
     * @return a changed copy
     */
    public StreamMode withProperties() {
        return new StreamMode(largeBlocks, compressed, embedded, raw, true);
    }

    /**
     * The same form, without properties.
     *
     * @return a changed copy
     */
    public StreamMode withoutProperties() {
        return new StreamMode(largeBlocks, compressed, embedded, raw, false);
    }
}
