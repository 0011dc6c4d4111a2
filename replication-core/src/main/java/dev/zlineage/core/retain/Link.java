// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import java.util.Optional;

/**
 * A replication that begins or ends in a dataset of the host that is looked at, running or not, and what was seen of its other
 * side. What it goes on from is never destroyed.
 *
 * @param task the replication task
 * @param here the dataset on the host that is looked at
 * @param role what that dataset is to the task
 * @param there the dataset on the other side
 * @param sight what was seen of it
 * @param pending on the sending side: snapshots of this selection stay until the target has them; empty for none
 */
public record Link(
        String task, DatasetName here, Role role, DatasetName there, Sight sight, Optional<SnapshotSelection> pending) {

    /** What a dataset is to a replication. */
    public enum Role {
        /** Its source. */
        SENDS,
        /** Its target. */
        RECEIVES
    }

    /** What was seen of the other side. */
    public sealed interface Sight {

        /**
         * It was listed.
         *
         * @param history its snapshots and bookmarks
         */
        record Seen(History history) implements Sight {}

        /** Its pool was listed, and it is not there. */
        record Absent() implements Sight {}

        /**
         * It could not be looked at.
         *
         * @param why what went wrong
         */
        record Unknown(String why) implements Sight {}
    }
}
