// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Snapshots, bookmarks, holds and rollback. */
final class PointCommands {

    /** What OpenZFS says of snapshots in several pools too. */
    private static final String SEVERAL =
            "cannot create snapshots : multiple snapshots of same fs not allowed\nno snapshots were created";

    private final FakeHost host;

    PointCommands(FakeHost host) {
        this.host = host;
    }

    void register(Commands commands) {
        commands.on(ZfsCommand.TakeSnapshots.class, this::take);
        commands.on(ZfsCommand.CreateBookmark.class, this::bookmark);
        commands.on(ZfsCommand.Hold.class, this::hold);
        commands.on(ZfsCommand.Release.class, this::release);
        commands.on(ZfsCommand.DestroySnapshots.class, this::destroy);
        commands.on(ZfsCommand.DestroyBookmark.class, this::destroyBookmark);
        commands.on(ZfsCommand.Rollback.class, this::rollback);
        commands.on(ZfsCommand.RenameSnapshot.class, this::rename);
    }

    private Effect take(ZfsCommand.TakeSnapshots command) {
        Map<FakeDataset, String> wanted = wanted(command);
        Set<FakePool> pools = new LinkedHashSet<>();
        wanted.forEach((dataset, label) -> {
            SnapshotName name = dataset.name().snapshot(label);
            if (dataset.timeline().get(label) != null) {
                throw new Refusal(Kind.ALREADY_EXISTS, "cannot create snapshot '" + name + "': dataset already exists");
            }
            if (dataset.isInconsistent()) {
                throw new Refusal(Kind.BUSY, "cannot create snapshot '" + name + "': dataset is busy");
            }
            FakeHost.requireRoomInPool(dataset);
            pools.add(dataset.pool());
        });
        if (pools.size() != 1) {
            throw new Refusal(Kind.INVALID, SEVERAL);
        }
        for (String property : command.userProperties().keySet()) {
            if (!NativeProperty.isUser(property)) {
                throw new Refusal(Kind.INVALID, "cannot create snapshot: '" + property + "' is no user property");
            }
        }
        Map<String, String> properties = Map.copyOf(command.userProperties());
        long txg = pools.iterator().next().nextTxg();
        wanted.forEach((dataset, label) -> {
            long ivset = dataset.crypt() == null ? 0 : host.guids().next();
            Contents live = dataset.timeline().live();
            FakeSnapshot snapshot =
                    new FakeSnapshot(dataset, label, host.guids().next(), txg, host.seconds(), live, ivset, properties);
            dataset.change(timeline -> timeline.add(snapshot));
            dataset.snapshotsChanged(host.seconds());
        });
        return Effect.DONE;
    }

    private Map<FakeDataset, String> wanted(ZfsCommand.TakeSnapshots command) {
        Map<FakeDataset, String> wanted = new LinkedHashMap<>();
        for (SnapshotName name : new LinkedHashSet<>(command.names())) {
            FakeDataset dataset = host.dataset(name.dataset());
            if (command.scope() == Scope.SELF) {
                put(wanted, dataset, name.label());
            } else {
                dataset.walk(each -> {
                    if (!each.isInconsistent()) {
                        put(wanted, each, name.label());
                    }
                });
            }
        }
        return wanted;
    }

    private static void put(Map<FakeDataset, String> wanted, FakeDataset dataset, String label) {
        if (wanted.put(dataset, label) != null) {
            throw new Refusal(Kind.INVALID, SEVERAL);
        }
    }

    private Effect bookmark(ZfsCommand.CreateBookmark command) {
        FakeBookmark made;
        FakeDataset dataset;
        String label = command.bookmark().label();
        if (command.of() instanceof BookmarkName name) {
            FakeDataset of = host.find(name.dataset());
            FakeBookmark copied = of == null ? null : of.bookmark(name.label());
            if (of == null || copied == null) {
                throw FakeHost.noSuchPoint(name);
            }
            dataset = of;
            made = new FakeBookmark(label, copied.guid(), copied.createtxg(), copied.creation(), copied.ivset());
        } else {
            FakeSnapshot of = host.snapshot((SnapshotName) command.of());
            dataset = of.owner();
            made = new FakeBookmark(label, of.guid(), of.createtxg(), of.creation(), of.ivset());
        }
        if (!command.bookmark().dataset().equals(dataset.name())) {
            throw new Refusal(
                    Kind.INVALID,
                    "cannot create bookmark '" + command.bookmark()
                            + "': source is not an ancestor of the new bookmark's dataset");
        }
        if (dataset.bookmark(label) != null) {
            throw new Refusal(
                    Kind.ALREADY_EXISTS, "cannot create bookmark '" + command.bookmark() + "': bookmark exists");
        }
        dataset.pool().nextTxg();
        dataset.addBookmark(made);
        return Effect.DONE;
    }

    private Effect hold(ZfsCommand.Hold command) {
        if (command.tag().startsWith(".") || command.tag().isEmpty()) {
            throw new Refusal(Kind.INVALID, "tag may not start with '.'");
        }
        Effect effect = Effect.ALREADY;
        Refusal refusal = null;
        for (SnapshotName name : command.snapshots()) {
            FakeSnapshot snapshot = host.dataset(name.dataset()).timeline().get(name.label());
            if (snapshot == null) {
                refusal = refusal == null ? notThereToHold(name) : refusal;
            } else if (snapshot.hold(command.tag(), host.seconds())) {
                snapshot.owner().pool().nextTxg();
                effect = Effect.DONE;
            }
        }
        if (refusal != null) {
            throw refusal;
        }
        return effect;
    }

