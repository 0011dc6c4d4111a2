// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.prune;

import dev.zlineage.core.mark.CopyMark;
import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at both sides: two commands on the source and three on the target; where something is gone, one and two more. */
final class PruneObserver {

    private PruneObserver() {}

    /**
     * Looks.
     *
     * @throws ZfsException if anything can't be listed; nothing is told on half a listing
     */
    static PruneView observe(Zfs source, Zfs target, ReplicationRequest request) {
        HostView from = view(source, request.source());
        HostView to = view(target, request.target());
        Map<DatasetName, Guid> copyOf = new HashMap<>();
        Map<DatasetName, Long> goneSince = new HashMap<>();
        Map<DatasetName, Long> emptied = new HashMap<>();
        List<DatasetName> names = to.datasets().keySet().stream().sorted().toList();
        Optional<Guid> root = from.dataset(request.source()).map(Dataset::guid);
        if (!names.isEmpty() && root.isPresent()) {
            for (PropertyValue mark : target.execute(new ZfsCommand.GetProperties(
                            names, List.of(CopyMark.COPY, CopyMark.GONE, CopyMark.EMPTIED)))
                    .orThrow()) {
                to.dataset(mark.dataset())
                        .filter(d -> mark.source().equals("local"))
                        .ifPresent(dataset -> {
                            if (mark.property().equals(CopyMark.COPY)) {
                                CopyMark.source(mark.value(), dataset.guid(), root.get())
                                        .ifPresent(guid -> copyOf.put(dataset.name(), guid));
                            } else {
                                Map<DatasetName, Long> found =
                                        mark.property().equals(CopyMark.GONE) ? goneSince : emptied;
                                CopyMark.number(mark.value(), dataset.guid())
                                        .ifPresent(number -> found.put(dataset.name(), number));
                            }
                        });
            }
        }
        List<DatasetName> alone = names.stream()
                .filter(name -> copyOf.containsKey(name)
                        && PrunePlanner.sourceOf(request, name).isPresent())
                .filter(name ->
                        from.dataset(PrunePlanner.sourceOf(request, name).get()).isEmpty())
                .toList();
        List<Dataset> pool = alone.isEmpty()
                ? List.of()
                : target.execute(new ZfsCommand.ListDatasets(
                                List.of(request.target().pool()), Scope.SUBTREE))
                        .orThrow();
        List<Dataset> sourcePool = alone.isEmpty()
                ? List.of()
                : source.execute(new ZfsCommand.ListDatasets(
                                List.of(request.source().pool()), Scope.SUBTREE))
                        .orThrow();
        return new PruneView(from, to, sourcePool, copyOf, goneSince, emptied, pool, holds(target, to, alone));
    }

    private static HostView view(Zfs host, DatasetName root) {
        Map<DatasetName, Dataset> datasets = new LinkedHashMap<>();
        host.execute(new ZfsCommand.ListDatasets(List.of(root), Scope.SUBTREE))
                .orThrow()
                .forEach(dataset -> datasets.put(dataset.name(), dataset));
        return new HostView(
                host.host(),
                datasets,
                datasets.isEmpty()
                        ? Map.of()
                        : host.execute(new ZfsCommand.ListHistories(List.of(root), Scope.SUBTREE))
                                .orThrow());
    }

    private static Map<DatasetName, String> holds(Zfs host, HostView seen, List<DatasetName> names) {
        List<SnapshotName> snapshots = names.stream()
                .flatMap(name -> seen.history(name).snapshots().stream().map(s -> name.snapshot(s.label())))
                .toList();
        Map<DatasetName, String> found = new HashMap<>();
        if (!snapshots.isEmpty()) {
            host.execute(new ZfsCommand.ListHolds(snapshots))
                    .orThrow()
                    .forEach((name, tags) -> tags.forEach(tag -> found.put(name.dataset(), tag)));
        }
        return found;
    }
}
