// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.Fate;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.retain.Arrivals;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells which of the snapshots that the target lacks its retention would destroy as soon as they had arrived. What the target
 * holds is looked at too, since of each schema the newest stays.
 */
final class WorthSending {

    private WorthSending() {}

    static Set<Guid> dropped(ReplicationPlan plan, RetentionRequest onTarget) {
        Set<Guid> dropped = new HashSet<>();
        for (DatasetPlan dataset : plan.datasets()) {
            BitSet missing = dataset.fates().places(Fate.SENT, Fate.GAP);
            if (missing.isEmpty()) {
                continue;
            }
            History source = dataset.fates().history();
            BitSet wanted = dataset.fates().places(Fate.SENT, Fate.GAP, Fate.THERE);
            Arrivals.of(onTarget, dataset.target(), source, wanted, -1).dropped().keySet().stream()
                    .filter(missing::get)
                    .forEach(place -> dropped.add(new Guid(source.guidBits(place))));
        }
        return dropped;
    }
}
