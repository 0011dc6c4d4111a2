// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import dev.zlineage.core.zfs.ZfsVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The pools of one host and what lies in them, by name. Its monitor guards everything that it reaches. */
final class FakeHost {

    /** What a location begins with that is a path. */
    static final String FILE = "file://";

    private final GuidSource guids;
    private final InstantSource clock;
    private final ZfsVersion version;
    private final Map<DatasetName, FakeDataset> datasets = new HashMap<>();
    private final Delegation delegation = new Delegation(this);
    private final Map<String, byte[]> keyFiles = new HashMap<>();
    private boolean keyFilesHere;
    private final Set<DatasetName> beingReceived = new HashSet<>();
    private final Set<Block> damaged = Collections.newSetFromMap(new IdentityHashMap<>());

    FakeHost(GuidSource guids, InstantSource clock, ZfsVersion version) {
        this.guids = guids;
        this.clock = clock;
        this.version = version;
    }

    /** What root lets others do. */
    Delegation delegation() {
        return delegation;
    }

    ZfsVersion version() {
        return version;
    }

    /** Whether it says when snapshots of a dataset changed, and since when a hold is there. */
    boolean tellsTimes() {
        return version.atLeast(2, 2);
    }

    GuidSource guids() {
        return guids;
    }

    long seconds() {
        return clock.instant().getEpochSecond();
    }

    Map<String, byte[]> keyFiles() {
        return keyFiles;
    }

    /** Files with keys are also looked for on the machine that the fake runs on. */
    void findKeyFilesHere() {
        keyFilesHere = true;
    }

    /** The key at a location such as {@code file:///etc/key}; null where there is none. */
    byte @Nullable [] keyAt(String location) {
        byte[] known = keyFiles.get(location);
        if (known != null || !keyFilesHere) {
            return known;
        }
        try {
            return Files.readAllBytes(Path.of(location.substring(FILE.length())));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void damage(Block block) {
        damaged.add(block);
    }

    /** Whether reading it fails, wherever it is referred to. */
    boolean isDamaged(Block block) {
        return damaged.contains(block);
    }

    /** New datasets that a first stream is on its way to. */
    Set<DatasetName> beingReceived() {
        return beingReceived;
    }

    void addPool(String name, long size, long firstTxg) {
        FakePool pool = new FakePool(name, size, firstTxg, guids, version);
        FakeDataset root = newDataset(pool, DatasetName.of(name), DatasetKind.FILESYSTEM, pool.nextTxg());
        datasets.put(root.name(), root);
        root.mountAsItsPropertiesSay();
    }

    FakeDataset newDataset(FakePool pool, DatasetName name, DatasetKind kind, long txg) {
        return newDataset(pool, name, kind, txg, Contents.empty(txg));
    }

    FakeDataset newDataset(FakePool pool, DatasetName name, DatasetKind kind, long txg, Contents live) {
        return new FakeDataset(pool, name, kind, guids.next(), txg, seconds(), live);
    }

    void attach(FakeDataset parent, FakeDataset dataset) {
        parent.attach(dataset);
        dataset.walk(each -> datasets.put(each.name(), each));
    }

    /** Takes it out of the tree with everything below it. */
    void detach(FakeDataset dataset) {
        dataset.walk(each -> datasets.remove(each.name()));
        dataset.detach();
    }

    @Nullable
    FakeDataset find(DatasetName name) {
        return datasets.get(name);
    }

    FakeDataset dataset(DatasetName name) {
        FakeDataset found = datasets.get(name);
        if (found == null) {
            throw new Refusal(Kind.NO_SUCH_DATASET, "cannot open '" + name + "': dataset does not exist");
        }
        return found;
    }

    /** The filesystem that a new dataset of a name goes into. */
    FakeDataset parentFor(DatasetName name) {
        DatasetName above = name.parent()
                .orElseThrow(() -> new Refusal(Kind.INVALID, "cannot create '" + name + "': missing dataset name"));
        FakeDataset parent = datasets.get(above);
        if (parent == null) {
            throw new Refusal(Kind.NO_SUCH_DATASET, "cannot create '" + name + "': parent does not exist");
        }
        if (parent.kind() != DatasetKind.FILESYSTEM) {
            throw new Refusal(Kind.INVALID, "cannot create '" + name + "': parent is not a filesystem");
        }
        return parent;
    }

    void requireFree(DatasetName name) {
        if (datasets.containsKey(name)) {
            throw new Refusal(Kind.ALREADY_EXISTS, "cannot create '" + name + "': dataset already exists");
        }
        if (beingReceived.contains(name)) {
            throw new Refusal(Kind.BUSY, "cannot create '" + name + "': dataset is busy");
        }
    }

    static void requireSpace(FakeDataset dataset, long bytes) {
        if (dataset.available() < bytes || dataset.available() == 0) {
            throw dataset.isLimitedByQuota()
                    ? new Refusal(Kind.QUOTA, dataset.name() + ": disc quota exceeded")
                    : new Refusal(Kind.NO_SPACE, dataset.name() + ": out of space");
        }
    }

    /** What takes next to nothing is stopped by a full pool, and not by a quota. */
    static void requireRoomInPool(FakeDataset dataset) {
        if (dataset.available() == 0 && !dataset.isLimitedByQuota()) {
            throw new Refusal(Kind.NO_SPACE, dataset.name() + ": out of space");
        }
    }

    static void requireIdle(FakeDataset dataset) {
        if (dataset.isReceiving()) {
            throw new Refusal(Kind.BUSY, "'" + dataset.name() + "' is busy: a receive is under way");
        }
    }

    @Nullable
    FakeSnapshot findSnapshot(SnapshotName name) {
        FakeDataset dataset = datasets.get(name.dataset());
        return dataset == null ? null : dataset.timeline().get(name.label());
    }

    FakeSnapshot snapshot(SnapshotName name) {
        FakeSnapshot found = findSnapshot(name);
        if (found == null) {
            throw noSuchPoint(name);
        }
        return found;
    }

    static Refusal noSuchPoint(PointName name) {
        return new Refusal(Kind.NO_SUCH_POINT, "cannot open '" + name + "': dataset does not exist");
    }

    void forEach(Consumer<FakeDataset> visitor) {
        datasets.values().forEach(visitor);
    }

    /** Visits what exists of some names, each dataset once; sorted when one name is given or the names are. */
    void visit(Collection<DatasetName> names, Scope scope, Consumer<FakeDataset> visitor) {
        Map<DatasetName, FakeDataset> found = new LinkedHashMap<>();
        names.stream().distinct().sorted().map(datasets::get).forEach(dataset -> {
            if (dataset != null && !found.containsKey(dataset.name())) {
                if (scope == Scope.SELF) {
                    found.put(dataset.name(), dataset);
                } else {
                    dataset.walk(each -> found.put(each.name(), each));
                }
            }
        });
        found.values().forEach(visitor);
    }
}
