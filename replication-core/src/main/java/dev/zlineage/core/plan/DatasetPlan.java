// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Relation;
import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done with one dataset.
 *
 * @param source the dataset that is sent
 * @param target the dataset that receives; where its name can't be, the name is that of the request's target
 * @param kind filesystem or volume
 * @param relation how the two stand to each other now
 * @param decision what follows from that
 * @param streams the streams, in the order in which they are sent
 * @param bookmark the bookmark to make on the source before they are
 * @param obsolete bookmarks of ours that are destroyed once the target was verified: replaced ones, and what a crash left
 * @param release snapshots of the source whose hold of ours is released at the end, whether or not there is one
 * @param omitted how many snapshots newer than the base the selection leaves out
 */
public record DatasetPlan(
        DatasetName source,
        DatasetName target,
        DatasetKind kind,
        Relation relation,
        Decision decision,
        List<PlannedStream> streams,
        Optional<NewBookmark> bookmark,
        List<BookmarkName> obsolete,
        List<SnapshotName> release,
        int omitted) {

    /** Copies the lists. */
    public DatasetPlan {
        streams = List.copyOf(streams);
        obsolete = List.copyOf(obsolete);
        release = List.copyOf(release);
    }

    /**
     * Whether anything is sent.
     *
     * @return true if there is a stream
     */
    public boolean sends() {
        return !streams.isEmpty();
    }

    /**
     * The snapshot that the target is to end in, by its name on the source; it is held while streams are under way.
     *
     * @return empty where nothing is sent
     */
    public Optional<SnapshotName> goal() {
        return sends()
                ? Optional.of(
                        source.snapshot(streams.get(streams.size() - 1).last().label()))
                : Optional.empty();
    }
}
