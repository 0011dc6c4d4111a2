// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Datasets as wholes: what makes, moves and destroys them. */
final class DatasetCommands {

    private final FakeHost host;

    DatasetCommands(FakeHost host) {
        this.host = host;
    }

    void register(Commands commands) {
        commands.on(
                ZfsCommand.CreateFilesystem.class,
                c -> create(host, c.name(), DatasetKind.FILESYSTEM, 0, c.properties(), null));
        commands.on(
                ZfsCommand.CreateVolume.class,
                c -> create(host, c.name(), DatasetKind.VOLUME, c.size(), c.properties(), null));
        commands.on(ZfsCommand.CloneSnapshot.class, this::cloneSnapshot);
        commands.on(ZfsCommand.Promote.class, this::promote);
        commands.on(ZfsCommand.RenameDataset.class, this::rename);
        commands.on(ZfsCommand.DestroyDataset.class, this::destroy);
        commands.on(ZfsCommand.AbortReceive.class, this::abortReceive);
        commands.on(ZfsCommand.Mount.class, this::mount);
    }

    private Effect mount(ZfsCommand.Mount command) {
        FakeDataset dataset = host.dataset(command.filesystem());
        String what = "cannot mount '" + dataset.name() + "': ";
        if (dataset.kind() == DatasetKind.VOLUME) {
            throw new Refusal(
                    Kind.INVALID,
                    "cannot open '" + dataset.name() + "': operation not applicable to datasets of this type");
        }
        if (!dataset.isOpen()) {
            throw new Refusal(Kind.KEY_NOT_LOADED, what + "encryption key not loaded");
        }
        if (dataset.isMounted()) {
            return Effect.ALREADY;
        }
        String mountpoint = dataset.properties().get("mountpoint").value();
        if (dataset.properties().get("canmount").value().equals("off")) {
            throw new Refusal(Kind.INVALID, what + "'canmount' property is set to 'off'");
        }
        if (!mountpoint.startsWith("/")) {
            throw new Refusal(
                    Kind.INVALID, what + (mountpoint.equals("none") ? "no mountpoint set" : "legacy mountpoint"));
        }
        dataset.mounted(true);
        return Effect.DONE;
    }

    /** Creates a dataset; the key is what stands on the terminal, if there is one. */
    static Effect create(
            FakeHost host,
            DatasetName name,
            DatasetKind kind,
            long size,
            Map<String, String> properties,
            byte @Nullable [] prompted) {
        host.requireFree(name);
        FakeDataset parent = host.parentFor(name);
        FakeHost.requireRoomInPool(parent);
        if (kind == DatasetKind.VOLUME && (size <= 0 || size % 512 != 0)) {
            throw new Refusal(
                    Kind.INVALID, "cannot create '" + name + "': 'volsize' must be a multiple of the block size");
        }
        FakePool pool = parent.pool();
        FakeDataset made = host.newDataset(pool, name, kind, pool.nextTxg());
        made.crypt(new NewEncryption(host, name, properties).under(parent, prompted));
        made.volumeSize(size);
        set(made, properties);
        host.attach(parent, made);
        made.mountAsItsPropertiesSay();
        return Effect.DONE;
    }

    private static void set(FakeDataset made, Map<String, String> properties) {
        properties.forEach((property, value) -> {
            if (!NewEncryption.PROPERTIES.contains(property)) {
                made.properties().set(property, value);
            }
        });
    }

    private Effect cloneSnapshot(ZfsCommand.CloneSnapshot command) {
        FakeSnapshot origin = host.snapshot(command.origin());
        DatasetName name = command.name();
        FakeDataset parent = host.parentFor(name);
        host.requireFree(name);
        if (!name.pool().equals(command.origin().dataset().pool())) {
            throw new Refusal(Kind.INVALID, "cannot create '" + name + "': source and target pools differ");
        }
        FakeDataset original = origin.owner();
        Crypt crypt = original.crypt();
        for (String property : command.properties().keySet()) {
            if (NewEncryption.PROPERTIES.contains(property)) {
                throw new Refusal(Kind.INVALID, "cannot create '" + name + "': a clone is encrypted as its origin");
            }
        }
        FakeHost.requireRoomInPool(parent);
        FakePool pool = parent.pool();
        FakeDataset made = host.newDataset(pool, name, original.kind(), pool.nextTxg(), origin.contents());
        if (crypt != null) {
            made.crypt(Crypt.under(original.encryptionRoot(), crypt.cipher(), crypt.master()));
        }
        made.volumeSize(original.volumeSize());
        made.largeBlocks(original.hasLargeBlocks());
        set(made, command.properties());
        host.attach(parent, made);
        made.origin(origin);
        made.mountAsItsPropertiesSay();
        return Effect.DONE;
    }

