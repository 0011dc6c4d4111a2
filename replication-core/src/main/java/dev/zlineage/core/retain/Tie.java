// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.DatasetName;
import java.util.Optional;

/**
 * A replication that has to be looked at before snapshots are destroyed: it makes a {@link Link} of each dataset that lies in
 * {@code here}.
 *
 * @param task the replication task
 * @param role what the datasets are to it
 * @param here the top of its tree on the host whose snapshots are judged
 * @param there the top of its tree on the other side
 * @param pending see {@link Link#pending}
 */
public record Tie(
        String task, Link.Role role, DatasetName here, DatasetName there, Optional<SnapshotSelection> pending) {}
