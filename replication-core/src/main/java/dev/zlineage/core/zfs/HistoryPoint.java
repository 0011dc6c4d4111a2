// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/** A point in the history of a dataset: a snapshot, or the bookmark that remembers one. */
public sealed interface HistoryPoint permits Snapshot, Bookmark {

    /**
     * The name within the dataset.
     *
     * @return the part after the {@code @} or {@code #}
     */
    String label();

    /**
     * The identity; a bookmark has that of the snapshot it was made of.
     *
     * @return the GUID
     */
    Guid guid();

    /**
     * The transaction group in which the snapshot came into being <em>in this pool</em>. It orders the points of one
     * dataset; it says nothing across pools. A bookmark has that of its snapshot.
     *
     * @return the number of the transaction group
     */
    long createtxg();
}
