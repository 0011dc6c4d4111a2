// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Two hosts and short words for what the tests do with them. */
final class World {

    static final DatasetName A = DatasetName.of("tank/a");
    static final DatasetName B = DatasetName.of("backup/b");

    final FakeZfs nas = FakeZfs.builder().host("nas").seed(1).build();
    final FakeZfs vault = FakeZfs.builder().host("vault").seed(2).build();

    static SnapshotName snap(String name) {
        return (SnapshotName) PointName.of(name);
    }

    static Answer<Effect> create(FakeZfs zfs, DatasetName name) {
        return zfs.execute(new ZfsCommand.CreateFilesystem(name, Map.of()));
    }

    static Answer<Effect> take(FakeZfs zfs, String... names) {
        List<SnapshotName> snapshots = List.of(names).stream().map(World::snap).toList();
        return zfs.execute(new ZfsCommand.TakeSnapshots(snapshots, Scope.SELF, Map.of()));
    }

    static void write(FakeZfs zfs, DatasetName dataset, String path, String text) {
        zfs.write(dataset, path, text.getBytes(UTF_8));
    }

    static Dataset row(FakeZfs zfs, DatasetName name) {
        return zfs.execute(new ZfsCommand.ListDatasets(List.of(name), Scope.SELF))
                .orThrow()
                .get(0);
    }

    static boolean exists(FakeZfs zfs, DatasetName name) {
        return !zfs.execute(new ZfsCommand.ListDatasets(List.of(name), Scope.SELF))
                .orThrow()
                .isEmpty();
    }

    static History history(FakeZfs zfs, DatasetName name) {
        return zfs.execute(new ZfsCommand.ListHistories(List.of(name), Scope.SELF))
                .orThrow()
                .getOrDefault(name, History.EMPTY);
    }

    static String labels(FakeZfs zfs, DatasetName name) {
        StringBuilder text = new StringBuilder();
        History history = history(zfs, name);
        for (int i = 0; i < history.size(); i++) {
            text.append(i == 0 ? "" : " ").append(history.point(i));
        }
        return text.toString();
    }

    static SendStream full(String to) {
        return new SendStream.Full(snap(to), StreamMode.DEFAULT);
    }

    static SendStream increment(String base, String to) {
        return new SendStream.Increment(PointName.of(base), snap(to), StreamMode.DEFAULT);
    }

    static SendStream series(String base, String to) {
        return new SendStream.Series(snap(base), snap(to), StreamMode.DEFAULT);
    }

    /** How both ends of a transfer ended. */
    record Outcome(Optional<ZfsFailure> source, Optional<ZfsFailure> sink) {

        boolean isSuccess() {
            return source.isEmpty() && sink.isEmpty();
        }

        Optional<ZfsFailure.Kind> sourceKind() {
            return source.map(ZfsFailure::kind);
        }

        Optional<ZfsFailure.Kind> sinkKind() {
            return sink.map(ZfsFailure::kind);
        }
    }

    static Outcome transfer(FakeZfs from, SendStream stream, FakeZfs to, ReceiveStream target) {
        StreamOffer<StreamSource> source = from.send(stream);
        StreamOffer<StreamSink> sink = to.receive(target);
        Transfer transfer = new StreamJoiner(Concurrency.system()).start(source.end(), sink.end(), progress -> {});
        try {
            Transfer.Ends ends = transfer.await();
            return new Outcome(
                    source.verdict().apply(ends.source()), sink.verdict().apply(ends.sink()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Outcome replicate(SendStream stream) {
        return transfer(nas, stream, vault, ReceiveStream.into(B));
    }
}
