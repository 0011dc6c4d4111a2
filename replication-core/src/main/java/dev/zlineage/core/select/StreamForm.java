// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

/**
 * In which form blocks travel, where the source may read them. What is sent raw is sent as it lies on the disk, whatever this
 * says.
 *
 * @param largeBlocks blocks over 128 KiB stay whole. A target that was sent so refuses increments that are not
 * @param compressed blocks travel as they are compressed on disk
 * @param embedded small blocks travel within their pointers; not to targets that are encrypted, which refuse them
 */
public record StreamForm(boolean largeBlocks, boolean compressed, boolean embedded) {

    /** Blocks as they are on disk, as far as every target takes them. */
    public static final StreamForm DEFAULT = new StreamForm(true, true, false);
}
