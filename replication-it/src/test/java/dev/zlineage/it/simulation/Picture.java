// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.zfs.Bookmark;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** All that can be seen of a host at a moment, by the GUIDs of its datasets. */
record Picture(Map<Guid, State> datasets) {

    /** What stands where something can't be read: a receive that was cut, a key that is not there. */
    private static final Map<String, String> UNREADABLE = Map.of();

    /** A snapshot of one dataset, whatever their names. */
    record Place(Guid dataset, Guid snapshot) {}

    /** One snapshot. */
    record Saved(Guid guid, String label, Map<String, String> contents, Set<String> holds) {}

    /** One dataset. */
    record State(
            DatasetName name,
            Guid guid,
            Map<String, String> live,
            Map<Guid, Saved> snapshots,
            Map<String, Guid> bookmarks,
            boolean partial) {

        /** The snapshots and bookmarks that an increment could start from. */
        Set<Guid> bases() {
            Set<Guid> bases = new java.util.HashSet<>(snapshots.keySet());
            bases.addAll(bookmarks.values());
            return bases;
        }
    }

    static Picture of(FakeZfs host, DatasetName root, Map<Place, Map<String, String>> seen) {
        List<DatasetName> roots = List.of(root);
        List<Dataset> found =
                host.execute(new ZfsCommand.ListDatasets(roots, Scope.SUBTREE)).orThrow();
        Map<DatasetName, History> histories =
                host.execute(new ZfsCommand.ListHistories(roots, Scope.SUBTREE)).orThrow();
        List<SnapshotName> names = histories.entrySet().stream()
                .flatMap(e ->
                        e.getValue().snapshots().stream().map(s -> e.getKey().snapshot(s.label())))
                .toList();
        Map<SnapshotName, Set<String>> holds = names.isEmpty()
                ? Map.of()
                : host.execute(new ZfsCommand.ListHolds(names)).orThrow();
        Map<Guid, State> datasets = new LinkedHashMap<>();
        for (Dataset dataset : found) {
            DatasetName name = dataset.name();
            History history = histories.getOrDefault(name, History.EMPTY);
            Map<Guid, Saved> snapshots = new LinkedHashMap<>();
            for (Snapshot s : history.snapshots()) {
                SnapshotName full = name.snapshot(s.label());
                snapshots.put(
                        s.guid(),
                        new Saved(
                                s.guid(),
                                s.label(),
                                seen.computeIfAbsent(
                                        new Place(dataset.guid(), s.guid()),
                                        place -> readable(() -> host.contents(full))),
                                new TreeSet<>(holds.getOrDefault(full, Set.of()))));
            }
            datasets.put(
                    dataset.guid(),
                    new State(
                            name,
                            dataset.guid(),
                            readable(() -> host.contents(name)),
                            snapshots,
                            history.bookmarks().stream().collect(Collectors.toMap(Bookmark::label, Bookmark::guid)),
                            dataset.resumeToken().isPresent()));
        }
        return new Picture(datasets);
    }

    private static Map<String, String> readable(Supplier<? extends Map<String, String>> look) {
        try {
            return Map.copyOf(look.get());
        } catch (IllegalStateException e) {
            return UNREADABLE;
        }
    }

    /** Each snapshot of the host. A GUID can be there more than once: an old copy set aside, and the new one. */
    Map<Guid, Saved> snapshots() {
        Map<Guid, Saved> all = new HashMap<>();
        datasets.values().forEach(state -> all.putAll(state.snapshots()));
        return all;
    }

    /** Whether a text stands in a live dataset or a snapshot. */
    boolean holds(String text) {
        return datasets.values().stream()
                .anyMatch(state -> state.live().containsValue(text)
                        || state.snapshots().values().stream()
                                .anyMatch(s -> s.contents().containsValue(text)));
    }
}
