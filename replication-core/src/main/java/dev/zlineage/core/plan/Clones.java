// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out which new targets can be clones of copies, as their sources are clones of what was copied. */
final class Clones {

    /** What becomes of a new target. */
    sealed interface Way {

        /**
         * A clone.
         *
         * @param onSource what the source is a clone of
         * @param guid the GUID of that
         * @param onTarget the copy of it
         * @param only whether no other dataset of the target has one. OpenZFS looks for the origin of a stream with properties
         *     itself, by GUID, and takes the nearest
         */
        record AsClone(SnapshotName onSource, Guid guid, SnapshotName onTarget, boolean only) implements Way {}

        /**
         * A dataset of its own.
         *
         * @param because why it is no clone although its source is one; empty where it is none
         */
        record InFull(String because) implements Way {}

        /** Nothing yet: its origin can't be there, and would have to be first. */
        record Not(Decision.Refuse decision) implements Way {}
    }

    private final ReplicationRequest request;
    private final Observation seen;
    private final TargetEncryption encryption;

    /** Whether one dataset is looked at under way: then nothing counts but what is there. */
    private final boolean alone;

    private final Map<DatasetName, DatasetPlan> planned = new HashMap<>();

    private @Nullable Map<Guid, Set<DatasetName>> holders;

    Clones(ReplicationRequest request, Observation seen, TargetEncryption encryption, boolean alone) {
        this.request = request;
        this.seen = seen;
        this.encryption = encryption;
        this.alone = alone;
    }

    /** To be told of each plan in the order in which they are made. */
    void planned(DatasetPlan plan) {
        planned.put(plan.source(), plan);
    }

    /** What a target can be that does not exist. */
    Way way(Dataset from, DatasetName to, boolean raw) {
        if (from.origin().isEmpty()) {
            return new Way.InFull("");
        }
        SnapshotName origin = from.origin().get();
        if (!request.keepClones()) {
            return inFull(origin, "clones are not to be kept");
        }
        Optional<Snapshot> snapshot = seen.source().history(origin.dataset()).snapshot(origin.label());
        if (seen.source().dataset(origin.dataset()).isEmpty() || snapshot.isEmpty()) {
            return inFull(origin, "that is no part of what is replicated");
        }
        Optional<DatasetPlan> first = Optional.ofNullable(planned.get(origin.dataset()));
        if (first.isEmpty() && !alone) {
            return inFull(origin, "that can't come first, because it lies below, or is a clone of what does");
        }
        DatasetName original = origin.dataset().rebase(request.source(), request.target());
        Guid guid = snapshot.get().guid();
        Optional<SnapshotName> copy = first.map(plan -> copy(plan, guid)).orElseGet(() -> held(original, guid));
        if (copy.isEmpty()) {
            return first.filter(plan -> plan.decision() instanceof Decision.Refuse)
                            .isPresent()
                    ? new Way.Not(Refusals.originRefused(origin))
                    : inFull(origin, "the target has no copy of that, and gets none");
        }
        if (encrypted(original, raw) != raw || !raw && encryption.encrypts(to)) {
            return inFull(origin, "the copy of that is encrypted in another way");
        }
        return new Way.AsClone(origin, guid, copy.get(), first.isPresent() && only(guid, first.get()));
    }

    private static Way inFull(SnapshotName origin, String because) {
        return new Way.InFull(", and not as a clone of " + origin + ", because " + because);
    }

    /** What the target will have of a snapshot once that plan was carried out. */
    private Optional<SnapshotName> copy(DatasetPlan plan, Guid guid) {
        for (Snapshot arriving : plan.arriving()) {
            if (arriving.guid().equals(guid)) {
                return Optional.of(plan.target().snapshot(arriving.label()));
            }
        }
        if (swaps(plan)) {
            return Optional.empty();
        }
        return held(plan.target(), guid)
                .filter(name -> plan.before().stream()
                        .noneMatch(step -> step instanceof TargetStep.RollBack back
                                && back.snapshots().stream()
                                        .anyMatch(s -> s.guid().equals(guid))));
    }

    private Optional<SnapshotName> held(DatasetName target, Guid guid) {
        return seen.target().history(target).snapshots().stream()
                .filter(s -> s.guid().equals(guid))
                .map(s -> target.snapshot(s.label()))
                .findFirst();
    }

    private static boolean swaps(DatasetPlan plan) {
        return plan.before().stream().anyMatch(TargetStep.Swap.class::isInstance)
                || plan.after().stream().anyMatch(TargetStep.Swap.class::isInstance);
    }

    /**
     * Whether the copy of the origin's dataset is, or will be, encrypted; for what is sent raw, whether it arrived raw too: what
     * was encrypted by something above the target has other blocks than its source.
     */
    private boolean encrypted(DatasetName original, boolean raw) {
        return seen.target()
                .dataset(original)
                .map(there -> there.encryption()
                        .filter(e -> !raw || request.target().contains(e.root()))
                        .isPresent())
                .orElseGet(() -> raw || encryption.encrypts(original));
    }

    private boolean only(Guid guid, DatasetPlan origin) {
        Set<DatasetName> holders = holders().getOrDefault(guid, Set.of());
        return !swaps(origin) && Set.of(origin.target()).containsAll(holders);
    }

    /** Which datasets of the target have a snapshot of that identity; looked up once for all clones. */
    private Map<Guid, Set<DatasetName>> holders() {
        Map<Guid, Set<DatasetName>> known = holders;
        if (known == null) {
            known = new HashMap<>();
            for (Map.Entry<DatasetName, History> there :
                    seen.target().histories().entrySet()) {
                for (Snapshot snapshot : there.getValue().snapshots()) {
                    known.computeIfAbsent(snapshot.guid(), g -> new HashSet<>()).add(there.getKey());
                }
            }
            holders = known;
        }
        return known;
    }

    /** The snapshot that a target is a clone of, where its source is a clone of the same. */
    Optional<Guid> shared(Dataset from, Dataset to) {
        Optional<Guid> onSource = from.origin()
                .flatMap(o -> seen.source().history(o.dataset()).snapshot(o.label()))
                .map(Snapshot::guid);
        Optional<Guid> onTarget = to.origin()
                .flatMap(o -> seen.target().history(o.dataset()).snapshot(o.label()))
                .map(Snapshot::guid);
        return onSource.filter(guid -> Optional.of(guid).equals(onTarget));
    }
}
