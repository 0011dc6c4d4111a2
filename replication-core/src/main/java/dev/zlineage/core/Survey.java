// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core;

import dev.zlineage.core.observe.Histories;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Answers what somebody wants to know who is setting a replication up: how many snapshots a request means, what a target has
 * that its source lacks, whose keys open a target. Each question takes one listing a side, whatever the number of datasets, and
 * changes nothing.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public final class Survey {

    private final ReplicationRequest request;

    private Survey(ReplicationRequest request) {
        this.request = request;
    }

    /**
     * Questions about a request.
     *
     * @param request what would be replicated; its source and its target need not exist
     * @return a survey
     */
    public static Survey of(ReplicationRequest request) {
        return new Survey(request);
    }

    /**
     * How many snapshots there are, and how many of them are meant.
     *
     * @param total of all datasets that are not excluded
     * @param selected those of them that the request selects
     * @param obstacles by dataset, why it can't be told of some label whether it is meant; that dataset would be refused
     */
    public record Count(long total, long selected, SortedMap<DatasetName, String> obstacles) {}

    /**
     * Counts the snapshots that the request selects.
     *
     * @param source the host that would send
     * @return the numbers; zero where the source does not exist
     * @throws ZfsException if the host can't be listed
     */
    public Count count(Zfs source) {
        long total = 0;
        long selected = 0;
        SortedMap<DatasetName, String> obstacles = new TreeMap<>();
        for (Map.Entry<DatasetName, History> entry : Histories.list(
                        source, List.of(request.source()), scope(), request.snapshots())
                .entrySet()) {
            if (request.includes(entry.getKey())) {
                total += entry.getValue().snapshots().size();
                selected += request.snapshots().in(entry.getValue()).cardinality();
                request.snapshots().obstacle(entry.getValue()).ifPresent(why -> obstacles.put(entry.getKey(), why));
            }
        }
        return new Count(total, selected, obstacles);
    }

    /**
     * Snapshots of the target that the source has not, by GUID: under another name it has them.
     *
     * @param source the host that would send
     * @param target the host that would receive
     * @return by dataset of the target, oldest first; only of datasets that have such snapshots
     * @throws ZfsException if a host can't be listed
     */
    public SortedMap<DatasetName, List<Snapshot>> unmatched(Zfs source, Zfs target) {
        Map<DatasetName, History> from = histories(source, request.source());
        SortedMap<DatasetName, List<Snapshot>> unmatched = new TreeMap<>();
        histories(target, request.target()).forEach((name, history) -> {
            Set<Guid> known = new HashSet<>();
            sourceOf(name).map(from::get).ifPresent(h -> h.snapshots().forEach(s -> known.add(s.guid())));
            List<Snapshot> alone = new ArrayList<>(history.snapshots());
            alone.removeIf(snapshot -> known.contains(snapshot.guid()));
            if (!alone.isEmpty()) {
                unmatched.put(name, List.copyOf(alone));
            }
        });
        return unmatched;
    }

    /**
     * Whose keys open the target. Below a root that was sent raw, each dataset is an encryption root of its own, although one key
     * opens them all ({@code zfs-send(8)}, {@code -w}).
     *
     * @param source the host that would send
     * @param target the host that would receive
     * @return by encryption root of the target, the encryption root of the source whose key opens it, as long as that key was
     *     not changed on either side since; without those that are not encrypted on the source
     * @throws ZfsException if a host can't be listed
     */
    public SortedMap<DatasetName, DatasetName> keys(Zfs source, Zfs target) {
        Map<DatasetName, DatasetName> roots = new TreeMap<>();
        for (Dataset dataset : datasets(source, request.source())) {
            dataset.encryption().ifPresent(e -> roots.put(dataset.name(), e.root()));
        }
        SortedMap<DatasetName, DatasetName> keys = new TreeMap<>();
        for (Dataset dataset : datasets(target, request.target())) {
            boolean root = dataset.encryption()
                    .filter(e -> e.root().equals(dataset.name()))
                    .isPresent();
            if (root) {
                sourceOf(dataset.name()).map(roots::get).ifPresent(key -> keys.put(dataset.name(), key));
            }
        }
        return keys;
    }

    private Optional<DatasetName> sourceOf(DatasetName target) {
        try {
            return Optional.of(target.rebase(request.target(), request.source()))
                    .filter(request::includes);
        } catch (InvalidNameException e) {
            return Optional.empty(); // too long to be there
        }
    }

    private Map<DatasetName, History> histories(Zfs host, DatasetName top) {
        return host.execute(new ZfsCommand.ListHistories(List.of(top), scope())).orThrow();
    }

    private List<Dataset> datasets(Zfs host, DatasetName top) {
        return host.execute(new ZfsCommand.ListDatasets(List.of(top), scope())).orThrow();
    }

    private Scope scope() {
        return request.recursive() ? Scope.SUBTREE : Scope.SELF;
    }
}
