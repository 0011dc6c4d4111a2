// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/**
 * A snapshot of a dataset.
 *
 * @param label the part of its name after the {@code @}
 * @param guid its identity
 * @param createtxg its place in the history of its dataset
 */
public record Snapshot(String label, Guid guid, long createtxg) implements HistoryPoint {

    @Override
    public String toString() {
        return "@" + label;
    }
}
