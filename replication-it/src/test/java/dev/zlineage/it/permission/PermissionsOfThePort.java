// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.permission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What single commands and streams ask for. */
abstract class PermissionsOfThePort extends PermissionGround {

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

    @Test
    @DisplayName("one permission is that of all user properties, set or inherited")
    void userProperties() {
        ZfsCommand<?> set = new ZfsCommand.SetProperties(source, Map.of("org.example:mark", "1"));
        assertThat(failure(set)).contains(ZfsFailure.Kind.NO_PERMISSION);
        allow("userprop", source);
        assertThat(failure(set)).isEmpty();
        assertThat(failure(new ZfsCommand.InheritProperty(source, "org.example:mark")))
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
    @DisplayName(
            "renaming needs rename and mount, and create for the new place; promoting promote and mount, and promote"
                    + " on the origin")
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
        DatasetName c = source.child("c");
        ZfsCommand<?> promote = new ZfsCommand.Promote(c);
        allow("promote", c);
        assertThat(failure(promote)).contains(ZfsFailure.Kind.NO_PERMISSION);
        allow("mount", c);
        assertThat(failure(promote)).as("without promote on the origin").contains(ZfsFailure.Kind.NO_PERMISSION);
        allow("promote", source.child("b"));
        assertThat(failure(promote)).isEmpty();
        // so that everything can be destroyed in one go
        asRoot(new ZfsCommand.Promote(source.child("b")));
    }
}
