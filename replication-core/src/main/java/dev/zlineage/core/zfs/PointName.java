// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/** The full name of a point in a dataset's history: a snapshot or a bookmark. */
public sealed interface PointName permits SnapshotName, BookmarkName {

    /**
     * The dataset whose history the point belongs to.
     *
     * @return the part before the {@code @} or {@code #}
     */
    DatasetName dataset();

    /**
     * The point's name within its dataset.
     *
     * @return the part after the {@code @} or {@code #}
     */
    String label();

    /**
     * Reads a snapshot's or bookmark's full name.
     *
     * @param text such as {@code tank/data@monday} or {@code tank/data#monday}
     * @return the name
     * @throws InvalidNameException if it is neither
     */
    static PointName of(String text) {
        int at = text.indexOf('@');
        int hash = text.indexOf('#');
        if (at >= 0 && hash < 0) {
            return new SnapshotName(DatasetName.of(text.substring(0, at)), text.substring(at + 1));
        }
        if (hash >= 0 && at < 0) {
            return new BookmarkName(DatasetName.of(text.substring(0, hash)), text.substring(hash + 1));
        }
        throw new InvalidNameException("snapshot or bookmark name", text, "it needs one '@' or one '#'");
    }
}
