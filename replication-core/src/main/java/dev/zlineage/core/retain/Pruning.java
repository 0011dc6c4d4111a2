// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.retain.RetentionResult.Cause;
import dev.zlineage.core.retain.RetentionResult.Spared;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How far one dataset is. Each snapshot that was to go ends destroyed or spared. */
final class Pruning {

    private final DatasetRetention plan;
    private final Set<Snapshot> left;
    private final List<Snapshot> destroyed = new ArrayList<>();
    private final List<Spared> spared = new ArrayList<>();

    Pruning(DatasetRetention plan) {
        this.plan = plan;
        this.left = new LinkedHashSet<>(plan.wanted());
    }

    DatasetName dataset() {
        return plan.dataset();
    }

    List<Snapshot> left() {
        return List.copyOf(left);
    }

    boolean isOpen(Snapshot snapshot) {
        return left.contains(snapshot);
    }

    void destroyed(Snapshot snapshot) {
        if (left.remove(snapshot)) {
            destroyed.add(snapshot);
        }
    }

    void spare(Snapshot snapshot, Cause cause, String why) {
        if (left.remove(snapshot)) {
            spared.add(new Spared(snapshot, cause, why));
        }
    }

    void spareAll(Cause cause, String why) {
        left().forEach(snapshot -> spare(snapshot, cause, why));
    }

    /** Drops what is not what it was when it was planned. */
    void recheck(History now) {
        for (SnapshotFate fate : plan.snapshots()) {
            if (fate.guarded() && !now.holds(fate.snapshot().guid())) {
                spareAll(Cause.CHANGED, fate.snapshot() + ", which had to stay, is gone since the plan was made");
                return;
            }
        }
        for (Snapshot snapshot : left()) {
            Optional<Guid> guid = now.snapshot(snapshot.label()).map(Snapshot::guid);
            if (guid.isEmpty()) {
                spare(snapshot, Cause.CHANGED, "it is not there any more");
            } else if (!guid.get().equals(snapshot.guid())) {
                spare(snapshot, Cause.CHANGED, "another snapshot has its name now");
            }
        }
    }

    boolean failed() {
        return spared.stream().anyMatch(s -> s.cause() == Cause.FAILED);
    }

    void readBack(History now) {
        for (Spared each : List.copyOf(spared)) {
            if (each.cause() == Cause.FAILED && !now.holds(each.snapshot().guid())) {
                spared.remove(each);
                destroyed.add(each.snapshot());
            }
        }
    }

    RetentionResult.Pruned result() {
        return new RetentionResult.Pruned(dataset(), destroyed, spared);
    }
}
