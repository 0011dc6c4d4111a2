// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/**
 * A bookmark: it remembers when a snapshot was taken, holds no data, and can be the base of an increment on the sending
 * side after its snapshot is gone.
 *
 * @param label the part of its name after the {@code #}
 * @param guid the identity of the snapshot that it was made of
 * @param createtxg the place of that snapshot in the history of the dataset
 */
public record Bookmark(String label, Guid guid, long createtxg) implements HistoryPoint {

    @Override
    public String toString() {
        return "#" + label;
    }
}
