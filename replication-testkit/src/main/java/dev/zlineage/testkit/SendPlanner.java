// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what a stream has to carry, or refuses it as {@code zfs send} does. */
final class SendPlanner {

    /** A base: what a snapshot and a bookmark have in common. */
    private record Base(String name, long guid, long createtxg, long ivset, boolean isOrigin) {
        static final Base NONE = new Base("", 0, Contents.NEVER, 0, false);
    }

    /** What is to be sent, and the snapshots that it keeps busy. */
    record Plan(List<Substream> substreams, boolean compound, List<FakeSnapshot> busy, long saved) {

        Plan(List<Substream> substreams, boolean compound, List<FakeSnapshot> busy) {
            this(substreams, compound, busy, 0);
        }

        long estimate() {
            return substreams.stream().mapToLong(Substream::estimate).sum() - saved;
        }

        /** What {@code zfs send -v -P} prints of it. */
        List<String> report() {
            List<String> lines = new ArrayList<>();
            for (Substream each : substreams) {
                // of several, a base is called by the part of its name behind the @
                String base = compound ? each.base().replaceFirst(".*@", "") : each.base();
                lines.add((each.begin().isFull() ? "full\t" : "incremental\t" + base + "\t")
                        + each.begin().toName() + "\t" + (each.estimate() - saved));
            }
            lines.add("size\t" + estimate());
            return lines;
        }
    }

    private final FakeHost host;

    SendPlanner(FakeHost host) {
        this.host = host;
    }

    Plan plan(SendStream stream) {
        if (stream instanceof SendStream.Full full) {
            FakeSnapshot to = host.snapshot(full.to());
            return new Plan(List.of(substream(Base.NONE, to, full.mode())), false, List.of(to));
        }
        if (stream instanceof SendStream.Increment increment) {
            return increment(increment.base(), increment.to(), increment.mode());
        }
        if (stream instanceof SendStream.Series series) {
            return series(series);
        }
        if (stream instanceof SendStream.Resume resume) {
            return resume(Token.parse(resume.token()));
        }
        throw new UnsupportedOperationException("FakeZfs does not model the stream " + stream);
    }

    private Plan increment(PointName baseName, SnapshotName toName, StreamMode mode) {
        FakeSnapshot to = host.snapshot(toName);
        Base base = base(baseName, to);
        List<FakeSnapshot> busy = new ArrayList<>(List.of(to));
        if (baseName instanceof SnapshotName snapshot) {
            busy.add(host.snapshot(snapshot));
        }
        return new Plan(List.of(substream(base, to, mode)), false, busy);
    }

    private Plan series(SendStream.Series series) {
        FakeSnapshot origin = host.dataset(series.to().dataset()).origin();
        if (!series.base().dataset().equals(series.to().dataset())
                && (origin == null || !origin.name().equals(series.base()))) {
            throw new Refusal(Kind.INVALID, "incremental source must be in same filesystem");
        }
        FakeSnapshot from = host.snapshot(series.base());
        FakeSnapshot to = host.snapshot(series.to());
        if (from.owner() == to.owner() && from.createtxg() > to.createtxg()) {
            throw new Refusal(Kind.NO_SUCH_POINT, "incremental source (" + series.base() + ") does not exist");
        }
        Base base = base(series.base(), to);
        List<Substream> substreams = new ArrayList<>();
        List<FakeSnapshot> busy = new ArrayList<>(List.of(from));
        // the snapshots between an origin and its clone's first are the origin's own affair
        for (FakeSnapshot snapshot : to.owner().timeline().between(base.createtxg(), to.createtxg())) {
            substreams.add(substream(base, snapshot, series.mode()));
            busy.add(snapshot);
            base = base(snapshot, false);
        }
        return new Plan(substreams, true, busy);
    }

    private Plan resume(Token token) {
        FakeSnapshot to = snapshotOf(token);
        FakeDataset dataset = to.owner();
        Base base = token.fromGuid() == 0 ? Base.NONE : baseByGuid(dataset, token.fromGuid());
        requireKey(dataset, token.form().raw());
        Substream whole = substream(base, to, token.form(), null);
        Begin begin = whole.begin().resumedAt(token.records());
        return new Plan(
                List.of(new Substream(whole.base(), begin, whole.contents(), whole.since())),
                false,
                List.of(to),
                Math.min(token.contents().bytes(), whole.estimate()));
    }

    /** By GUID: in the dataset of that name first, then in the whole pool, since it may have been renamed. */
    private FakeSnapshot snapshotOf(Token token) {
        DatasetName name =
                DatasetName.of(token.toName().substring(0, token.toName().indexOf('@')));
        FakeDataset dataset = host.find(name);
        FakeSnapshot to = dataset == null ? null : dataset.timeline().byGuid(token.toGuid());
        if (to != null) {
            return to;
        }
        List<FakeSnapshot> elsewhere = new ArrayList<>();
        if (host.find(name.pool()) != null) {
            host.visit(List.of(name.pool()), Scope.SUBTREE, other -> {
                FakeSnapshot found = other.timeline().byGuid(token.toGuid());
                if (found != null) {
                    elsewhere.add(found);
                }
            });
        }
        if (elsewhere.isEmpty()) {
            throw new Refusal(
                    Kind.TOKEN_STALE,
                    "cannot resume send: '" + token.toName() + "' used in the initial send no longer exists");
        }
        return elsewhere.get(0);
    }

