// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.SnapshotContents;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** The commands that only look. */
final class Listings {

    private final FakeHost host;
    private final SendPlanner planner;

    Listings(FakeHost host, SendPlanner planner) {
        this.host = host;
        this.planner = planner;
    }

    void register(Commands commands) {
        commands.on(ZfsCommand.ListDatasets.class, this::datasets);
        commands.on(ZfsCommand.ListHistories.class, this::histories);
        commands.on(ZfsCommand.ListWritten.class, this::written);
        commands.on(ZfsCommand.ListUsed.class, this::used);
        commands.on(ZfsCommand.ListHolds.class, this::holds);
        commands.on(ZfsCommand.ListSnapshotProperty.class, this::snapshotProperty);
        commands.on(ZfsCommand.ListHoldTimes.class, this::holdTimes);
        commands.on(ZfsCommand.ListPermissions.class, command -> Permissions.ALL);
        commands.on(
                ZfsCommand.ListFeatures.class,
                command -> Features.of(host.dataset(command.pool().pool())));
        commands.on(ZfsCommand.PartialSince.class, this::partialSince);
        commands.on(ZfsCommand.CountObjects.class, this::objects);
        commands.on(ZfsCommand.ReadContents.class, this::contents);
        commands.on(
                ZfsCommand.EstimateSend.class,
                command -> planner.plan(command.stream()).estimate());
        commands.on(
                ZfsCommand.ReadToken.class,
                command -> Token.parse(command.token()).contents());
    }

    private List<Dataset> datasets(ZfsCommand.ListDatasets command) {
        List<Dataset> found = new ArrayList<>();
        host.visit(command.names(), command.scope(), dataset -> found.add(row(dataset, host.tellsTimes())));
        return Collections.unmodifiableList(found);
    }

    private static Dataset row(FakeDataset dataset, boolean tellsTimes) {
        FakeSnapshot origin = dataset.origin();
        FakeDataset root = dataset.encryptionRoot();
        PartialReceive partial = dataset.partial();
        return new Dataset(
                dataset.name(),
                dataset.kind(),
                new Guid(dataset.guid()),
                dataset.createtxg(),
                origin == null ? Optional.empty() : Optional.of(origin.name()),
                root == null ? Optional.empty() : Optional.of(new Dataset.Encryption(root.name(), dataset.isOpen())),
                dataset.properties().isOn("readonly"),
                dataset.isMounted(),
                dataset.timeline().written(),
                dataset.timeline().live().referenced(),
                dataset.used(),
                dataset.available(),
                dataset.kind() == DatasetKind.VOLUME ? OptionalLong.of(dataset.volumeSize()) : OptionalLong.empty(),
                partial == null ? Optional.empty() : Optional.of(partial.token()),
                tellsTimes ? dataset.snapshotsChanged() : OptionalLong.empty());
    }

    private Map<DatasetName, History> histories(ZfsCommand.ListHistories command) {
        Map<DatasetName, History> found = new LinkedHashMap<>();
        host.visit(command.names(), command.scope(), dataset -> {
            History history = history(dataset);
            if (!history.isEmpty()) {
                found.put(dataset.name(), history);
            }
        });
        return Collections.unmodifiableMap(found);
    }

    private static History history(FakeDataset dataset) {
        History.Builder builder = new History.Builder();
        for (FakeSnapshot snapshot : dataset.timeline().snapshots()) {
            builder.add(false, snapshot.label(), snapshot.guid(), snapshot.createtxg(), snapshot.creation());
        }
        for (FakeBookmark bookmark : dataset.bookmarks()) {
            builder.add(true, bookmark.label(), bookmark.guid(), bookmark.createtxg(), bookmark.creation());
        }
        return builder.build();
    }

    private Map<SnapshotName, Long> written(ZfsCommand.ListWritten command) {
        return bytes(command.snapshots(), FakeSnapshot::written);
    }

    private Map<SnapshotName, Long> used(ZfsCommand.ListUsed command) {
        return bytes(
                command.snapshots(), snapshot -> snapshot.owner().timeline().unique(snapshot));
    }

    private Map<SnapshotName, Long> bytes(List<SnapshotName> names, ToLongFunction<FakeSnapshot> count) {
        Map<SnapshotName, Long> found = new LinkedHashMap<>();
        for (SnapshotName name : names) {
            FakeSnapshot snapshot = host.findSnapshot(name);
            if (snapshot != null) {
                found.put(name, count.applyAsLong(snapshot));
            }
        }
        return Collections.unmodifiableMap(found);
    }

    private Long objects(ZfsCommand.CountObjects command) {
        FakeDataset dataset = host.dataset(command.filesystem());
        if (dataset.kind() != DatasetKind.FILESYSTEM) {
            throw new Refusal(
                    Kind.INVALID, "cannot open '" + dataset.name() + "': operation not applicable to a volume");
        }
        if (dataset.isInconsistent()) {
            throw new Refusal(Kind.BUSY, "cannot get used/quota for " + dataset.name() + ": dataset is busy");
        }
        if (!dataset.isOpen()) {
            throw new Refusal(
                    Kind.NO_PERMISSION, "cannot get used/quota for " + dataset.name() + ": permission denied");
        }
        return dataset.timeline().live().objects();
    }

    private SnapshotContents contents(ZfsCommand.ReadContents command) {
        FakeSnapshot snapshot = host.snapshot(command.snapshot());
        if (!snapshot.owner().isOpen()) {
            throw new Refusal(
                    Kind.KEY_NOT_LOADED,
                    "its contents can't be read: the key of " + snapshot.owner().name() + " is not loaded");
        }
        return Reading.of(host, snapshot);
    }

    private Map<SnapshotName, Set<String>> holds(ZfsCommand.ListHolds command) {
        Map<SnapshotName, Set<String>> found = new LinkedHashMap<>();
        for (SnapshotName name : command.snapshots()) {
            found.put(
                    name,
                    Collections.unmodifiableSet(
                            new TreeSet<>(host.snapshot(name).holds())));
        }
        return Collections.unmodifiableMap(found);
    }

    private Map<SnapshotName, String> snapshotProperty(ZfsCommand.ListSnapshotProperty command) {
        if (command.property().indexOf(':') < 0) {
            throw new Refusal(Kind.INVALID, "'" + command.property() + "' is no user property: its name has no colon");
        }
        Map<SnapshotName, String> found = new LinkedHashMap<>();
        host.visit(command.names(), command.scope(), dataset -> {
            for (FakeSnapshot snapshot : dataset.timeline().snapshots()) {
                String value = snapshot.userProperties().get(command.property());
                if (value != null) {
                    found.put(snapshot.name(), value);
                }
            }
        });
        return Collections.unmodifiableMap(found);
    }

    private Map<SnapshotName, Map<String, Long>> holdTimes(ZfsCommand.ListHoldTimes command) {
        if (!host.tellsTimes() && !command.snapshots().isEmpty()) {
            throw new Refusal(Kind.UNSUPPORTED, "invalid option 'p'");
        }
        Map<SnapshotName, Map<String, Long>> found = new LinkedHashMap<>();
        for (SnapshotName name : command.snapshots()) {
            found.put(name, Map.copyOf(host.snapshot(name).holdTimes()));
        }
        return Collections.unmodifiableMap(found);
    }

    private Long partialSince(ZfsCommand.PartialSince command) {
        FakeDataset dataset = host.dataset(command.target());
        return dataset.partial() == null ? dataset.creation() : dataset.partialSince();
    }
}
