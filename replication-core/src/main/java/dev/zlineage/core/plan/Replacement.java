// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Relation;
import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Snapshot;
import java.util.Optional;

/** Whether a target can be set aside for another dataset, and what that takes. */
final class Replacement {

    private Replacement() {}

    /** Whether the policy replaces a target that stands so to its source. */
    static boolean applies(DivergencePolicy policy, Relation relation, boolean raw) {
        if (policy == DivergencePolicy.START_OVER_UNRELATED) {
            return relation instanceof Relation.Unrelated || relation instanceof Relation.DataWithoutSnapshots;
        }
        if (policy == DivergencePolicy.START_OVER) {
            return relation instanceof Relation.Unrelated
                    || relation instanceof Relation.DataWithoutSnapshots
                    || relation instanceof Relation.Clashing
                    || hasGoneItsWay(relation, raw);
        }
        return policy == DivergencePolicy.SET_ASIDE && hasGoneItsWay(relation, raw);
    }

    private static boolean hasGoneItsWay(Relation relation, boolean raw) {
        return relation instanceof Relation.Diverged
                || relation instanceof Relation.AheadWritten
                || raw && relation instanceof Relation.AheadHarmless;
    }

    /**
     * What speaks against it. OpenZFS would refuse a rename half way through, which is why it is asked before anything is
     * sent.
     *
     * @param byClone whether what takes its place is a clone of it
     */
    static Optional<Decision> obstacle(HostView target, Dataset to, boolean raw, boolean byClone) {
        Optional<DatasetName> parent = to.name().parent();
        if (parent.isEmpty()) {
            return Optional.of(refuse("it is the root of its pool, which can't be renamed"));
        }
        try {
            ReceiveStream.into(SetAside.incoming(to.name()));
            ReceiveStream.into(SetAside.aside(to.name(), to.guid()));
        } catch (InvalidNameException e) {
            return Optional.of(refuse("its name leaves no room for that of a second copy beside it"));
        }
        Optional<DatasetName> foreign = byClone ? rootElsewhere(target, to, parent.get()) : Optional.empty();
        if (foreign.isPresent()) {
            return Optional.of(refuse("it takes part in the encryption of " + foreign.get()
                    + ", which is not above it, so that a clone of it can't be promoted"));
        }
        boolean hasChildren = false;
        boolean encrypted = raw || to.encryption().isPresent();
        for (Dataset other : target.datasets().values()) {
            if (other.name().parent().equals(Optional.of(to.name()))) {
                hasChildren = true;
                encrypted |= other.encryption().isPresent();
            }
        }
        if (hasChildren && encrypted) {
            return Optional.of(refuse(
                    "datasets lie below it, and a dataset that inherits its key can't be moved to another root"));
        }
        return Optional.empty();
    }

    /** OpenZFS promotes a clone of an encryption root, and below the same root; nothing else. */
    private static Optional<DatasetName> rootElsewhere(HostView target, Dataset to, DatasetName parent) {
        Optional<DatasetName> root = to.encryption().map(Dataset.Encryption::root);
        return root.filter(to.name()::equals).isPresent()
                        || root.equals(target.dataset(parent)
                                .flatMap(Dataset::encryption)
                                .map(Dataset.Encryption::root))
                ? Optional.empty()
                : root;
    }

    private static Decision refuse(String why) {
        return Refusals.refuse(
                Decision.Reason.CANNOT_BE_REPLACED,
                "the target can't be set aside: " + why,
                "choose another target, or roll it back (--diverged roll-back)");
    }

    /** What an earlier run received may be the only copy of that by now, and does not go by itself. */
    static Decision staleIncoming(DatasetName incoming, Snapshot newest) {
        return Refusals.refuse(
                Decision.Reason.CANNOT_BE_REPLACED,
                "what an earlier run received to take the target's place, " + incoming + ", ends in " + newest
                        + ", from which the source can't go on",
                "look whether it is still of worth, and destroy it (zfs destroy -r " + incoming + ")");
    }

    /** The last step: the incoming dataset takes the place, if it holds what it is to end in. */
    static TargetStep.Swap swap(Dataset to, Guid goal) {
        return new TargetStep.Swap(to.name(), SetAside.incoming(to.name()), Optional.of(goal));
    }
}
