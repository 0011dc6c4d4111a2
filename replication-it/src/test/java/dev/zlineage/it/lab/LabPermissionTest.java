// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.local.LocalOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an unprivileged user may do on real OpenZFS, and what {@code zfs allow} changes. The fake knows one user only. */
@Tag("lab")
@DisplayName("real OpenZFS, an unprivileged user")
class LabPermissionTest {

    private final LabGuest guest = LabGuest.shared();
    private final Zfs zfs = LocalHost.open(LocalOptions.DEFAULT
            .withZfsProgram(guest.zfsProgram().toString())
            .withEnvironment(Map.of("LAB_USER", "nasadmin")));
    private final String id = "p-" + UUID.randomUUID().toString().substring(0, 8);
    private final DatasetName source = DatasetName.of("tank").child(id);
    private final DatasetName target = DatasetName.of("backup").child(id);

    @BeforeEach
    void createAsRoot() {
        guest.sh(
                "zfs create -o canmount=off \"$1\"; zfs create -o canmount=off \"$2\"; zfs snapshot \"$1@1\"; zfs snapshot \"$1@2\";"
                        + " zfs bookmark \"$1@1\" \"$1#m\"",
                source.value(),
                target.value());
    }

    @AfterEach
    void destroyAsRoot() {
        guest.sh(
                "zfs release keep \"$1@1\" 2> /dev/null || true; zfs destroy -R \"$1\"; zfs destroy -R \"$2\"",
                source.value(),
                target.value());
    }

    private void allow(String permissions, DatasetName dataset) {
        guest.sh("zfs allow nasadmin \"$1\" \"$2\"", permissions, dataset.value());
    }

    private Optional<ZfsFailure.Kind> failure(ZfsCommand<?> command) {
        return zfs.execute(command) instanceof Answer.Failed<?> failed
                ? Optional.of(failed.failure().kind())
                : Optional.empty();
    }

    private record Ends(Optional<ZfsFailure.Kind> sender, Optional<ZfsFailure.Kind> receiver) {}

    private Ends transfer(SendStream stream, ReceiveStream receive) throws InterruptedException {
        StreamOffer<StreamSource> from = zfs.send(stream);
        StreamOffer<StreamSink> to = zfs.receive(receive);
        Transfer.Ends ends = new StreamJoiner(Concurrency.system())
                .start(from.end(), to.end(), progress -> {})
                .await();
        return new Ends(
                from.verdict().apply(ends.source()).map(ZfsFailure::kind),
                to.verdict().apply(ends.sink()).map(ZfsFailure::kind));
    }

    private SendStream full() {
        return new SendStream.Full(source.snapshot("1"), StreamMode.DEFAULT);
    }

    private SnapshotName snapshot(String label) {
        return source.snapshot(label);
    }

    @Test
    @DisplayName("everyone may list") // 6.6
    void listing() {
        assertThat(zfs.execute(new ZfsCommand.ListDatasets(List.of(source), Scope.SUBTREE))
                        .orThrow())
                .extracting(Dataset::name)
                .containsExactly(source);
        assertThat(zfs.execute(new ZfsCommand.ListHistories(List.of(source), Scope.SELF))
                        .orThrow())
                .containsOnlyKeys(source);
        assertThat(failure(new ZfsCommand.GetProperties(List.of(source), List.of("readonly"))))
                .isEmpty();
    }

    @Test
    @DisplayName("what is not allowed is refused as such, and changes nothing")
    void refused() {
        List<ZfsCommand<?>> commands = List.of(
                new ZfsCommand.TakeSnapshots(List.of(snapshot("3")), Scope.SELF, Map.of()),
                new ZfsCommand.CreateBookmark(snapshot("2"), source.bookmark("n")),
                new ZfsCommand.Hold("keep", List.of(snapshot("1"))),
                new ZfsCommand.DestroySnapshots(source, List.of("1")),
                new ZfsCommand.DestroyBookmark(source.bookmark("m")),
                new ZfsCommand.Rollback(snapshot("2"), false),
                new ZfsCommand.RenameSnapshot(snapshot("1"), "3"),
                new ZfsCommand.SetProperties(source, Map.of("readonly", "on")),
                new ZfsCommand.CreateFilesystem(source.child("a"), Map.of()),
                new ZfsCommand.DestroyDataset(target, Scope.SELF));
        for (ZfsCommand<?> command : commands) {
            assertThat(failure(command)).as("%s", command).contains(ZfsFailure.Kind.NO_PERMISSION);
        }
        assertThat(zfs.execute(new ZfsCommand.ListHistories(List.of(source), Scope.SUBTREE))
                        .orThrow()
                        .get(source)
                        .toString()
                        .replaceAll("[=!~]\\d+", ""))
                .isEqualTo("@1 #m @2");
    }

    @Test
    @DisplayName("neither end of a stream works without permission, and the reason of each is told")
    void streamsRefused() throws InterruptedException {
        assertThat(transfer(full(), ReceiveStream.into(target.child("b"))).sender())
                .contains(ZfsFailure.Kind.NO_PERMISSION);
        allow("send", source);
        Ends ends = transfer(full(), ReceiveStream.into(target.child("b")));
        assertThat(ends.receiver()).contains(ZfsFailure.Kind.NO_PERMISSION);
    }

