// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Base;
import dev.zlineage.core.zfs.History;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The smallest number of streams that brings the selected snapshots, and no others, to a target.
 *
 * <p>A run of selected snapshots with none left out between them, and none between them and the base, is one series
 * ({@code -I}). Over a gap, and from a bookmark, only an increment ({@code -i}) leads, to one snapshot; the run behind it is
 * a series again. A first stream without base is full and brings one snapshot.
 */
final class StreamSeries {

    /**
     * One stream.
     *
     * @param from the place of its base in the source's history; -1 for a full stream
     * @param to the place of the last snapshot that it brings
     * @param first the place of the first snapshot that it brings
     */
    record Segment(int from, int first, int to) {

        boolean full() {
            return from < 0;
        }

        boolean series() {
            return first != to;
        }
    }

    private StreamSeries() {}

    static List<Segment> minimal(History source, Optional<Base> base, BitSet selected) {
        List<Segment> segments = new ArrayList<>();
        int at = base.map(Base::sourceIndex).orElse(-1);
        for (int next = selected.nextSetBit(at + 1); next >= 0; next = selected.nextSetBit(at + 1)) {
            int to = next;
            if (at >= 0 && !source.isBookmark(at) && snapshotAfter(source, at) == next) {
                for (int more = snapshotAfter(source, to);
                        more >= 0 && selected.get(more);
                        more = snapshotAfter(source, to)) {
                    to = more;
                }
            }
            segments.add(new Segment(at, next, to));
            at = to;
        }
        return segments;
    }

    /** The place of the snapshot that follows, or -1. */
    private static int snapshotAfter(History source, int index) {
        for (int i = index + 1; i < source.size(); i++) {
            if (!source.isBookmark(i)) {
                return i;
            }
        }
        return -1;
    }
}