    private static Refusal notThereToHold(SnapshotName name) {
        return new Refusal(Kind.NO_SUCH_POINT, "cannot hold snapshot '" + name + "': dataset does not exist");
    }

    private Effect release(ZfsCommand.Release command) {
        Effect effect = Effect.ALREADY;
        for (SnapshotName name : command.snapshots()) {
            FakeSnapshot snapshot = host.findSnapshot(name);
            if (snapshot != null && snapshot.release(command.tag())) {
                snapshot.owner().pool().nextTxg();
                snapshot.owner().dropIfDue(snapshot);
                effect = Effect.DONE;
            }
        }
        return effect;
    }

    private Effect destroy(ZfsCommand.DestroySnapshots command) {
        FakeDataset dataset = host.dataset(command.dataset());
        Set<FakeSnapshot> victims = new LinkedHashSet<>();
        for (String label : command.labels()) {
            FakeSnapshot snapshot = dataset.timeline().get(label);
            if (snapshot != null) {
                requireDestroyable(host, snapshot, Set.of());
                victims.add(snapshot);
            }
        }
        if (victims.isEmpty()) {
            return Effect.ALREADY;
        }
        dataset.pool().nextTxg();
        victims.forEach(snapshot -> dataset.change(timeline -> timeline.remove(snapshot)));
        dataset.snapshotsChanged(host.seconds());
        return Effect.DONE;
    }

    /** What {@code zfs destroy} does to snapshots of several datasets: all of them or none. Those that are needed may go later. */
    static void destroy(FakeHost host, List<FakeSnapshot> snapshots, boolean deferring) {
        if (!deferring) {
            snapshots.forEach(snapshot -> requireDestroyable(host, snapshot, Set.of()));
        }
        for (FakeSnapshot snapshot : snapshots) {
            FakeDataset dataset = snapshot.owner();
            dataset.pool().nextTxg();
            snapshot.defer();
            boolean due = snapshot.isDue();
            dataset.dropIfDue(snapshot);
            if (due) {
                dataset.snapshotsChanged(host.seconds());
            }
        }
    }

    /** Refuses when someone needs the snapshot; clones that go with it don't count. */
    static void requireDestroyable(FakeHost host, FakeSnapshot snapshot, Set<FakeDataset> goingToo) {
        String text = "cannot destroy snapshot " + snapshot.name() + ": ";
        if (!goingToo.containsAll(snapshot.clones())) {
            throw new Refusal(Kind.HAS_CLONES, text + "snapshot has dependent clones");
        }
        if (!snapshot.holds().isEmpty() && host.version().atLeast(2, 2)) {
            throw new Refusal(
                    Kind.HELD, text + "it's being held. Run 'zfs holds -r " + snapshot.name() + "' to see holders.");
        }
        if (snapshot.isBeingSent() || !snapshot.holds().isEmpty()) {
            throw new Refusal(Kind.BUSY, text + "dataset is busy");
        }
    }

    private Effect destroyBookmark(ZfsCommand.DestroyBookmark command) {
        FakeDataset dataset = host.find(command.bookmark().dataset());
        if (dataset == null || !dataset.removeBookmark(command.bookmark().label())) {
            return Effect.ALREADY;
        }
        dataset.pool().nextTxg();
        return Effect.DONE;
    }

    private Effect rollback(ZfsCommand.Rollback command) {
        FakeSnapshot snapshot = host.snapshot(command.snapshot());
        FakeDataset dataset = snapshot.owner();
        FakeHost.requireIdle(dataset);
        List<FakeSnapshot> newer = dataset.timeline().newerThan(snapshot);
        if (dataset.partial() != null && !newer.isEmpty()) {
            throw new UnsupportedOperationException(
                    "FakeZfs does not model a rollback past the base of an interrupted receive");
        }
        List<FakeBookmark> newerBookmarks = dataset.bookmarks().stream()
                .filter(bookmark -> bookmark.createtxg() > snapshot.createtxg())
                .toList();
        if (!command.destroyNewer() && !(newer.isEmpty() && newerBookmarks.isEmpty())) {
            throw new Refusal(
                    Kind.NEWER_EXISTS,
                    "cannot rollback to '" + snapshot.name() + "': more recent snapshots or bookmarks exist");
        }
        newer.forEach(each -> requireDestroyable(host, each, Set.of()));
        dataset.pool().nextTxg();
        newerBookmarks.forEach(bookmark -> dataset.removeBookmark(bookmark.label()));
        newer.forEach(each -> dataset.change(timeline -> timeline.remove(each)));
        dataset.change(timeline -> timeline.live(snapshot.contents()));
        if (!newer.isEmpty()) {
            dataset.snapshotsChanged(host.seconds());
        }
        return Effect.DONE;
    }

    private Effect rename(ZfsCommand.RenameSnapshot command) {
        FakeSnapshot snapshot = host.snapshot(command.from());
        DatasetName dataset = command.from().dataset();
        SnapshotName to = dataset.snapshot(command.label());
        if (command.from().equals(to)) {
            return Effect.DONE;
        }
        if (snapshot.owner().timeline().get(to.label()) != null) {
            throw new Refusal(Kind.ALREADY_EXISTS, "cannot rename '" + snapshot.name() + "': dataset already exists");
        }
        snapshot.owner().pool().nextTxg();
        snapshot.owner().change(timeline -> timeline.rename(snapshot, to.label()));
        snapshot.owner().snapshotsChanged(host.seconds());
        return Effect.DONE;
    }
}
