// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.permission;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A source and a target on one host that root has made, and somebody who is not root. */
abstract class PermissionGround {

    private final String id = "p-" + UUID.randomUUID().toString().substring(0, 8);
    final DatasetName source = DatasetName.of("tank").child(id);
    final DatasetName target = DatasetName.of("backup").child(id);
    Zfs root;
    Zfs zfs;

    /** The host as a user comes to it; closed after each test. */
    protected abstract Zfs open(String user);

    /** Grants something to nasadmin, on a dataset and all below it. */
    protected abstract void allow(String permissions, DatasetName dataset);

    /** Takes all that was granted to nasadmin on a dataset. */
    protected abstract void unallow(DatasetName dataset);

    /** Makes an encrypted filesystem, with its key loaded. */
    protected abstract void createEncrypted(DatasetName name);

    /** Root writes a file into a filesystem that is not mounted, and leaves it so. */
    protected abstract void write(DatasetName filesystem, String file);

    void asRoot(ZfsCommand<?>... commands) {
        root.execute(List.of(commands)).forEach(Answer::orThrow);
    }

    @BeforeEach
    void create() {
        root = open("root");
        zfs = open("nasadmin");
        asRoot(
                new ZfsCommand.CreateFilesystem(source, Map.of("canmount", "off")),
                new ZfsCommand.CreateFilesystem(target, Map.of("canmount", "off")),
                new ZfsCommand.TakeSnapshots(List.of(snapshot("1")), Scope.SELF, Map.of()),
                new ZfsCommand.TakeSnapshots(List.of(snapshot("2")), Scope.SELF, Map.of()),
                new ZfsCommand.CreateBookmark(snapshot("1"), source.bookmark("m")));
    }

    @AfterEach
    void destroy() {
        for (String label : List.of("1", "2", "3")) {
            root.execute(new ZfsCommand.Release("keep", List.of(snapshot(label))));
        }
        asRoot(
                new ZfsCommand.DestroyDataset(source, Scope.SUBTREE),
                new ZfsCommand.DestroyDataset(target, Scope.SUBTREE));
        zfs.close();
        root.close();
    }

    Optional<ZfsFailure.Kind> failure(ZfsCommand<?> command) {
        return zfs.execute(command) instanceof Answer.Failed<?> failed
                ? Optional.of(failed.failure().kind())
                : Optional.empty();
    }

    record Ends(Optional<ZfsFailure.Kind> sender, Optional<ZfsFailure.Kind> receiver) {}

    Ends transfer(SendStream stream, ReceiveStream receive) throws InterruptedException {
        StreamOffer<StreamSource> from = zfs.send(stream);
        StreamOffer<StreamSink> to = zfs.receive(receive);
        Transfer.Ends ends = new StreamJoiner(Concurrency.system())
                .start(from.end(), to.end(), progress -> {})
                .await();
        return new Ends(
                from.verdict().apply(ends.source()).map(ZfsFailure::kind),
                to.verdict().apply(ends.sink()).map(ZfsFailure::kind));
    }

    SendStream full() {
        return new SendStream.Full(source.snapshot("1"), StreamMode.DEFAULT);
    }

    String points(DatasetName dataset) {
        return zfs.execute(new ZfsCommand.ListHistories(List.of(dataset), Scope.SELF))
                .orThrow()
                .getOrDefault(dataset, History.EMPTY)
                .toString()
                .replaceAll("[=!~]\\d+", "");
    }

    SnapshotName snapshot(String label) {
        return source.snapshot(label);
    }
}
