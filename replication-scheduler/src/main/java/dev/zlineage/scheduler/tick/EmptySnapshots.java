// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Destroys new snapshots that hold nothing new: nothing was written in the dataset, nor in those below it that got one too.
 * Where that can't be told, they stay.
 */
final class EmptySnapshots {

    private final Zfs zfs;
    private final SortedMap<DatasetName, List<SnapshotName>> taken;
    private final List<String> warnings = new ArrayList<>();

    private EmptySnapshots(Zfs zfs, Collection<SnapshotName> taken) {
        this.zfs = zfs;
        this.taken =
                taken.stream().collect(Collectors.groupingBy(SnapshotName::dataset, TreeMap::new, Collectors.toList()));
    }

    /** What is gone, and what could not be told or destroyed. */
    record Removal(List<SnapshotName> destroyed, List<String> warnings) {}

    /** Looks at all that was taken, and leaves the datasets alone of which someone wants to keep empty ones. */
    static Removal remove(Zfs zfs, Collection<SnapshotName> taken, Set<DatasetName> keep) {
        EmptySnapshots snapshots = new EmptySnapshots(zfs, taken);
        boolean nobodyAsks = keep.containsAll(snapshots.taken.keySet());
        return new Removal(nobodyAsks ? List.of() : snapshots.removeBut(keep), snapshots.warnings);
    }

    private List<SnapshotName> removeBut(Set<DatasetName> keep) {
        List<Answer<?>> answers = zfs.execute(List.of(
                histories(taken.keySet()),
                new ZfsCommand.ListWritten(
                        taken.values().stream().flatMap(List::stream).toList())));
        for (Answer<?> answer : answers) {
            if (answer instanceof Answer.Failed<?> failed) {
                return stay(failed.failure());
            }
        }
        @SuppressWarnings("unchecked") // the answers to these two commands
        Map<DatasetName, History> before =
                (Map<DatasetName, History>) answers.get(0).orThrow();
        @SuppressWarnings("unchecked")
        Map<SnapshotName, Long> written =
                (Map<SnapshotName, Long>) answers.get(1).orThrow();
        List<DatasetName> empty = taken.keySet().stream()
                .filter(dataset -> !keep.contains(dataset) && isEmpty(dataset, written))
                .filter(dataset -> hasOlder(dataset, before))
                .toList();
        return empty.isEmpty() ? List.of() : destroy(empty, before);
    }

    private static ZfsCommand.ListHistories histories(Collection<DatasetName> datasets) {
        return new ZfsCommand.ListHistories(List.copyOf(datasets), Scope.SELF);
    }

    private List<SnapshotName> stay(ZfsFailure failure) {
        warnings.add("new snapshots stay, since it can't be told whether they are empty: "
                + failure.text().strip());
        return List.of();
    }

    private boolean isEmpty(DatasetName dataset, Map<SnapshotName, Long> written) {
        return taken.entrySet().stream()
                .filter(each -> dataset.contains(each.getKey()))
                .flatMap(each -> each.getValue().stream())
                .allMatch(name -> written.getOrDefault(name, -1L) == 0);
    }

    /** Without another one the dataset would have no snapshot at all, as a clone of its origin alone. */
    private boolean hasOlder(DatasetName dataset, Map<DatasetName, History> histories) {
        int all = histories.getOrDefault(dataset, History.EMPTY).snapshots().size();
        return all > taken.getOrDefault(dataset, List.of()).size();
    }

    /** Looks again first: a name may be that of another snapshot by now. */
    private List<SnapshotName> destroy(List<DatasetName> empty, Map<DatasetName, History> before) {
        Answer<Map<DatasetName, History>> listing = zfs.execute(histories(empty));
        if (listing instanceof Answer.Failed<Map<DatasetName, History>> failed) {
            return stay(failed.failure());
        }
        List<ZfsCommand.DestroySnapshots> commands = new ArrayList<>();
        for (DatasetName dataset : empty) {
            List<String> labels = taken.getOrDefault(dataset, List.of()).stream()
                    .map(SnapshotName::label)
                    .filter(label -> guid(before, dataset, label).isPresent()
                            && guid(before, dataset, label).equals(guid(listing.orThrow(), dataset, label)))
                    .toList();
            if (!labels.isEmpty()) {
                commands.add(new ZfsCommand.DestroySnapshots(dataset, labels));
            }
        }
        List<Answer<?>> answers = commands.isEmpty() ? List.of() : zfs.execute(commands);
        List<SnapshotName> destroyed = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            ZfsCommand.DestroySnapshots command = commands.get(i);
            if (answers.get(i) instanceof Answer.Failed<?> failed) {
                warnings.add("the empty " + command.dataset() + "@" + String.join(",", command.labels()) + " stays: "
                        + failed.failure().text().strip());
            } else {
                command.labels()
                        .forEach(label -> destroyed.add(command.dataset().snapshot(label)));
            }
        }
        return destroyed;
    }

    private static Optional<Guid> guid(Map<DatasetName, History> histories, DatasetName dataset, String label) {
        return histories.getOrDefault(dataset, History.EMPTY).snapshot(label).map(Snapshot::guid);
    }
}
