// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Two hosts held in memory, and a replication from one to the other. */
abstract class TwoFakes {

    static final DatasetName DATA = DatasetName.of("tank/data");
    static final DatasetName COPY = DatasetName.of("backup/data");

    final FakeZfs nas = FakeZfs.builder().host("nas").seed(1).build();
    final FakeZfs vault = FakeZfs.builder().host("vault").seed(2).build();
    final Replication replication = Replication.between(nas, vault).with(new VirtualConcurrency(7));

    /** Tries nothing twice. */
    final Replication impatient = replication.with(Patience.DEFAULT.withAttempts(1));

    static void create(FakeZfs zfs, String... names) {
        for (String name : names) {
            zfs.execute(new ZfsCommand.CreateFilesystem(DatasetName.of(name), Map.of()))
                    .orThrow();
        }
    }

    static void write(FakeZfs zfs, String dataset, String path, String text) {
        zfs.write(DatasetName.of(dataset), path, text.getBytes(StandardCharsets.UTF_8));
    }

    static void snapshot(FakeZfs zfs, String name) {
        zfs.execute(new ZfsCommand.TakeSnapshots(List.of((SnapshotName) PointName.of(name)), Scope.SUBTREE, Map.of()))
                .orThrow();
    }

    static void destroy(FakeZfs zfs, String dataset, String label) {
        zfs.execute(new ZfsCommand.DestroySnapshots(DatasetName.of(dataset), List.of(label)))
                .orThrow();
    }

    static History history(FakeZfs zfs, DatasetName name) {
        return zfs.execute(new ZfsCommand.ListHistories(List.of(name), Scope.SELF))
                .orThrow()
                .getOrDefault(name, History.EMPTY);
    }

    static List<String> labels(FakeZfs zfs, String name) {
        return history(zfs, DatasetName.of(name)).snapshots().stream()
                .map(Snapshot::label)
                .toList();
    }

    static Dataset dataset(FakeZfs zfs, DatasetName name) {
        return zfs.execute(new ZfsCommand.ListDatasets(List.of(name), Scope.SELF))
                .orThrow()
                .get(0);
    }

    ReplicationPlan plan(UnaryOperator<ReplicationRequest.Builder> change) {
        return replication.plan(
                change.apply(ReplicationRequest.of("tank/data", "backup/data").recursive(true))
                        .build());
    }

    ReplicationPlan plan() {
        return plan(b -> b);
    }

    ReplicationResult run() throws InterruptedException {
        return replication.run(plan());
    }

    void tree() {
        create(nas, "tank/data", "tank/data/a", "tank/data/a/deep", "tank/data/b");
        nas.execute(new ZfsCommand.CreateVolume(DATA.child("vol"), 1 << 20, Map.of()))
                .orThrow();
        for (String name : List.of("tank/data", "tank/data/a", "tank/data/a/deep", "tank/data/b", "tank/data/vol")) {
            write(nas, name, "f", name);
        }
        snapshot(nas, "tank/data@one");
    }

    /** Every snapshot of the target is one of the source, by GUID and contents. */
    void same() {
        for (Dataset d : nas.execute(new ZfsCommand.ListDatasets(List.of(DATA), Scope.SUBTREE))
                .orThrow()) {
            DatasetName copy = d.name().rebase(DATA, COPY);
            List<Snapshot> from = history(nas, d.name()).snapshots();
            List<Snapshot> to = history(vault, copy).snapshots();
            assertThat(to)
                    .extracting(Snapshot::guid)
                    .isEqualTo(from.stream().map(Snapshot::guid).toList());
            for (int i = 0; i < from.size(); i++) {
                assertThat(vault.contents(copy.snapshot(to.get(i).label())))
                        .isEqualTo(nas.contents(d.name().snapshot(from.get(i).label())));
            }
        }
    }

    /** One bookmark of ours a dataset and destination, and no hold. */
    void nothingLeftOver() {
        for (Dataset d : nas.execute(new ZfsCommand.ListDatasets(List.of(DATA), Scope.SUBTREE))
                .orThrow()) {
            History history = history(nas, d.name());
            assertThat(history.bookmarks()).as(d.name() + " " + history).hasSizeLessThanOrEqualTo(1);
            List<SnapshotName> names = history.snapshots().stream()
                    .map(s -> d.name().snapshot(s.label()))
                    .toList();
            assertThat(nas.execute(new ZfsCommand.ListHolds(names)).orThrow().values())
                    .allMatch(Set::isEmpty);
        }
    }
}