    @Test
    @DisplayName("send on one side and create, mount, receive and each property set on the other are enough") // 6.6
    void delegated() throws InterruptedException {
        allow("send,hold,snapshot,bookmark", source);
        allow("create,mount,receive,readonly", target);
        DatasetName b = target.child("b");
        assertThat(transfer(full(), ReceiveStream.into(b).with("readonly", "on")))
                .isEqualTo(new Ends(Optional.empty(), Optional.empty()));
        SendStream series = new SendStream.Series(snapshot("1"), snapshot("2"), StreamMode.DEFAULT);
        assertThat(transfer(series, ReceiveStream.into(b))).isEqualTo(new Ends(Optional.empty(), Optional.empty()));
        assertThat(failure(new ZfsCommand.Hold("keep", List.of(snapshot("1"))))).isEmpty();
    }

    @Test
    @DisplayName("a property that the user may not set is left out of a receive without a word, exit 0")
    void propertyNeedsPermission() throws InterruptedException {
        allow("send", source);
        allow("create,mount,receive", target);
        DatasetName b = target.child("b");
        assertThat(transfer(full(), ReceiveStream.into(b).with("readonly", "on")))
                .isEqualTo(new Ends(Optional.empty(), Optional.empty()));
        assertThat(zfs.execute(new ZfsCommand.ListDatasets(List.of(b), Scope.SELF))
                        .orThrow())
                .extracting(Dataset::readonly)
                .containsExactly(false);
    }

    @Test
    @DisplayName("a series needs the permission to hold, an increment does not") // 6.3
    void seriesNeedsHold() throws InterruptedException {
        allow("send", source);
        allow("create,mount,receive", target);
        DatasetName b = target.child("b");
        assertThat(transfer(full(), ReceiveStream.into(b))).isEqualTo(new Ends(Optional.empty(), Optional.empty()));
        SendStream series = new SendStream.Series(snapshot("1"), snapshot("2"), StreamMode.DEFAULT);
        assertThat(transfer(series, ReceiveStream.into(b)).sender()).contains(ZfsFailure.Kind.NO_PERMISSION);
        SendStream increment = new SendStream.Increment(snapshot("1"), snapshot("2"), StreamMode.DEFAULT);
        assertThat(transfer(increment, ReceiveStream.into(b))).isEqualTo(new Ends(Optional.empty(), Optional.empty()));
    }

    private ReplicationResult replicate(Zfs from, DatasetName what, DatasetName to) throws InterruptedException {
        Replication replication = Replication.between(from, from);
        return replication.run(
                replication.plan(ReplicationRequest.of(what.value(), to.value()).build()));
    }

    @Test
    @DisplayName("who may only send and receive replicates all the same, by increments, and is told what is lost")
    void replicatesWithReducedRights() throws InterruptedException {
        allow("send", source);
        allow("create,mount,receive,readonly", target);
        DatasetName copy = target.child("copy");
        guest.sh("zfs destroy \"$1@2\"", source.value());

        ReplicationResult first = replicate(zfs, source, copy);
        guest.sh("zfs snapshot \"$1@3\"", source.value());
        ReplicationResult second = replicate(zfs, source, copy);

        assertThat(first.success()).as("%s", first).isTrue();
        assertThat(second.success()).as("%s", second).isTrue();
        assertThat(second.warnings()).anyMatch(w -> w.contains("zfs allow bookmark,hold,release,destroy"));
        assertThat(guest.sh("zfs list -H -o name -t snapshot \"$1\"", copy.value()))
                .isEqualTo(copy + "@1\n" + copy + "@3\n");
        assertThat(guest.sh("zfs list -H -o name -t bookmark \"$1\"", source.value()))
                .isEqualTo(source + "#m\n");
    }

    @Test
    @DisplayName("a pool that is imported read-only is a source, and it is told what is lost")
    void replicatesFromAReadOnlyPool() throws InterruptedException {
        guest.sh("""
                truncate -s 128M /var/tmp/ro.img; zpool create ro /var/tmp/ro.img; zfs create ro/a; zfs snapshot ro/a@1
                zpool export ro; zpool import -d /var/tmp -o readonly=on ro
                """);
        try {
            Zfs root = LocalHost.open(
                    LocalOptions.DEFAULT.withZfsProgram(guest.zfsProgram().toString()));
            DatasetName copy = target.child("ro");

            ReplicationResult result = replicate(root, DatasetName.of("ro/a"), copy);

            assertThat(result.success()).as("%s", result).isTrue();
            assertThat(result.warnings()).singleElement().asString().contains("its pool is read-only");
        } finally {
            // what has just been sent from it keeps a pool busy for a moment
            guest.sh("for i in $(seq 40); do ! zpool export ro || break; sleep 0.5; done;"
                    + " ! zpool list ro 2> /dev/null; rm /var/tmp/ro.img");
        }
    }
}
