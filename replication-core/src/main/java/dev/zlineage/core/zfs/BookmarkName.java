// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/**
 * The full name of a bookmark: {@code dataset#label}.
 *
 * @param dataset the dataset it belongs to
 * @param label the part after the {@code #}
 */
public record BookmarkName(DatasetName dataset, String label) implements PointName {

    /**
     * Checks the name.
     *
     * @throws InvalidNameException if OpenZFS would refuse the label or the length of the whole
     */
    public BookmarkName {
        Names.check("bookmark name", dataset + "#" + label, DatasetName.MAX_BYTES);
        Names.checkComponent("bookmark name", dataset + "#" + label, label);
    }

    @Override
    public String toString() {
        return dataset + "#" + label;
    }
}
