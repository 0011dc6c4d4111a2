// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A host in memory with the pools {@code tank} and {@code backup}, and what its users do there. The same each time. */
final class DemoPools {

    private static final long SEED = 20260101;
    private static final long GIB = 1L << 30;

    private final FakeZfs zfs = FakeZfs.builder()
            .seed(SEED)
            .host("localhost")
            .pool("tank", 100 * GIB)
            .pool("backup", 100 * GIB)
            .build();

    Zfs zfs() {
        return zfs;
    }

    void filesystem(String name) {
        does(new ZfsCommand.CreateFilesystem(DatasetName.of(name), Map.of()));
    }

    void volume(String name) {
        does(new ZfsCommand.CreateVolume(DatasetName.of(name), GIB, Map.of()));
    }

    void write(String dataset, String file, String text) {
        zfs.write(DatasetName.of(dataset), file, text.getBytes(StandardCharsets.US_ASCII));
    }

    void snapshot(String dataset, String label, Scope scope) {
        does(new ZfsCommand.TakeSnapshots(List.of(DatasetName.of(dataset).snapshot(label)), scope, Map.of()));
    }

    void destroySnapshots(String dataset) {
        DatasetName name = DatasetName.of(dataset);
        List<String> labels =
                history(name).snapshots().stream().map(Snapshot::label).toList();
        does(new ZfsCommand.DestroySnapshots(name, labels));
    }

    void set(String dataset, String property, String value) {
        does(new ZfsCommand.SetProperties(DatasetName.of(dataset), Map.of(property, value)));
    }

    /** Parents first. */
    List<Dataset> tree(String root) {
        return zfs.execute(new ZfsCommand.ListDatasets(List.of(DatasetName.of(root)), Scope.SUBTREE)).orThrow().stream()
                .sorted(Comparator.comparing(Dataset::name))
                .toList();
    }

    History history(DatasetName dataset) {
        return zfs.execute(new ZfsCommand.ListHistories(List.of(dataset), Scope.SELF))
                .orThrow()
                .getOrDefault(dataset, History.EMPTY);
    }

    String labels(DatasetName dataset) {
        return history(dataset).snapshots().stream().map(Snapshot::toString).collect(Collectors.joining(" "));
    }

    Stream<String> files(DatasetName dataset) {
        return zfs.contents(dataset).keySet().stream();
    }

    SortedMap<String, String> contents(SnapshotName snapshot) {
        return zfs.contents(snapshot);
    }

    int streamsSent() {
        return zfs.count(SendStream.class);
    }

    private void does(ZfsCommand<?> command) {
        zfs.execute(command).orThrow();
    }

    void cutNextStream(long afterBytes) {
        zfs.cutNextStream(afterBytes);
    }
}
