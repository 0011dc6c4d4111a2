// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.TokenContents;
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
 * @param tokens what the resume tokens of datasets say; one that could not be read is absent
 */
public record HostView(
        String host,
        Map<DatasetName, Dataset> datasets,
        Map<DatasetName, History> histories,
        Map<SnapshotName, Long> written,
        Set<DatasetName> empty,
        Map<DatasetName, TokenContents> tokens) {

    /** Copies the collections. */
    public HostView {
        datasets = Map.copyOf(datasets);
        histories = Map.copyOf(histories);
        written = Map.copyOf(written);
        empty = Set.copyOf(empty);
        tokens = Map.copyOf(tokens);
    }

    /**
     * A view without answers to the rarer questions.
     *
     * @param host what to call it
     * @param datasets the datasets
     * @param histories their snapshots and bookmarks
     */
    public HostView(String host, Map<DatasetName, Dataset> datasets, Map<DatasetName, History> histories) {
        this(host, datasets, histories, Map.of(), Set.of(), Map.of());
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
     * The history of a dataset.
     *
     * @param name its name
     * @return empty also when the dataset does not exist
     */
    public History history(DatasetName name) {
        return histories.getOrDefault(name, History.EMPTY);
    }
}
