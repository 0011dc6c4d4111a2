// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a snapshot of a stream goes, once nothing speaks against it.
 *
 * @param existing the dataset that gets it; null for a new one
 * @param origin what a new dataset is a clone of
 * @param rollBackTo the base, where a forced receive discards what came after it
 * @param isThere whether the snapshot has been received before and is to be ignored
 */
record Landing(
        @Nullable FakeDataset existing,
        @Nullable FakeSnapshot origin,
        @Nullable FakeSnapshot rollBackTo,
        boolean isThere) {

    /** Refuses as {@code zfs receive} does. */
    static Landing of(FakeHost host, ReceiveStream request, Begin begin, boolean forced) {
        Features.require(host.dataset(request.target().pool()).pool(), begin);
        FakeDataset existing = host.find(request.target());
        if (existing == null) {
            return ofNew(host, request, begin);
        }
        // what is based on the origin of a clone is for a new dataset, like a full stream
        boolean forNew = begin.isFull() || begin.ofClone();
        if (!forNew && existing.timeline().byGuid(begin.toGuid()) != null) {
            return new Landing(existing, null, null, true);
        }
        boolean mayOverwrite = request.overwriteEmpty() || forced;
        if (forNew && !begin.isResumed()) {
            requireReplaceable(existing, mayOverwrite, begin);
        }
        FakeHost.requireIdle(existing);
        requireNoOtherPartialState(existing, begin);
        if (request.origin().isPresent()) {
            throw new UnsupportedOperationException("FakeZfs does not model -o origin= for a target that exists");
        }
        if (existing.isInconsistent()) {
            requireSameKind(existing, begin);
            return new Landing(existing, null, null, false);
        }
        if (forNew) {
            requireUnspoiled(host, existing, begin, mayOverwrite);
            requireReplaceable(existing, mayOverwrite, begin);
            if (begin.ofClone()) {
                throw new UnsupportedOperationException("FakeZfs does not model a clone that replaces what is empty");
            }
            return new Landing(existing, null, null, false);
        }
        if (request.overwriteEmpty()) {
            throw new Refusal(
                    Kind.INVALID, "-F with an increment would roll back and destroy: refused before zfs was asked");
        }
        FakeSnapshot base = base(existing, begin);
        requireSameKind(existing, begin);
        if (forced) {
            existing.timeline()
                    .newerThan(base)
                    .forEach(newer -> PointCommands.requireDestroyable(host, newer, Set.of()));
        } else {
            requireUnmodified(existing, base, begin);
        }
        return new Landing(existing, null, forced ? base : null, false);
    }

    private static Landing ofNew(FakeHost host, ReceiveStream request, Begin begin) {
        DatasetName target = request.target();
        if (host.beingReceived().contains(target)) {
            throw new Refusal(Kind.BUSY, "cannot receive new filesystem stream: dataset is busy");
        }
        if (begin.isResumed()) {
            throw noPartialState(target);
        }
        FakeSnapshot origin = null;
        if (!begin.isFull()) {
            origin = cloneOrigin(host, request, begin);
        } else if (request.origin().isPresent()) {
            throw new UnsupportedOperationException("FakeZfs does not model a full stream with -o origin=");
        }
        FakeDataset parent = host.parentFor(target);
        requireKeyOfParent(parent, request, begin);
        return new Landing(null, origin, null, false);
    }

    /** {@code -o origin=} counts for nothing with a stream that has properties. */
    private static FakeSnapshot cloneOrigin(FakeHost host, ReceiveStream request, Begin begin) {
        if (request.origin().isPresent() && begin.properties() == null) {
            SnapshotName name = request.origin().get();
            FakeSnapshot origin = host.snapshot(name);
            if (origin.guid() != begin.fromGuid()) {
                throw new Refusal(
                        Kind.NO_INCREMENTAL_BASE,
                        "cannot receive: local origin for clone " + request.target() + " does not match");
            }
            return origin;
        }
        if (!begin.ofClone()) {
            throw new Refusal(
                    Kind.NO_SUCH_DATASET,
                    "cannot receive incremental stream: destination '" + request.target() + "' does not exist");
        }
        FakeDataset pool = host.find(request.target().pool());
        FakeSnapshot[] found = {null};
        if (pool != null) {
            pool.walk(each -> {
                FakeSnapshot candidate = each.timeline().byGuid(begin.fromGuid());
                found[0] = candidate == null ? found[0] : candidate;
            });
        }
        if (found[0] == null) {
            throw new Refusal(
                    Kind.NO_INCREMENTAL_BASE,
                    "cannot receive: local origin for clone " + request.target() + " does not exist");
        }
        return found[0];
    }

    private static void requireNoOtherPartialState(FakeDataset existing, Begin begin) {
        PartialReceive partial = existing.partial();
        if (partial == null) {
            if (begin.isResumed()) {
                throw noPartialState(existing.name());
            }
            return;
        }
        boolean carriesOn = partial.begin().toGuid() == begin.toGuid()
                && partial.begin().fromGuid() == begin.fromGuid()
                && partial.records() == begin.resumeAt();
        if (!carriesOn) {
            throw new Refusal(
                    Kind.PARTIAL_STATE,
                    "cannot receive incremental stream: destination " + existing.name()
                            + " contains partially-complete state from \"zfs receive -s\".");
        }
    }

    /**
     * On OpenZFS 2.1 a stream that is to be carried on, and meets a dataset that it may not replace, can't be carried on any
     * more afterwards; seen with compressed ones and large blocks, and not with others.
     */
    private static void requireUnspoiled(FakeHost host, FakeDataset existing, Begin begin, boolean mayOverwrite) {
        PartialReceive partial = existing.partial();
        boolean plain = !begin.form().large() && !begin.form().compressed();
        if (partial == null || plain || host.version().atLeast(2, 2)) {
            return;
        }
        if (partial.spoiled()) {
            throw new Refusal(
                    Kind.UNSUPPORTED,
                    "cannot receive resume stream: kernel modules must be upgraded to receive this stream.");
        }
        if (!mayOverwrite) {
            existing.partial(partial.refused());
        }
    }

    private static Refusal noPartialState(DatasetName target) {
        return new Refusal(
                Kind.NO_PARTIAL_STATE,
                "cannot receive resume stream: '" + target + "' does not have any resumable receive state");
    }

    private static void requireSameKind(FakeDataset existing, Begin begin) {
        if (existing.kind() != begin.kind()) {
            throw new Refusal(
                    Kind.INCOMPATIBLE,
                    "cannot receive: destination '" + existing.name() + "' is a "
                            + (existing.kind() == DatasetKind.VOLUME ? "volume" : "filesystem"));
        }
    }

    private static void requireReplaceable(FakeDataset existing, boolean mayOverwrite, Begin begin) {
        String target = "destination '" + existing.name() + "'";
        if (!mayOverwrite) {
            throw new Refusal(
                    Kind.TARGET_EXISTS,
                    "cannot receive new filesystem stream: " + target + " exists\nmust specify -F to overwrite it");
        }
        FakeSnapshot newest = existing.timeline().newest();
        if (newest != null) {
            throw new Refusal(
                    Kind.TARGET_EXISTS,
                    "cannot receive new filesystem stream: destination has snapshots (eg. " + newest.name()
                            + ")\nmust destroy them to overwrite it");
        }
        if (existing.origin() != null) {
            throw new Refusal(
                    Kind.TARGET_EXISTS,
                    "cannot receive new filesystem stream: " + target + " is a clone\nmust destroy it to overwrite it");
        }
        if (existing.crypt() != null || begin.key() != null) {
            throw new Refusal(
                    Kind.INCOMPATIBLE,
                    "cannot receive new filesystem stream: zfs receive -F cannot be used to destroy an encrypted"
                            + " filesystem or overwrite an unencrypted one with an encrypted one");
        }
    }

    private static FakeSnapshot base(FakeDataset existing, Begin begin) {
        FakeSnapshot sameName = existing.timeline().get(begin.label());
        if (sameName != null) {
            throw new Refusal(
                    Kind.ALREADY_EXISTS, "cannot restore to " + sameName.name() + ": destination already exists");
        }
        FakeSnapshot base = existing.timeline().byGuid(begin.fromGuid());
        if (base == null) {
            throw new Refusal(
                    Kind.NO_INCREMENTAL_BASE,
                    "cannot receive incremental stream: most recent snapshot of " + existing.name()
                            + " does not\nmatch incremental source");
        }
        requireCompatible(existing, base, begin);
        return base;
    }

    private static void requireUnmodified(FakeDataset existing, FakeSnapshot base, Begin begin) {
        boolean mustBeNewest = begin.key() != null;
        if (existing.timeline().live().changedSince(base.createtxg())
                || mustBeNewest && existing.timeline().newest() != base) {
            throw new Refusal(
                    Kind.TARGET_MODIFIED,
                    "cannot receive incremental stream: destination " + existing.name()
                            + " has been modified\nsince most recent snapshot");
        }
    }

    private static void requireCompatible(FakeDataset existing, FakeSnapshot base, Begin begin) {
        Crypt crypt = existing.crypt();
        Begin.RawKey key = begin.key();
        if (key != null) {
            if (crypt == null) {
                throw incompatible("cannot perform raw receive on top of existing unencrypted dataset");
            }
            if (crypt.master() != key.master() || base.ivset() != begin.fromIvset()) {
                throw incompatible("IV set guid mismatch. See the 'zfs receive' man page");
            }
        } else if (crypt != null) {
            if (!existing.isOpen()) {
                throw new Refusal(
                        Kind.KEY_NOT_LOADED, "cannot receive incremental stream: inherited key must be loaded");
            }
            if (begin.form().embedded()) {
                throw incompatible("incompatible embedded data stream feature with encrypted receive.");
            }
        }
        if (existing.hasLargeBlocks() && !begin.form().large()) {
            throw incompatible("incremental send stream requires -L (--large-block), to match previous receive.");
        }
    }

    private static void requireKeyOfParent(FakeDataset parent, ReceiveStream request, Begin begin) {
        if (begin.key() != null) {
            return;
        }
        boolean ownKey = request.set().containsKey("keyformat");
        if (ownKey || parent.crypt() != null && !new ReceiveProperties(request, begin).staysInTheClear()) {
            if (!ownKey && !parent.isOpen()) {
                throw new Refusal(
                        Kind.KEY_NOT_LOADED, "cannot receive new filesystem stream: inherited key must be loaded");
            }
            if (begin.form().embedded()) {
                throw incompatible("incompatible embedded data stream feature with encrypted receive.");
            }
        }
    }

    private static Refusal incompatible(String text) {
        return new Refusal(Kind.INCOMPATIBLE, "cannot receive incremental stream: " + text);
    }
}
