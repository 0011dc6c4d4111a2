// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.ReceiveStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a dataset's part of a plan needs on the target. OpenZFS asks on the dataset that is received into or, where it comes
 * into being, on its parent; for a property always on the dataset itself.
 */
final class TargetNeeds {

    private final ReplicationPlan plan;
    private final HostView target;
    private final Set<Need> needs = new HashSet<>();

    TargetNeeds(ReplicationPlan plan, HostView target) {
        this.plan = plan;
        this.target = target;
    }

    Set<Need> of(DatasetPlan dataset) {
        if (dataset.sends()) {
            for (NewParent parent : plan.parents()) {
                if (parent.name().contains(dataset.receiver())) {
                    create(parent);
                }
            }
        }
        dataset.before().forEach(step -> step(step, dataset));
        for (PlannedStream stream : dataset.streams()) {
            receive(stream.receive());
        }
        dataset.after().forEach(step -> step(step, dataset));
        return needs;
    }

    /** What a target that is there needs to go on well; without it a dataset is received all the same. */
    static List<Need> toContinue(DatasetPlan dataset) {
        return Stream.concat(dataset.before().stream(), dataset.after().stream())
                .filter(TargetStep.MakeReadonly.class::isInstance)
                .map(step -> Need.of("readonly", step.target(), step.target()))
                .toList();
    }

    private void create(NewParent parent) {
        DatasetName above = parent.name().parent().orElseThrow();
        need(above, "create", "mount");
        properties(parent.name(), parent.properties());
    }

    private void receive(ReceiveStream receive) {
        boolean there = target.dataset(receive.target()).isPresent();
        DatasetName on = there ? receive.target() : receive.target().parent().orElseThrow();
        need(on, "create", "mount");
        List<String> anyOf = receive.overwriteEmpty() ? List.of("receive") : List.of("receive", "receive:append");
        needs.add(new Need(anyOf, on, Preflight.there(on, target)));
        properties(receive.target(), receive.set());
    }

    private void properties(DatasetName on, Map<String, String> set) {
        set.keySet().forEach(name -> need(on, Permissions.toSet(name)));
    }

    private void step(TargetStep step, DatasetPlan dataset) {
        if (step instanceof TargetStep.RollBack back) {
            need(back.target(), "rollback");
            if (!back.snapshots().isEmpty()) {
                need(back.target(), "destroy", "mount");
            } else if (!back.bookmarks().isEmpty()) {
                need(back.target(), "destroy");
            }
        } else if (step instanceof TargetStep.Swap swap) {
            swap(swap, isClone(swap.incoming(), dataset));
        } else if (step instanceof TargetStep.InheritKey) {
            need(step.target(), "change-key");
        } else if (step instanceof TargetStep.DiscardPartial) {
            need(step.target(), "destroy", "mount");
        }
    }

    /** Marks on both and several renames; a clone is promoted first, which is asked for on its origin too. */
    private void swap(TargetStep.Swap swap, boolean promotes) {
        need(swap.target().parent().orElseThrow(), "create", "mount");
        List<DatasetName> both = new ArrayList<>(List.of(swap.incoming()));
        if (target.dataset(swap.target()).isPresent()) {
            both.add(swap.target());
        }
        for (DatasetName name : both) {
            need(name, "rename", "mount", "userprop");
            if (promotes) {
                need(name, "promote");
            }
        }
        for (DatasetName child : target.datasets().keySet()) {
            if (child.parent().equals(Optional.of(swap.target()))) {
                need(child, "rename", "mount");
                need(swap.incoming(), "create");
            }
        }
    }

    private boolean isClone(DatasetName incoming, DatasetPlan dataset) {
        return target.dataset(incoming).flatMap(Dataset::origin).isPresent()
                || dataset.streams().stream().anyMatch(s -> s.receive().origin().isPresent());
    }

    private void need(DatasetName on, String... permissions) {
        for (String permission : permissions) {
            needs.add(Need.of(permission, on, Preflight.there(on, target)));
        }
    }
}
