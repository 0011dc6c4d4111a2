// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.memory.Glance;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which datasets stay unread: those that are unchanged, but for what a plan of the others would look up in them, the snapshots
 * that clones begin with.
 */
final class Unchanged {

    private final ReplicationRequest request;
    private final Map<DatasetName, Dataset> sources;
    private final Map<DatasetName, Dataset> targets;
    private final Set<DatasetName> unchanged;

    private Unchanged(
            ReplicationRequest request,
            Map<DatasetName, Dataset> sources,
            Map<DatasetName, Dataset> targets,
            Glance glance) {
        this.request = request;
        this.sources = sources;
        this.targets = targets;
        this.unchanged = new HashSet<>(glance.unchanged());
    }

    /**
     * The glance at what stays unread. Nothing does where a swap is to be finished, or a clone is to be made, since its origin is
     * looked for everywhere.
     */
    static Glance of(
            ReplicationRequest request,
            Map<DatasetName, Dataset> sources,
            Map<DatasetName, Dataset> targets,
            Glance glance) {
        if (glance.unchanged().isEmpty()) {
            return glance;
        }
        boolean swaps =
                targets.keySet().stream().anyMatch(name -> SetAside.target(name).isPresent());
        Unchanged open = new Unchanged(request, sources, targets, glance);
        return glance.of(swaps || open.newClone() ? Set.of() : open.withoutOrigins());
    }

    private boolean newClone() {
        return sources.values().stream()
                .anyMatch(dataset ->
                        dataset.origin().isPresent() && copy(dataset.name()).isEmpty());
    }

    private Set<DatasetName> withoutOrigins() {
        Deque<DatasetName> changed = new ArrayDeque<>();
        sources.keySet().stream().filter(name -> !unchanged.contains(name)).forEach(changed::add);
        while (!changed.isEmpty()) {
            DatasetName name = changed.remove();
            origin(Optional.ofNullable(sources.get(name))).ifPresent(origin -> read(origin, changed));
            origin(copy(name))
                    .filter(request.target()::contains)
                    .ifPresent(origin -> read(origin.rebase(request.target(), request.source()), changed));
        }
        return unchanged;
    }

    private void read(DatasetName name, Deque<DatasetName> changed) {
        if (unchanged.remove(name)) {
            changed.add(name);
        }
    }

    private static Optional<DatasetName> origin(Optional<Dataset> dataset) {
        return dataset.flatMap(Dataset::origin).map(SnapshotName::dataset);
    }

    private Optional<Dataset> copy(DatasetName name) {
        try {
            return Optional.ofNullable(targets.get(name.rebase(request.source(), request.target())));
        } catch (InvalidNameException e) {
            return Optional.empty(); // too long to be there
        }
    }
}
