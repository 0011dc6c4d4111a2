// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.retain.Arrivals;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells which of the snapshots of a plan the retention of the target would destroy as soon as they have arrived. */
final class WorthSending {

    private WorthSending() {}

    static Set<Guid> dropped(ReplicationPlan plan, RetentionRequest onTarget) {
        Set<Guid> dropped = new HashSet<>();
        for (DatasetPlan dataset : plan.datasets()) {
            List<Snapshot> arriving = dataset.arriving();
            History.Builder coming = new History.Builder();
            arriving.forEach(coming::add);
            BitSet all = new BitSet();
            all.set(0, arriving.size());
            Arrivals.of(onTarget, dataset.target(), coming.build(), all, -1)
                    .dropped()
                    .keySet()
                    .forEach(place -> dropped.add(arriving.get(place).guid()));
        }
        return dropped;
    }
}
