// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.prune;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is to be done with one dataset of the target. Those of which nothing is to be said have none.
 *
 * @param dataset the dataset
 * @param guid its own GUID
 * @param act what is done
 * @param why what was found
 * @param mark the value that is set, where one is
 * @param snapshots those that it has, from old to new; what is destroyed has these and no others
 * @param source the GUID of the dataset that it is a copy of, where that is known
 * @param origin the dataset that it is a clone of, if it is one
 */
public record CopyFate(
        DatasetName dataset,
        Guid guid,
        Act act,
        String why,
        Optional<String> mark,
        List<Snapshot> snapshots,
        Optional<Guid> source,
        Optional<DatasetName> origin) {

    /** What is done. */
    public enum Act {
        /** It is marked as a copy of its source, so that it can be told later that this is gone. */
        KNOW,
        /** Its source is gone: that is marked, with the time. */
        NOTE,
        /** Its source is gone, and not yet for as long as it has to be. */
        WAIT,
        /** Its source is there again: the mark is taken away. */
        FORGET,
        /** It is destroyed with its snapshots. */
        DESTROY,
        /** It has no source, or that has moved, and it stays; somebody has to look at it. */
        LEAVE;

        /**
         * For a reader.
         *
         * @return the name in lower case
         */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The same, which stays. */
    CopyFate left(String because) {
        return new CopyFate(
                dataset, guid, Act.LEAVE, why + ", but " + because, Optional.empty(), snapshots, source, origin);
    }

    /** Copies the list. */
    public CopyFate {
        snapshots = List.copyOf(snapshots);
    }
}
