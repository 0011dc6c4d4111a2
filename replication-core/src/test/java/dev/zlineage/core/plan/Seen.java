// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.TokenContents;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Writes observations down in a few words. */
final class Seen {

    private final Side source = new Side("");
    private final Side target = new Side("");

    private static final class Side {
        final String host;
        final Map<DatasetName, Dataset> datasets = new HashMap<>();
        final Map<DatasetName, History> histories = new HashMap<>();
        final Map<SnapshotName, Long> written = new HashMap<>();
        final Set<DatasetName> empty = new HashSet<>();
        final Map<DatasetName, TokenContents> tokens = new HashMap<>();
        final Map<DatasetName, StreamMode> received = new HashMap<>();

        Side(String host) {
            this.host = host;
        }

        HostView view() {
            return new HostView(host, datasets, histories, written, empty, Set.of(), tokens, List.of(), received);
        }
    }

    Seen source(String name, String history) {
        return add(source, name, history, d -> d);
    }

    Seen source(String name, String history, UnaryOperator<Dataset> change) {
        return add(source, name, history, change);
    }

    Seen target(String name, String history) {
        return add(target, name, history, Seen::readonly);
    }

    Seen target(String name, String history, UnaryOperator<Dataset> change) {
        return add(target, name, history, change);
    }

    Seen unwritten(String snapshot) {
        int at = snapshot.indexOf('@');
        target.written.put(DatasetName.of(snapshot.substring(0, at)).snapshot(snapshot.substring(at + 1)), 0L);
        return this;
    }

    Seen empty(String name) {
        target(name, "");
        target.empty.add(DatasetName.of(name));
        return this;
    }

    /** An interrupted receive of {@code source@to} (as in {@code tank/data@b=2}), from a base such as {@code @a}. */
    Seen interrupted(String target, String toName, String from, boolean raw) {
        this.target.datasets.computeIfPresent(DatasetName.of(target), (n, d) -> partial(d));
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

    private Seen add(Side side, String text, String history, UnaryOperator<Dataset> change) {
        DatasetName name = DatasetName.of(text);
        side.datasets.put(name, change.apply(dataset(name)));
        if (!history.isBlank()) {
            side.histories.put(name, History.parse(history));
        }
        return this;
    }

    private static Dataset dataset(DatasetName name) {
        return new Dataset(
                name,
                DatasetKind.FILESYSTEM,
                History.parse("@" + name).point(0).guid(),
                1,
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                0,
                24576,
                24576,
                1 << 30,
                OptionalLong.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }

    static Dataset readonly(Dataset d) {
        return new Dataset(
                d.name(),
                d.kind(),
                d.guid(),
                d.createtxg(),
                d.origin(),
                d.encryption(),
                true,
                d.mounted(),
                d.written(),
                d.referenced(),
                d.used(),
                d.available(),
                d.volumeSize(),
                d.resumeToken(),
                d.snapshotsChanged());
    }

    static Dataset volume(Dataset d) {
        return new Dataset(
                d.name(),
                DatasetKind.VOLUME,
                d.guid(),
                d.createtxg(),
                d.origin(),
                d.encryption(),
                d.readonly(),
                false,
                d.written(),
                d.referenced(),
                d.used(),
                d.available(),
                OptionalLong.of(1 << 20),
                d.resumeToken(),
                d.snapshotsChanged());
    }

    static Dataset written(Dataset d) {
        return new Dataset(
                d.name(),
                d.kind(),
                d.guid(),
                d.createtxg(),
                d.origin(),
                d.encryption(),
                d.readonly(),
                d.mounted(),
                512,
                d.referenced(),
                d.used(),
                d.available(),
                d.volumeSize(),
                d.resumeToken(),
                d.snapshotsChanged());
    }

    static Dataset partial(Dataset d) {
        return new Dataset(
                d.name(),
                d.kind(),
                d.guid(),
                d.createtxg(),
                d.origin(),
                d.encryption(),
                d.readonly(),
                d.mounted(),
                d.written(),
                d.referenced(),
                d.used(),
                d.available(),
                d.volumeSize(),
                Optional.of(new Dataset.ResumeToken("1-abc")),
                d.snapshotsChanged());
    }

    static UnaryOperator<Dataset> encrypted(String root, boolean keyLoaded) {
        return d -> new Dataset(
                d.name(),
                d.kind(),
                d.guid(),
                d.createtxg(),
                d.origin(),
                Optional.of(new Dataset.Encryption(DatasetName.of(root), keyLoaded)),
                d.readonly(),
                d.mounted(),
                d.written(),
                d.referenced(),
                d.used(),
                d.available(),
                d.volumeSize(),
                d.resumeToken(),
                d.snapshotsChanged());
    }

    static UnaryOperator<Dataset> cloneOf(String origin) {
        int at = origin.indexOf('@');
        return d -> new Dataset(
                d.name(),
                d.kind(),
                d.guid(),
                d.createtxg(),
                Optional.of(DatasetName.of(origin.substring(0, at)).snapshot(origin.substring(at + 1))),
                d.encryption(),
                d.readonly(),
                d.mounted(),
                d.written(),
                d.referenced(),
                d.used(),
                d.available(),
                d.volumeSize(),
                d.resumeToken(),
                d.snapshotsChanged());
    }

    static UnaryOperator<Dataset> guid(long bits) {
        return d -> new Dataset(
                d.name(),
                d.kind(),
                new Guid(bits),
                d.createtxg(),
                d.origin(),
                d.encryption(),
                d.readonly(),
                d.mounted(),
                d.written(),
                d.referenced(),
                d.used(),
                d.available(),
                d.volumeSize(),
                d.resumeToken(),
                d.snapshotsChanged());
    }

    static UnaryOperator<Dataset> space(long referenced, long written, long available) {
        return d -> new Dataset(
                d.name(),
                d.kind(),
                d.guid(),
                d.createtxg(),
                d.origin(),
                d.encryption(),
                d.readonly(),
                d.mounted(),
                written,
                referenced,
                d.used(),
                available,
                d.volumeSize(),
                d.resumeToken(),
                d.snapshotsChanged());
    }
}
