// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.HistoryPoint;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Snapshots, bookmarks, and going back to them. */
abstract class PointsContract extends ContractCase {

    @Test
    @DisplayName("a snapshot named twice is taken once")
    void namedTwice() {
        DatasetName a = unmounted(here().child("a"));
        snapshot(Scope.SELF, a.snapshot("1"), a.snapshot("1"));
        assertThat(points(a)).containsExactly("@1");
    }

    @Test
    @DisplayName("snapshots of several datasets in one command share a transaction group") // 6.5
    void severalDatasetsAtOnce() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(here().child("b"));
        snapshot(Scope.SELF, a.snapshot("x"), b.snapshot("y"));
        assertThat(point(a, "@x").createtxg()).isEqualTo(point(b, "@y").createtxg());
        assertThat(point(a, "@x").guid()).isNotEqualTo(point(b, "@y").guid());
    }

    @Test
    @DisplayName("a snapshot of a subtree reaches every descendant, volumes too, in one transaction group")
    void subtreeAtOnce() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(a.child("b"));
        DatasetName vol = volume(b.child("vol"));
        snapshot(Scope.SUBTREE, a.snapshot("x"));
        long txg = point(a, "@x").createtxg();
        assertThat(point(b, "@x").createtxg()).isEqualTo(txg);
        assertThat(point(vol, "@x").createtxg()).isEqualTo(txg);
        assertThat(points(here())).isEmpty();
    }

    @Test
    @DisplayName("one snapshot that exists keeps all the others of the command from being taken")
    void existingSnapshotFailsAll() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(here().child("b"));
        snap(b, "x");
        ZfsFailure failure =
                refused(new ZfsCommand.TakeSnapshots(List.of(a.snapshot("x"), b.snapshot("x")), Scope.SELF, Map.of()));
        assertThat(failure.kind()).isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        assertThat(points(a)).isEmpty();
    }

    @Test
    @DisplayName("one descendant that has the snapshot keeps the whole subtree from it")
    void existingSnapshotBelowFailsAll() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(a.child("b"));
        snap(b, "x");
        ZfsFailure failure = refused(new ZfsCommand.TakeSnapshots(List.of(a.snapshot("x")), Scope.SUBTREE, Map.of()));
        assertThat(failure.kind()).isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        assertThat(points(a)).isEmpty();
    }

    @Test
    @DisplayName("one dataset that does not exist keeps all snapshots of the command from being taken")
    void missingDatasetFailsAll() {
        DatasetName a = unmounted(here().child("a"));
        ZfsFailure failure = refused(new ZfsCommand.TakeSnapshots(
                List.of(a.snapshot("x"), here().child("missing").snapshot("x")), Scope.SELF, Map.of()));
        assertThat(failure.kind()).isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
        assertThat(points(a)).isEmpty();
    }

    @Test
    @DisplayName("snapshots of two pools cannot be taken in one command")
    void twoPools() {
        refused(new ZfsCommand.TakeSnapshots(
                List.of(here().snapshot("x"), there().snapshot("x")), Scope.SELF, Map.of()));
        assertThat(points(here())).isEmpty();
        assertThat(points(there())).isEmpty();
    }

    @Test
    @DisplayName("a snapshot can be taken with user properties of its own")
    void snapshotWithProperties() {
        assertThat(run(new ZfsCommand.TakeSnapshots(
                        List.of(here().snapshot("x")), Scope.SELF, Map.of("dev.zlineage:note", "a b=c,d"))))
                .isEqualTo(Effect.DONE);
        assertThat(property(here(), "dev.zlineage:note").value()).isEqualTo("-");
    }

    @Test
    @DisplayName("a renamed snapshot keeps its GUID and its place")
    void renameSnapshot() {
        DatasetName a = unmounted(here().child("a"));
        snaps(a, "1", "2");
        HistoryPoint before = point(a, "@1");
        run(new ZfsCommand.RenameSnapshot(a.snapshot("1"), "z"));
        assertThat(points(a)).containsExactly("@z", "@2");
        assertThat(point(a, "@z").guid()).isEqualTo(before.guid());
        assertThat(point(a, "@z").createtxg()).isEqualTo(before.createtxg());
    }

    @Test
    @DisplayName("a snapshot is not renamed to a name that exists, nor one that does not exist to anything")
    void renameSnapshotRefused() {
        DatasetName a = unmounted(here().child("a"));
        snaps(a, "1", "2");
        assertThat(refused(new ZfsCommand.RenameSnapshot(a.snapshot("1"), "2")).kind())
                .isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        assertThat(refused(new ZfsCommand.RenameSnapshot(a.snapshot("missing"), "3"))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
        assertThat(points(a)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName("a bookmark has the GUID and the transaction group of its snapshot, and survives it") // 6.4, 6.5
    void bookmarkIsItsSnapshot() {
        DatasetName a = unmounted(here().child("a"));
        snaps(a, "1", "2");
        bookmark(a, "1", "m");
        HistoryPoint snapshot = point(a, "@1");
        assertThat(points(a)).containsExactly("@1", "#m", "@2");
        destroy(a, "1");
        assertThat(points(a)).containsExactly("#m", "@2");
        assertThat(point(a, "#m").guid()).isEqualTo(snapshot.guid());
        assertThat(point(a, "#m").createtxg()).isEqualTo(snapshot.createtxg());
    }

    @Test
    @DisplayName("a bookmark can be copied, also when its snapshot is gone") // 6.5, 6.8
    void bookmarkOfBookmark() {
        DatasetName a = unmounted(here().child("a"));
        snap(a, "1");
        bookmark(a, "1", "m");
        destroy(a, "1");
        assertThat(run(new ZfsCommand.CreateBookmark(a.bookmark("m"), a.bookmark("copy"))))
                .isEqualTo(Effect.DONE);
        assertThat(point(a, "#copy").guid()).isEqualTo(point(a, "#m").guid());
        assertThat(point(a, "#copy").createtxg()).isEqualTo(point(a, "#m").createtxg());
    }

    @Test
    @DisplayName("a bookmark of a name that exists is refused, whatever that was made of") // 6.9.7
    void bookmarkOfTheSameName() {
        DatasetName a = unmounted(here().child("a"));
        snaps(a, "1", "2");
        bookmark(a, "1", "m");
        Guid guid = point(a, "#m").guid();
        for (String label : List.of("1", "2")) {
            assertThat(refused(new ZfsCommand.CreateBookmark(a.snapshot(label), a.bookmark("m")))
                            .kind())
                    .isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        }
        assertThat(point(a, "#m").guid()).isEqualTo(guid);
    }

    @Test
    @DisplayName("there is no bookmark of a snapshot or bookmark that does not exist")
    void bookmarkOfNothing() {
        DatasetName a = unmounted(here().child("a"));
        assertThat(refused(new ZfsCommand.CreateBookmark(a.snapshot("missing"), a.bookmark("m")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
        assertThat(refused(new ZfsCommand.CreateBookmark(a.bookmark("missing"), a.bookmark("m")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
        assertThat(points(a)).isEmpty();
    }

    @Test
    @DisplayName("a bookmark is destroyed without its snapshot, and that can be repeated")
    void destroyBookmark() {
        DatasetName a = unmounted(here().child("a"));
        snap(a, "1");
        bookmark(a, "1", "m");
        assertThat(run(new ZfsCommand.DestroyBookmark(a.bookmark("m")))).isEqualTo(Effect.DONE);
        assertThat(run(new ZfsCommand.DestroyBookmark(a.bookmark("m")))).isEqualTo(Effect.ALREADY);
        assertThat(points(a)).containsExactly("@1");
    }

    @Test
    @DisplayName("a snapshot and a bookmark may have the same name")
    void sameNameTwice() {
        DatasetName a = unmounted(here().child("a"));
        snap(a, "1");
        bookmark(a, "1", "1");
        assertThat(points(a)).containsExactly("@1", "#1");
        destroy(a, "1");
        snap(a, "1"); // a name is a label, not an identity
        assertThat(points(a)).containsExactly("#1", "@1");
        assertThat(point(a, "#1").guid()).isNotEqualTo(point(a, "@1").guid());
    }

    @Test
    @DisplayName("a rollback to the newest snapshot undoes what was written since, and older bookmarks stay")
    void rollback() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "old");
        SnapshotName one = snap(a, "1");
        bookmark(a, "1", "1");
        world().write(a, "file", "new");
        world().write(a, "more", "new");
        assertThat(run(new ZfsCommand.Rollback(one, false))).isEqualTo(Effect.DONE);
        assertThat(world().contents(a)).isEqualTo(world().contents(one)).containsOnlyKeys("file");
        assertThat(written(a)).isZero();
        assertThat(points(a)).containsExactly("@1", "#1");
    }

    @Test
    @DisplayName("a newer snapshot stands in the way of a rollback, until it may be destroyed")
    void rollbackOverSnapshot() {
        DatasetName a = unmounted(here().child("a"));
        snaps(a, "1", "2", "3");
        assertThat(refused(new ZfsCommand.Rollback(a.snapshot("1"), false)).kind())
                .isEqualTo(ZfsFailure.Kind.NEWER_EXISTS);
        assertThat(points(a)).containsExactly("@1", "@2", "@3");
        run(new ZfsCommand.Rollback(a.snapshot("1"), true));
        assertThat(points(a)).containsExactly("@1");
    }

    @Test
    @DisplayName("a newer bookmark stands in the way of a rollback, until it may be destroyed") // 6.9.1
    void rollbackOverBookmark() {
        DatasetName a = unmounted(here().child("a"));
        snaps(a, "1", "2");
        bookmark(a, "1", "1");
        bookmark(a, "2", "2");
        destroy(a, "2");
        assertThat(refused(new ZfsCommand.Rollback(a.snapshot("1"), false)).kind())
                .isEqualTo(ZfsFailure.Kind.NEWER_EXISTS);
        assertThat(points(a)).containsExactly("@1", "#1", "#2");
        run(new ZfsCommand.Rollback(a.snapshot("1"), true));
        assertThat(points(a)).containsExactly("@1", "#1");
    }

    @Test
    @DisplayName("a held newer snapshot stops a rollback that may destroy, and everything stays")
    void rollbackOverHold() {
        DatasetName a = filesystem(here().child("a"));
        snaps(a, "1", "2");
        run(new ZfsCommand.Hold("keep", List.of(a.snapshot("2"))));
        world().write(a, "file", "new");
        assertThat(refused(new ZfsCommand.Rollback(a.snapshot("1"), true)).kind())
                .isIn(ZfsFailure.Kind.HELD, ZfsFailure.Kind.BUSY);
        assertThat(points(a)).containsExactly("@1", "@2");
        assertThat(world().contents(a)).containsOnlyKeys("file");
    }

    @Test
    @DisplayName("a clone of a newer snapshot stops a rollback that may destroy, and everything stays")
    void rollbackOverClone() {
        DatasetName a = unmounted(here().child("a"));
        snaps(a, "1", "2");
        run(new ZfsCommand.CloneSnapshot(a.snapshot("2"), here().child("clone"), Map.of("canmount", "off")));
        assertThat(refused(new ZfsCommand.Rollback(a.snapshot("1"), true)).kind())
                .isEqualTo(ZfsFailure.Kind.HAS_CLONES);
        assertThat(points(a)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName("there is no rollback to a snapshot that does not exist")
    void rollbackToNothing() {
        assertThat(refused(new ZfsCommand.Rollback(here().snapshot("missing"), true))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
    }

    @Test
    @DisplayName("snapshots_changed is set by creating, renaming and destroying a snapshot") // 6.9.4
    void snapshotsChangedMoves() {
        DatasetName a = unmounted(here().child("a"));
        assertThat(changed(a)).isEmpty();
        snap(a, "1");
        if (!tellsTimes()) {
            assertThat(changed(a)).isEmpty();
            return;
        }
        long created = changed(a).orElseThrow();
        world().awaitNextSecond();
        run(new ZfsCommand.RenameSnapshot(a.snapshot("1"), "2"));
        long renamed = changed(a).orElseThrow();
        world().awaitNextSecond();
        destroy(a, "2");
        long destroyed = changed(a).orElseThrow();
        assertThat(created).isLessThan(renamed);
        assertThat(renamed).isLessThan(destroyed);
    }

    @Test
    @DisplayName(
            "snapshots_changed is not moved by bookmarks, holds, clones, properties, a rename or a rollback") // 6.9.4
    void snapshotsChangedStays() {
        DatasetName a = unmounted(here().child("a"));
        SnapshotName one = snap(a, "1");
        OptionalLong before = changed(a);
        world().awaitNextSecond();
        bookmark(a, "1", "m");
        run(new ZfsCommand.DestroyBookmark(a.bookmark("m")));
        run(new ZfsCommand.Hold("keep", List.of(one)));
        run(new ZfsCommand.Release("keep", List.of(one)));
        run(new ZfsCommand.Rollback(one, false));
        run(new ZfsCommand.CloneSnapshot(one, here().child("clone"), Map.of("canmount", "off")));
        run(new ZfsCommand.SetProperties(a, Map.of("readonly", "on", "contract:note", "kept")));
        DatasetName b = here().child("b");
        run(new ZfsCommand.RenameDataset(a, b));
        assertThat(changed(b)).isEqualTo(before);
        assertThat(changed(b).isPresent()).isEqualTo(tellsTimes());
    }

    @Test
    @DisplayName("snapshots_changed is set at the end of a receive, by the clock of the receiver") // 6.9.4
    void snapshotsChangedByReceive() {
        SnapshotName one = snap(here(), "1");
        if (!tellsTimes()) {
            return; // not even when it was taken, as another case shows
        }
        long sent = changed(here()).orElseThrow();
        SnapshotName two = snap(here(), "2");
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        long first = changed(b).orElseThrow();
        world().awaitNextSecond();
        replicate(increment(one, two), into(b));
        long second = changed(b).orElseThrow();
        assertThat(sent).isLessThanOrEqualTo(first);
        assertThat(first).isLessThan(second);
    }

    @Test
    @DisplayName("promote sets snapshots_changed where snapshots go away, and not where they arrive") // 6.9.4
    void snapshotsChangedByPromote() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName clone = here().child("clone");
        run(new ZfsCommand.CloneSnapshot(snap(a, "1"), clone, Map.of("canmount", "off")));
        OptionalLong before = changed(a);
        world().awaitNextSecond();
        run(new ZfsCommand.Promote(clone));
        assertThat(points(a)).isEmpty();
        assertThat(points(clone)).containsExactly("@1");
        if (tellsTimes()) {
            assertThat(changed(a).orElseThrow()).isGreaterThan(before.orElseThrow());
        }
        assertThat(changed(clone)).isEmpty();
    }

    private OptionalLong changed(DatasetName name) {
        return dataset(name).snapshotsChanged();
    }
}
