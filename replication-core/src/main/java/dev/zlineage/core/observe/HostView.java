// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.TokenContents;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was seen of one host.
 *
 * @param host what to call it
 * @param datasets the datasets of the request and, on the target, those above it; only those that exist
 * @param histories their snapshots and bookmarks; a dataset without any is absent
 * @param written bytes written by snapshots that only the target has
 * @param empty datasets that were shown to hold neither snapshots nor data
 * @param occupied filesystems without snapshots that were shown to hold data. What a first receive that was cut has made can't
 *     be looked into, and is in neither
 * @param tokens what the resume tokens of datasets say; one that could not be read is absent
 * @param swaps what an earlier run began, parents first
 * @param received the form of the stream that a dataset was last received by, where that was asked for and is known
 */
public record HostView(
        String host,
        Map<DatasetName, Dataset> datasets,
        Map<DatasetName, History> histories,
        Map<SnapshotName, Long> written,
        Set<DatasetName> empty,
        Set<DatasetName> occupied,
        Map<DatasetName, TokenContents> tokens,
        List<PendingSwap> swaps,
        Map<DatasetName, StreamMode> received) {

    /** Copies the collections. */
    public HostView {
        datasets = Map.copyOf(datasets);
        histories = Map.copyOf(histories);
        written = Map.copyOf(written);
        empty = Set.copyOf(empty);
        occupied = Set.copyOf(occupied);
        tokens = Map.copyOf(tokens);
        swaps = List.copyOf(swaps);
        received = Map.copyOf(received);
    }

    /**
     * A view without answers to the rarer questions.
     *
     * @param host what to call it
     * @param datasets the datasets
     * @param histories their snapshots and bookmarks
     */
    public HostView(String host, Map<DatasetName, Dataset> datasets, Map<DatasetName, History> histories) {
        this(host, datasets, histories, Map.of(), Set.of(), Set.of(), Map.of(), List.of(), Map.of());
    }

    /**
     * How the host will look when what an earlier run began is finished: each incoming dataset in its place, what was there
     * out of sight.
     *
     * @return this view where nothing is pending
     */
    public HostView withSwapsFinished() {
        return FinishedSwaps.of(this);
    }

    /**
     * The history that a dataset has, or will have when it is promoted over the one that it is a clone of.
     *
     * @param name its name
     * @return empty also when the dataset does not exist
     */
    public History historyWithOrigin(DatasetName name) {
        return dataset(name)
                .flatMap(Dataset::origin)
                .map(origin -> FinishedSwaps.joined(
                        FinishedSwaps.upTo(history(origin.dataset()), origin.label()), history(name)))
                .orElseGet(() -> history(name));
    }

    /**
     * A dataset, if it exists.
     *
     * @param name its name
     * @return what was seen of it
     */
    public Optional<Dataset> dataset(DatasetName name) {
        return Optional.ofNullable(datasets.get(name));
    }

    /**
     * A dataset, or the nearest above it that exists.
     *
     * @param name its name
     * @return empty where not even its pool was seen
     */
    public Optional<Dataset> nearest(DatasetName name) {
        Optional<DatasetName> at = Optional.of(name);
        while (at.isPresent() && dataset(at.get()).isEmpty()) {
            at = at.get().parent();
        }
        return at.flatMap(this::dataset);
    }

    /**
     * The history of a dataset.
     *
     * @param name its name
     * @return empty also when the dataset does not exist
     */
    public History history(DatasetName name) {
        return histories.getOrDefault(name, History.EMPTY);
    }
}
