// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.HistoryPoint;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.TokenContents;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a host will look when the swaps that an earlier run began are finished. */
final class FinishedSwaps {

    private FinishedSwaps() {}

    static HostView of(HostView seen) {
        HostView view = seen;
        for (PendingSwap swap : seen.swaps()) {
            view = finished(view, swap);
        }
        return view;
    }

    private static HostView finished(HostView seen, PendingSwap swap) {
        Map<DatasetName, Dataset> datasets = new HashMap<>();
        Map<DatasetName, History> histories = new HashMap<>();
        Map<SnapshotName, Long> written = new HashMap<>();
        Set<DatasetName> empty = new HashSet<>();
        Set<DatasetName> occupied = new HashSet<>();
        Map<DatasetName, TokenContents> tokens = new HashMap<>();
        Optional<SnapshotName> origin = seen.dataset(swap.incoming())
                .flatMap(Dataset::origin)
                .filter(o -> o.dataset().equals(swap.target()));
        seen.datasets().forEach((name, dataset) -> {
            if (!name.equals(swap.target())) {
                DatasetName moved = moved(name, swap);
                datasets.put(moved, renamed(dataset, moved, swap, origin.isPresent()));
            }
        });
        seen.histories().forEach((name, history) -> {
            if (!name.equals(swap.target())) {
                histories.put(moved(name, swap), history);
            }
        });
        origin.ifPresent(o ->
                histories.merge(swap.target(), upTo(seen.history(swap.target()), o.label()), FinishedSwaps::joined));
        seen.written().forEach((name, bytes) -> {
            if (!name.dataset().equals(swap.target())) {
                written.put(moved(name.dataset(), swap).snapshot(name.label()), bytes);
            }
        });
        seen.empty().stream().filter(name -> !name.equals(swap.target())).forEach(name -> empty.add(moved(name, swap)));
        seen.occupied().stream()
                .filter(name -> !name.equals(swap.target()))
                .forEach(name -> occupied.add(moved(name, swap)));
        seen.tokens().forEach((name, contents) -> {
            if (!name.equals(swap.target())) {
                tokens.put(moved(name, swap), contents);
            }
        });
        Map<DatasetName, StreamMode> received = new HashMap<>();
        seen.received().forEach((name, mode) -> {
            if (!name.equals(swap.target())) {
                received.put(moved(name, swap), mode);
            }
        });
        return new HostView(seen.host(), datasets, histories, written, empty, occupied, tokens, seen.swaps(), received);
    }

    private static DatasetName moved(DatasetName name, PendingSwap swap) {
        return swap.incoming().contains(name) ? name.rebase(swap.incoming(), swap.target()) : name;
    }

    private static Dataset renamed(Dataset dataset, DatasetName name, PendingSwap swap, boolean promoted) {
        return new Dataset(
                name,
                dataset.kind(),
                dataset.guid(),
                dataset.createtxg(),
                promoted && name.equals(swap.target()) ? Optional.empty() : dataset.origin(),
                dataset.encryption().map(e -> new Dataset.Encryption(moved(e.root(), swap), e.keyLoaded())),
                dataset.readonly(),
                dataset.mounted(),
                dataset.written(),
                dataset.referenced(),
                dataset.used(),
                dataset.available(),
                dataset.volumeSize(),
                dataset.resumeToken(),
                dataset.snapshotsChanged());
    }

    /** What promoting a clone of that snapshot moves over. */
    static History upTo(History history, String label) {
        Optional<Snapshot> last = history.snapshot(label);
        History.Builder kept = new History.Builder();
        for (int i = 0; i < history.size(); i++) {
            HistoryPoint point = history.point(i);
            if (last.isPresent() && point.createtxg() <= last.get().createtxg()) {
                kept.add(point);
            }
        }
        return kept.build();
    }

    static History joined(History one, History other) {
        return new History.Builder().addAll(one).addAll(other).build();
    }
}
