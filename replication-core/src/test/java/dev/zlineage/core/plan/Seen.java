// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.TokenContents;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Writes observations down in a few words. */
final class Seen {

    private final Side source = new Side("");
    private final Side target = new Side("");

    private static final class Side {
        final String host;
        final Map<DatasetName, SeenDataset> datasets = new HashMap<>();
        final Map<DatasetName, History> histories = new HashMap<>();
        final Map<SnapshotName, Long> written = new HashMap<>();
        final Set<DatasetName> empty = new HashSet<>();
        final Map<DatasetName, TokenContents> tokens = new HashMap<>();
        final Map<DatasetName, StreamMode> received = new HashMap<>();

        Side(String host) {
            this.host = host;
        }

        HostView view() {
            Map<DatasetName, Dataset> found = new HashMap<>();
            datasets.forEach((name, seen) -> found.put(name, seen.dataset()));
            return new HostView(host, found, histories, written, empty, tokens, List.of(), received);
        }
    }

    Seen source(String name, String history) {
        return add(source, name, history, d -> d);
    }

    Seen source(String name, String history, UnaryOperator<SeenDataset> change) {
        return add(source, name, history, change);
    }

    Seen target(String name, String history) {
        return add(target, name, history, SeenDataset::readonly);
    }

    Seen target(String name, String history, UnaryOperator<SeenDataset> change) {
        return add(target, name, history, change);
    }

    Seen unwritten(String snapshot) {
        target.written.put(snapshot(snapshot), 0L);
        return this;
    }

    Seen empty(String name) {
        target(name, "");
        target.empty.add(DatasetName.of(name));
        return this;
    }

    /** An interrupted receive of {@code source@to} (as in {@code tank/data@b=2}), from a base such as {@code @a}. */
    Seen interrupted(String target, String toName, String from, boolean raw) {
        this.target.datasets.computeIfPresent(DatasetName.of(target), (n, d) -> d.partial());
        this.target.tokens.put(
                DatasetName.of(target),
                new TokenContents(
                        toName,
                        History.parse(toName.substring(toName.indexOf('@')))
                                .point(0)
                                .guid(),
                        from.isEmpty()
                                ? Optional.empty()
                                : Optional.of(History.parse(from).point(0).guid()),
                        1000,
                        raw));
        return this;
    }

    /** The form of the stream that a target was last received by. */
    Seen received(String name, StreamMode mode) {
        target.received.put(DatasetName.of(name), mode);
        return this;
    }

    Observation now() {
        return new Observation(source.view(), target.view());
    }

    static SnapshotName snapshot(String text) {
        int at = text.indexOf('@');
        return DatasetName.of(text.substring(0, at)).snapshot(text.substring(at + 1));
    }

    private Seen add(Side side, String text, String history, UnaryOperator<SeenDataset> change) {
        DatasetName name = DatasetName.of(text);
        side.datasets.put(name, change.apply(new SeenDataset(name)));
        if (!history.isBlank()) {
            side.histories.put(name, History.parse(history));
        }
        return this;
    }
}
