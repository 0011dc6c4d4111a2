// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.plan.TargetStep;
import dev.zlineage.core.retain.Link;
import dev.zlineage.core.retain.RetentionPlan;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the plan that is carried out said it would destroy or make; anything else is a violation. */
record Permit(
        Set<Guid> sourceSnapshots,
        Set<Guid> targetSnapshots,
        Set<DatasetName> rolledBack,
        Set<DatasetName> discarded,
        Optional<String> newLabel) {

    static final Permit NOTHING = new Permit(Set.of(), Set.of(), Set.of(), Set.of(), Optional.empty());

    static Permit of(ReplicationPlan plan) {
        Set<Guid> snapshots = new HashSet<>();
        Set<DatasetName> rolledBack = new HashSet<>();
        Set<DatasetName> discarded = new HashSet<>();
        for (DatasetPlan dataset : plan.datasets()) {
            for (TargetStep step : dataset.before()) {
                if (step instanceof TargetStep.DiscardPartial discard) {
                    discarded.add(discard.target());
                }
                if (step instanceof TargetStep.RollBack back) {
                    back.snapshots().stream().map(Snapshot::guid).forEach(snapshots::add);
                    if (back.bytes() > 0) {
                        rolledBack.add(back.target());
                    }
                }
            }
        }
        return new Permit(
                Set.of(), snapshots, rolledBack, discarded, plan.snapshot().map(SnapshotName::label));
    }

    static Permit of(RetentionPlan plan, Link.Role role) {
        Set<Guid> going = plan.datasets().stream()
                .flatMap(dataset -> dataset.destroys().stream())
                .map(Snapshot::guid)
                .collect(Collectors.toSet());
        boolean sends = role == Link.Role.SENDS;
        return new Permit(sends ? going : Set.of(), sends ? Set.of() : going, Set.of(), Set.of(), Optional.empty());
    }
}
