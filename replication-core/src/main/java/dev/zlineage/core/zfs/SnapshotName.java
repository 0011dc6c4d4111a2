// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/**
 * The full name of a snapshot: {@code dataset@label}.
 *
 * @param dataset the dataset it belongs to
 * @param label the part after the {@code @}
 */
public record SnapshotName(DatasetName dataset, String label) implements PointName {

    /**
     * Checks the name.
     *
     * @throws InvalidNameException if OpenZFS would refuse the label or the length of the whole
     */
    public SnapshotName {
        Names.check("snapshot name", dataset + "@" + label, DatasetName.MAX_BYTES);
        Names.checkComponent("snapshot name", dataset + "@" + label, label);
    }

    @Override
    public String toString() {
        return dataset + "@" + label;
    }
}