    private static Base baseByGuid(FakeDataset dataset, long guid) {
        FakeSnapshot snapshot = dataset.timeline().byGuid(guid);
        if (snapshot != null) {
            return base(snapshot, false);
        }
        FakeSnapshot origin = dataset.origin();
        if (origin != null && origin.guid() == guid) {
            return base(origin, true);
        }
        for (FakeBookmark bookmark : dataset.bookmarks()) {
            if (bookmark.guid() == guid) {
                return base(dataset.name().bookmark(bookmark.label()), bookmark);
            }
        }
        throw new Refusal(
                Kind.TOKEN_STALE,
                "cannot resume send: incremental source 0x" + Long.toHexString(guid) + " no longer exists");
    }

    private Base base(PointName name, FakeSnapshot to) {
        Base base;
        if (name instanceof BookmarkName) {
            FakeDataset dataset = host.find(name.dataset());
            FakeBookmark bookmark = dataset == null ? null : dataset.bookmark(name.label());
            if (bookmark == null) {
                throw FakeHost.noSuchPoint(name);
            }
            base = base(name, bookmark);
            if (dataset != to.owner()) {
                throw notEarlier(to);
            }
        } else {
            FakeSnapshot snapshot = host.snapshot((SnapshotName) name);
            if (!isAncestor(snapshot, to)) {
                throw notEarlier(to);
            }
            base = base(snapshot, snapshot.owner() != to.owner());
        }
        if (base.createtxg() >= to.createtxg()) {
            throw notEarlier(to);
        }
        return base;
    }

    private static Base base(FakeSnapshot snapshot, boolean isOrigin) {
        return new Base(snapshot.name().toString(), snapshot.guid(), snapshot.createtxg(), snapshot.ivset(), isOrigin);
    }

    private static Base base(PointName name, FakeBookmark bookmark) {
        return new Base(name.toString(), bookmark.guid(), bookmark.createtxg(), bookmark.ivset(), false);
    }

    private static boolean isAncestor(FakeSnapshot base, FakeSnapshot to) {
        @Nullable FakeSnapshot at = to;
        while (at != null) {
            if (at.owner() == base.owner()) {
                return base.createtxg() <= at.createtxg();
            }
            at = at.owner().origin();
        }
        return false;
    }

    private static Refusal notEarlier(FakeSnapshot to) {
        return new Refusal(
                Kind.NO_INCREMENTAL_BASE,
                "warning: cannot send '" + to.name() + "': not an earlier snapshot from the same fs");
    }

    private Substream substream(Base base, FakeSnapshot to, StreamMode mode) {
        FakeDataset dataset = to.owner();
        if (mode.properties() && !mode.raw() && dataset.crypt() != null) {
            throw new Refusal(
                    Kind.INVALID,
                    "cannot send " + to.name() + ": encrypted dataset " + dataset.name()
                            + " may not be sent with properties without the raw flag");
        }
        requireKey(dataset, mode.raw());
        return substream(base, to, form(dataset, mode), mode.properties() ? SentProperties.of(to) : null);
    }

    private static Begin.Form form(FakeDataset dataset, StreamMode mode) {
        boolean large = (mode.largeBlocks() || mode.raw()) && mayHoldLargeBlocks(dataset);
        return new Begin.Form(large, mode.compressed(), mode.embedded(), mode.raw());
    }

    static boolean mayHoldLargeBlocks(FakeDataset dataset) {
        return dataset.kind() == DatasetKind.FILESYSTEM && dataset.properties().number("recordsize") > 128 * 1024;
    }

    private static void requireKey(FakeDataset dataset, boolean raw) {
        if (dataset.isInconsistent()) {
            throw new Refusal(Kind.BUSY, "cannot send '" + dataset.name() + "': dataset is busy");
        }
        if (!raw && !dataset.isOpen()) {
            throw new Refusal(Kind.KEY_NOT_LOADED, "cannot send '" + dataset.name() + "': dataset key must be loaded");
        }
    }

    private Substream substream(Base base, FakeSnapshot to, Begin.Form form, @Nullable SentProperties properties) {
        FakeDataset dataset = to.owner();
        requireWhole(base, to);
        Begin begin = new Begin(
                to.name().toString(),
                to.guid(),
                to.creation(),
                base.guid(),
                dataset.kind(),
                base.isOrigin(),
                to.contents().changedSince(base.createtxg()),
                form,
                to.ivset(),
                base.ivset(),
                dataset.volumeSize(),
                Begin.FROM_START,
                form.raw() ? rawKey(dataset) : null,
                properties);
        return new Substream(base.name(), begin, to.contents(), base.createtxg());
    }

    /** The real one has sent what lies before the damage by then. */
    private void requireWhole(Base base, FakeSnapshot to) {
        if (to.contents().since(base.createtxg()).values().stream().anyMatch(host::isDamaged)) {
            throw new Refusal(Kind.UNKNOWN, "warning: cannot send '" + to.name() + "': Input/output error");
        }
    }

    private static Begin.@Nullable RawKey rawKey(FakeDataset dataset) {
        Crypt crypt = dataset.crypt();
        FakeDataset root = dataset.encryptionRoot();
        if (crypt == null || root == null || root.crypt() == null) {
            return null;
        }
        WrappingKey wrapping = root.crypt().key();
        if (wrapping == null) {
            throw new AssertionError(root.name() + " is an encryption root without a key");
        }
        return new Begin.RawKey(crypt.cipher(), crypt.master(), wrapping);
    }
}