    private Effect promote(ZfsCommand.Promote command) {
        FakeDataset promoted = host.dataset(command.promoted());
        FakeSnapshot origin = promoted.origin();
        if (origin == null) {
            throw new Refusal(Kind.INVALID, "cannot promote '" + promoted.name() + "': not a cloned filesystem");
        }
        FakeDataset original = origin.owner();
        FakeSnapshot above = original.origin();
        List<FakeSnapshot> shared = new ArrayList<>();
        for (FakeSnapshot snapshot : original.timeline().snapshots()) {
            if (snapshot.createtxg() <= origin.createtxg()) {
                if (promoted.timeline().get(snapshot.label()) != null) {
                    throw new Refusal(
                            Kind.ALREADY_EXISTS,
                            "cannot promote '" + promoted.name() + "': conflicting snapshot '" + snapshot.label()
                                    + "' from parent '" + original.name() + "'");
                }
                shared.add(snapshot);
            }
        }
        requireKeyFor(promoted, original);
        promoted.pool().nextTxg();
        original.change(timeline -> timeline.takeThrough(origin));
        shared.forEach(snapshot -> snapshot.owner(promoted));
        promoted.change(timeline -> timeline.putFirst(shared));
        for (FakeBookmark bookmark : List.copyOf(original.bookmarks())) {
            if (bookmark.createtxg() <= origin.createtxg()) {
                original.removeBookmark(bookmark.label());
                promoted.addBookmark(bookmark);
            }
        }
        original.snapshotsChanged(host.seconds());
        if (above != null) {
            above.addClone(promoted); // it is never without a clone meanwhile, and not destroyed later than asked for
        }
        original.origin(origin);
        promoted.origin(above);
        moveKey(original, promoted);
        return Effect.DONE;
    }

    private static void requireKeyFor(FakeDataset promoted, FakeDataset original) {
        FakeDataset root = original.encryptionRoot();
        FakeDataset parent = promoted.parent();
        if (root != null && root != original && (parent == null || parent.encryptionRoot() != root)) {
            throw new Refusal(
                    Kind.INCOMPATIBLE,
                    "cannot promote '" + promoted.name() + "': cannot promote dataset outside its encryption root");
        }
    }

    /** Who was the encryption root is a clone now, and the clone the root of everything that the other was. */
    private void moveKey(FakeDataset original, FakeDataset promoted) {
        Crypt from = original.crypt();
        Crypt to = promoted.crypt();
        if (from == null || to == null || from.key() == null) {
            return;
        }
        to.becomesRoot(from.key(), from.loaded());
        host.forEach(each -> {
            Crypt crypt = each.crypt();
            if (crypt != null && each != promoted && (each == original || crypt.root() == original)) {
                crypt.opensWith(promoted);
            }
        });
    }

    private Effect rename(ZfsCommand.RenameDataset command) {
        FakeDataset dataset = host.dataset(command.from());
        DatasetName to = command.to();
        if (command.from().equals(to) && dataset.parent() != null) {
            return Effect.DONE;
        }
        String what = "cannot rename '" + command.from() + "': ";
        if (dataset.parent() == null
                || !to.pool().equals(command.from().pool())
                || command.from().contains(to)) {
            throw new Refusal(
                    Kind.INVALID,
                    "cannot rename to '" + to + "': "
                            + (command.from().contains(to)
                                    ? "New dataset name cannot be a descendant of current dataset name"
                                    : "datasets must be within same pool"));
        }
        host.requireFree(to);
        FakeDataset parent = host.parentFor(to);
        dataset.walk(FakeHost::requireIdle);
        FakeDataset root = dataset.encryptionRoot();
        if (root != null && root != dataset && parent != dataset.parent() && parent.encryptionRoot() != root) {
            throw new Refusal(Kind.INCOMPATIBLE, what + "cannot move encrypted child outside of its encryption root");
        }
        dataset.walk(each -> requireRoomForNames(each, each.name().rebase(command.from(), to)));
        host.detach(dataset);
        if (parent.available() < dataset.used() && parent.isLimitedByQuota()) {
            FakeDataset before = host.parentFor(command.from());
            host.attach(before, dataset);
            throw new Refusal(Kind.NO_SPACE, what + "out of space");
        }
        dataset.pool().nextTxg();
        dataset.walk(each -> each.name(each.name().rebase(command.from(), to)));
        host.attach(parent, dataset);
        return Effect.DONE;
    }

    /** Constructs each of the new names: that refuses those that are too long. */
    private static void requireRoomForNames(FakeDataset dataset, DatasetName to) {
        dataset.timeline().snapshots().forEach(snapshot -> to.snapshot(snapshot.label()));
        dataset.bookmarks().forEach(bookmark -> to.bookmark(bookmark.label()));
    }

    private Effect destroy(ZfsCommand.DestroyDataset command) {
        FakeDataset dataset = host.dataset(command.dataset());
        String what = "cannot destroy '" + dataset.name() + "': ";
        if (dataset.parent() == null) {
            throw new Refusal(Kind.INVALID, what + "operation does not apply to pools");
        }
        if (command.scope() == Scope.SELF
                && !(dataset.children().isEmpty()
                        && dataset.timeline().snapshots().isEmpty())) {
            throw new Refusal(Kind.HAS_CHILDREN, what + "filesystem has children");
        }
        Set<FakeDataset> victims = new LinkedHashSet<>();
        dataset.walk(victims::add);
        for (FakeDataset victim : victims) {
            FakeHost.requireIdle(victim);
            victim.timeline()
                    .snapshots()
                    .forEach(snapshot -> PointCommands.requireDestroyable(host, snapshot, victims));
        }
        dataset.pool().nextTxg();
        host.detach(dataset);
        victims.forEach(victim -> victim.origin(null));
        return Effect.DONE;
    }

    private Effect abortReceive(ZfsCommand.AbortReceive command) {
        FakeDataset dataset = host.dataset(command.target());
        FakeHost.requireIdle(dataset);
        if (dataset.partial() == null) {
            throw new Refusal(
                    Kind.NO_PARTIAL_STATE,
                    "'" + dataset.name() + "' does not have any resumable receive state to abort");
        }
        dataset.pool().nextTxg();
        dataset.partial(null);
        if (dataset.isInconsistent()) {
            host.detach(dataset);
            dataset.origin(null);
        }
        return Effect.DONE;
    }
}
