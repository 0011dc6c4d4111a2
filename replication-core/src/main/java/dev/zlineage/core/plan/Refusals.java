// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Base;
import dev.zlineage.core.lineage.Relation;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.List;
import java.util.Optional;

/** Why datasets are refused, in words, with the way out. */
final class Refusals {

    private Refusals() {}

    static Decision.Refuse refuse(Decision.Reason reason, String why, String wayOut) {
        return new Decision.Refuse(reason, why, wayOut);
    }

    static Optional<Decision> kind(Dataset from, Dataset to) {
        return to.kind() == from.kind()
                ? Optional.empty()
                : Optional.of(refuse(
                        Decision.Reason.KIND_MISMATCH,
                        "the source is a " + word(from.kind()) + ", the target a " + word(to.kind()),
                        "choose another target"));
    }

    /** What a relation is refused for when no policy remedies it. */
    static Optional<Decision> relation(DatasetName to, Relation relation) {
        if (relation instanceof Relation.DataWithoutSnapshots data) {
            return Optional.of(refuse(
                    Decision.Reason.TARGET_HOLDS_DATA,
                    "the target exists without snapshots and may hold data (" + data.bytes() + " bytes)",
                    "choose another target, or have it set aside (--diverged start-over)"));
        }
        if (relation instanceof Relation.Unrelated unrelated) {
            return Optional.of(refuse(
                    Decision.Reason.UNRELATED,
                    "source and target have no snapshot in common; the target's newest is "
                            + unrelated.newestOnTarget(),
                    "choose another target, or have everything sent anew beside it (--diverged start-over)"));
        }
        if (relation instanceof Relation.Clashing clashing) {
            return Optional.of(refuse(
                    Decision.Reason.NAME_CLASH,
                    "the target has another snapshot of the name @"
                            + clashing.clashes().get(0).label()
                            + (clashing.clashes().size() > 1
                                    ? " (and " + (clashing.clashes().size() - 1) + " more such)"
                                    : ""),
                    "rename that snapshot on the target, or choose another target"));
        }
        if (relation instanceof Relation.Diverged diverged) {
            return Optional.of(refuse(
                    Decision.Reason.DIVERGED,
                    "both sides went on since " + diverged.base().onTarget() + ": the target was written to"
                            + own(diverged.targetOnly()),
                    rollback(to, diverged.base())));
        }
        if (relation instanceof Relation.AheadWritten ahead) {
            return Optional.of(refuse(
                    Decision.Reason.TARGET_WRITTEN,
                    "the target was written to since " + ahead.base().onTarget() + own(ahead.targetOnly()),
                    rollback(to, ahead.base())));
        }
        return relation instanceof Relation.AheadHarmless harmless
                ? Optional.of(ahead("the target has newer snapshots of its own, which hold no changes"
                        + own(harmless.targetOnly())))
                : Optional.empty();
    }

    static Decision.Refuse obstacle(String why) {
        return refuse(
                Decision.Reason.SELECTION_UNCLEAR,
                "whether a snapshot is selected can't be told: " + why,
                "rename that snapshot, or select by fewer schemas or a simpler expression");
    }

    static Decision.Refuse ahead(String why) {
        return refuse(
                Decision.Reason.TARGET_AHEAD,
                why,
                "tolerate them where they hold no changes (--diverged tolerate), or have them destroyed"
                        + " (--diverged roll-back-unchanged)");
    }

    static Decision.Refuse bookmarkOfReplica(Base base) {
        return refuse(
                Decision.Reason.BOOKMARK_OF_REPLICA,
                "only the bookmark " + base.onSource()
                        + " is left of the base, and the source is read-only, so it may be a replica that was rolled back",
                "if it never was, say that bookmarks are to be trusted (--trust-bookmarks)");
    }

    static Decision.Refuse keyNotLoaded(Dataset from) {
        return refuse(
                Decision.Reason.KEY_NOT_LOADED,
                "the source is encrypted, its key is not loaded, and the target was not received raw",
                "load the key: zfs load-key " + from.encryption().orElseThrow().root());
    }

    /** Two reasons of one class. */
    static Decision.Refuse both(Decision.Refuse one, Decision.Refuse other) {
        return refuse(one.reason(), one.why() + "; " + other.why(), one.wayOut() + "; " + other.wayOut());
    }

    static Decision.Refuse writable(DatasetName to) {
        return refuse(
                Decision.Reason.TARGET_WRITABLE,
                "the target is not read-only, which is required: someone may be at work in it",
                "make it read-only (zfs set readonly=on " + to + "), or do not require it (--readonly set)");
    }

    static Decision.Refuse propertiesOfEncrypted() {
        return refuse(
                Decision.Reason.PROPERTIES_OF_ENCRYPTED,
                "the source is encrypted and the target was not received raw, and OpenZFS sends the properties of what is"
                        + " encrypted only raw",
                "leave properties out, or choose another target, which is received raw");
    }

    static Decision.Refuse notNew(DatasetName to) {
        return refuse(
                Decision.Reason.TARGET_EXISTS,
                to + " is there already, and targets have to be new",
                "choose another target, or let it go on with what is there (without only-from-scratch, --only-new)");
    }

    static Decision.Refuse parent(DatasetName above) {
        return refuse(
                Decision.Reason.PARENT_MISSING,
                "its parent " + above + " will not exist, because it was refused or is a volume",
                "see to the parent first");
    }

    static Decision.Refuse belowVolume(DatasetName volume) {
        return refuse(
                Decision.Reason.PARENT_MISSING,
                volume + " above it is a volume on the target, and nothing can be below one",
                "see to " + volume + " first");
    }

    static Decision.Refuse lockedParent(DatasetName parent, DatasetName root) {
        return refuse(
                Decision.Reason.ENCRYPTION,
                "it needs the empty parent " + parent
                        + ", which can't be created on the target's host without the key of " + root,
                "load it there for one run (zfs load-key " + root + "), or replicate what is above it too");
    }

    static Decision.Refuse originRefused(SnapshotName origin) {
        return refuse(
                Decision.Reason.ORIGIN_MISSING,
                "it is a clone of " + origin + ", and " + origin.dataset()
                        + " is refused, which would have to bring it",
                "see to " + origin.dataset() + " first, or send clones in full (--no-clones)");
    }

    static Decision.Refuse pending(DatasetName above) {
        return refuse(
                Decision.Reason.SWAP_PENDING,
                above + " above it is half way in the place of another dataset",
                "run the replication to " + above + " first, which finishes that");
    }

    private static String rollback(DatasetName to, Base base) {
        return "give up what was written to " + to + " since " + base.onTarget()
                + " (--diverged roll-back), or have it set aside, whole (--diverged set-aside)";
    }

    private static String own(List<Snapshot> snapshots) {
        if (snapshots.isEmpty()) {
            return "";
        }
        return ", its own newest snapshot is " + snapshots.get(snapshots.size() - 1);
    }

    private static String word(DatasetKind kind) {
        return kind == DatasetKind.VOLUME ? "volume" : "filesystem";
    }
}
