// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.permission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What somebody who is not root may do, and what {@code zfs allow} changes. Runs on the fake and on OpenZFS, so that what the
 * plan is compared with is what OpenZFS asks for.
 */
public abstract class PermissionCases {

    private final String id = "p-" + UUID.randomUUID().toString().substring(0, 8);
    private final DatasetName source = DatasetName.of("tank").child(id);
    private final DatasetName target = DatasetName.of("backup").child(id);
    private Zfs root;
    private Zfs zfs;

    /** The host as a user comes to it; closed after each test. */
    protected abstract Zfs open(String user);

    /** Grants something to nasadmin, on a dataset and all below it. */
    protected abstract void allow(String permissions, DatasetName dataset);

    /** Takes all that was granted to nasadmin on a dataset. */
    protected abstract void unallow(DatasetName dataset);

    private void asRoot(ZfsCommand<?>... commands) {
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

    private String points(DatasetName dataset) {
        return zfs.execute(new ZfsCommand.ListHistories(List.of(dataset), Scope.SELF))
                .orThrow()
                .getOrDefault(dataset, History.EMPTY)
                .toString()
                .replaceAll("[=!~]\\d+", "");
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
        assertThat(points(source)).isEqualTo("@1 #m @2");
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
        asRoot(new ZfsCommand.DestroySnapshots(source, List.of("2")));

        ReplicationResult first = replicate(zfs, source, copy);
        asRoot(new ZfsCommand.TakeSnapshots(List.of(snapshot("3")), Scope.SELF, Map.of()));
        ReplicationResult second = replicate(zfs, source, copy);

        assertThat(first.success()).as("%s", first).isTrue();
        assertThat(second.success()).as("%s", second).isTrue();
        assertThat(second.warnings()).anyMatch(w -> w.contains("zfs allow bookmark,hold,release,destroy"));
        assertThat(points(copy)).matches("@1 @3");
        assertThat(points(source)).isEqualTo("@1 #m @3");
    }

    @Test
    @DisplayName("a bookmark is destroyed with destroy alone, a snapshot with mount too")
    void destroying() {
        allow("destroy", source);
        assertThat(failure(new ZfsCommand.DestroyBookmark(source.bookmark("m"))))
                .isEmpty();
        assertThat(failure(new ZfsCommand.DestroySnapshots(source, List.of("1"))))
                .contains(ZfsFailure.Kind.NO_PERMISSION);
        allow("mount", source);
        assertThat(failure(new ZfsCommand.DestroySnapshots(source, List.of("1"))))
                .isEmpty();
    }

    @Test
    @DisplayName("taking a snapshot, a bookmark and a hold need one permission each, releasing its own")
    void marking() {
        allow("snapshot", source);
        assertThat(failure(new ZfsCommand.TakeSnapshots(List.of(snapshot("3")), Scope.SELF, Map.of())))
                .isEmpty();
        allow("bookmark", source);
        assertThat(failure(new ZfsCommand.CreateBookmark(snapshot("2"), source.bookmark("n"))))
                .isEmpty();
        allow("hold", source);
        assertThat(failure(new ZfsCommand.Hold("keep", List.of(snapshot("1"))))).isEmpty();
        assertThat(failure(new ZfsCommand.Release("keep", List.of(snapshot("1")))))
                .contains(ZfsFailure.Kind.NO_PERMISSION);
        allow("release", source);
        assertThat(failure(new ZfsCommand.Release("keep", List.of(snapshot("1")))))
                .isEmpty();
    }

    @ParameterizedTest(name = "without {0}")
    @ValueSource(strings = {"create", "mount", "receive"})
    @DisplayName("an increment needs what a new dataset needs, on the dataset itself")
    void receiving(String permission) throws InterruptedException {
        allow("send", source);
        DatasetName b = target.child("b");
        List<String> rest = new ArrayList<>(List.of("create", "mount", "receive"));
        rest.remove(permission);
        allow(String.join(",", rest), target);
        assertThat(transfer(full(), ReceiveStream.into(b)).receiver()).contains(ZfsFailure.Kind.NO_PERMISSION);
        allow(permission, target);
        assertThat(transfer(full(), ReceiveStream.into(b)).receiver()).isEmpty();
        unallow(target);
        allow(String.join(",", rest), b);
        SendStream increment = new SendStream.Increment(snapshot("1"), snapshot("2"), StreamMode.DEFAULT);
        assertThat(transfer(increment, ReceiveStream.into(b)).receiver()).contains(ZfsFailure.Kind.NO_PERMISSION);
        allow(permission, b);
        assertThat(transfer(increment, ReceiveStream.into(b)).receiver()).isEmpty();
    }

    @Test
    @DisplayName("a filesystem is created with the permission of each of its properties, or not at all")
    void creating() {
        Map<String, String> properties = Map.of("canmount", "off", "readonly", "on");
        ZfsCommand<?> command = new ZfsCommand.CreateFilesystem(target.child("n"), properties);
        for (String permission : List.of("create", "mount", "canmount", "readonly")) {
            assertThat(failure(command)).as("before %s", permission).contains(ZfsFailure.Kind.NO_PERMISSION);
            allow(permission, target);
        }
        assertThat(failure(command)).isEmpty();
    }

    @Test
    @DisplayName("rolling back needs rollback, and destroy and mount where newer snapshots are in the way")
    void rollingBack() {
        allow("rollback", source);
        assertThat(failure(new ZfsCommand.Rollback(snapshot("2"), false))).isEmpty();
        assertThat(failure(new ZfsCommand.Rollback(snapshot("1"), true))).contains(ZfsFailure.Kind.NO_PERMISSION);
        allow("destroy", source);
        assertThat(failure(new ZfsCommand.Rollback(snapshot("1"), true))).contains(ZfsFailure.Kind.NO_PERMISSION);
        allow("mount", source);
        assertThat(failure(new ZfsCommand.Rollback(snapshot("1"), true))).isEmpty();
    }

    @Test
    @DisplayName("renaming needs rename and mount, and create for the new place; promoting promote and mount")
    void swapping() {
        DatasetName a = source.child("a");
        asRoot(
                new ZfsCommand.CreateFilesystem(a, Map.of("canmount", "off")),
                new ZfsCommand.TakeSnapshots(List.of(a.snapshot("1")), Scope.SELF, Map.of()),
                new ZfsCommand.CloneSnapshot(a.snapshot("1"), source.child("c"), Map.of("canmount", "off")));
        ZfsCommand<?> rename = new ZfsCommand.RenameDataset(a, source.child("b"));
        for (String permission : List.of("rename", "mount", "create")) {
            assertThat(failure(rename)).as("before %s", permission).contains(ZfsFailure.Kind.NO_PERMISSION);
            allow(permission, source);
        }
        assertThat(failure(rename)).isEmpty();
        unallow(source);
        ZfsCommand<?> promote = new ZfsCommand.Promote(source.child("c"));
        allow("promote", source);
        assertThat(failure(promote)).contains(ZfsFailure.Kind.NO_PERMISSION);
        allow("mount", source);
        assertThat(failure(promote)).isEmpty();
        // so that everything can be destroyed in one go
        asRoot(new ZfsCommand.Promote(source.child("b")));
    }

    @Test
    @DisplayName("from no rights at all, what a plan advises leads to runs without a warning in two rounds")
    void theAdviceIsEnough() throws InterruptedException {
        asRoot(
                new ZfsCommand.CreateFilesystem(source.child("below"), Map.of("canmount", "off")),
                new ZfsCommand.TakeSnapshots(List.of(source.snapshot("3")), Scope.SUBTREE, Map.of()));
        Replication replication = Replication.between(zfs, zfs);
        ReplicationRequest request = ReplicationRequest.of(source.value(), target + "/of/copy")
                .recursive(true)
                .build();
        ReplicationPlan plan = replication.plan(request);
        assertThat(plan.refused()).isEqualTo(2);
        int rounds = 0;
        while (!Advice.of(plan).isEmpty()) {
            assertThat(++rounds).as("%s", plan).isLessThanOrEqualTo(2);
            for (Advice line : Advice.of(plan)) {
                assertThat(line.user()).isEqualTo("nasadmin");
                allow(line.permissions(), line.on());
            }
            plan = replication.plan(request);
        }
        ReplicationResult first = replication.run(plan);
        assertThat(first.success()).as("%s", first).isTrue();
        assertThat(first.warnings()).isEmpty();

        // the next run puts a new bookmark in the place of the old one
        asRoot(new ZfsCommand.TakeSnapshots(List.of(source.snapshot("4")), Scope.SUBTREE, Map.of()));
        ReplicationResult second = replication.run(replication.plan(request));
        assertThat(second.success()).as("%s", second).isTrue();
        assertThat(second.warnings()).isEmpty();
        assertThat(replication.plan(request).hasWork()).isFalse();
    }
}
