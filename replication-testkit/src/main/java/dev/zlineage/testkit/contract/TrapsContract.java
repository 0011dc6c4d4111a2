// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Stories of several steps, each of which looks right. They say why replication is built as it is. */
abstract class TrapsContract extends ContractCase {

    @Test
    @DisplayName(
            "a bookmark that survived a forced receive as a base corrupts the copy, and all GUIDs are equal") // 6.9.1
    void bookmarkOnAMiddleHost() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "one");
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        replicate(full(one), mounted(b));
        world().write(b, "own", "written in the middle");
        snap(b, "2");
        bookmark(b, "2", "2");
        DatasetName c = here().child("c");
        replicate(full(b.snapshot("1")), into(c));
        replicate(increment(b.snapshot("1"), b.snapshot("2")), into(c));

        world().write(a, "file", "three");
        SnapshotName three = snap(a, "3");
        assertThat(world().receiveForced(capture(increment(one, three)), b)).isTrue();
        assertThat(points(b)).containsExactly("@1", "#2", "@3"); // the snapshot is gone, its bookmark is not
        assertThat(world().contents(b.snapshot("3"))).isEqualTo(world().contents(three));

        replicate(new SendStream.Increment(b.bookmark("2"), b.snapshot("3"), StreamMode.DEFAULT), into(c));
        assertThat(guid(c.snapshot("3"))).isEqualTo(guid(b.snapshot("3"))).isEqualTo(guid(three));
        assertThat(world().contents(c.snapshot("3"))).isNotEqualTo(world().contents(b.snapshot("3")));
    }

    @Test
    @DisplayName("a hold on the snapshot stops the forced receive that would make a bookmark lie") // 6.9.1
    void holdOnAMiddleHost() {
        DatasetName a = filesystem(here().child("a"));
        SnapshotName one = snap(a, "1");
        SnapshotName three = snap(a, "3");
        DatasetName b = there().child("b");
        replicate(full(one), mounted(b));
        world().write(b, "own", "written in the middle");
        SnapshotName two = snap(b, "2");
        run(new ZfsCommand.Hold("keep", List.of(two)));
        assertThat(world().receiveForced(capture(increment(one, three)), b)).isFalse();
        assertThat(points(b)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName("a copy that is mounted read-write is changed by reading it, and refuses the next increment") // 6.9.3
    void readingChanges() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "text");
        List<SnapshotName> all = snaps(a, "1", "2");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), mounted(b));
        assertThat(dataset(b).mounted()).isTrue();
        world().awaitNextSecond(); // the time of access has to become another
        world().read(b, "file");
        assertThat(written(b)).isPositive();
        assertThat(refusedReceive(increment(all.get(0), all.get(1)), into(b)).kind())
                .isEqualTo(ZfsFailure.Kind.TARGET_MODIFIED);
    }

    @Test
    @DisplayName("a copy received with readonly=on is not changed by reading it") // 6.9.3
    void readingReadonlyChangesNothing() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "text");
        List<SnapshotName> all = snaps(a, "1", "2");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), mounted(b).with("readonly", "on"));
        assertThat(dataset(b).mounted()).isTrue();
        assertThat(dataset(b).readonly()).isTrue();
        world().awaitNextSecond();
        world().read(b, "file");
        assertThat(written(b)).isZero();
        replicate(increment(all.get(0), all.get(1)), into(b));
        assertThat(points(b)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName("a diverged copy is set aside, replaced on top of the shared snapshot, and gives the history back")
    void setAsideAndPromote() { // 6.9.8
        DatasetName a = filesystem(here().child("a"));
        List<SnapshotName> all = snaps(a, "0", "1");
        world().write(a, "file", "two");
        SnapshotName two = snap(a, "2");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), mounted(b));
        replicate(increment(all.get(0), all.get(1)), into(b));
        world().write(b, "own", "text");
        snap(b, "own");
        assertThat(refusedReceive(increment(all.get(1), two), into(b)).kind())
                .isEqualTo(ZfsFailure.Kind.TARGET_MODIFIED);

        DatasetName aside = there().child("aside");
        run(new ZfsCommand.RenameDataset(b, aside));
        replicate(
                increment(all.get(1), two),
                new ReceiveStream(b, false, false, Map.of(), Set.of(), Optional.of(aside.snapshot("1")), false));
        run(new ZfsCommand.Promote(b));
        assertThat(points(b)).containsExactly("@0", "@1", "@2");
        assertThat(points(aside)).containsExactly("@own");
        assertThat(dataset(aside).origin()).contains(b.snapshot("1"));
        assertThat(world().contents(b.snapshot("2"))).isEqualTo(world().contents(two));
        assertThat(world().contents(aside.snapshot("own"))).containsOnlyKeys("own");
        run(new ZfsCommand.DestroyDataset(aside, Scope.SUBTREE));
        assertThat(points(b)).containsExactly("@0", "@1", "@2");
    }

    @Test
    @DisplayName("the same works raw, without a key") // 6.9.8
    void setAsideAndPromoteRaw() {
        DatasetName e = here().child("e");
        world().createEncrypted(e, "correct horse");
        List<SnapshotName> all = snaps(e, "0", "1", "2");
        DatasetName b = there().child("b");
        replicate(raw(all.get(0)), into(b));
        replicate(rawIncrement(all.get(0), all.get(1)), into(b));
        snap(b, "own");
        DatasetName aside = there().child("aside");
        run(new ZfsCommand.RenameDataset(b, aside));
        replicate(
                rawIncrement(all.get(1), all.get(2)),
                new ReceiveStream(b, false, false, Map.of(), Set.of(), Optional.of(aside.snapshot("1")), false));
        run(new ZfsCommand.Promote(b));
        assertThat(points(b)).containsExactly("@0", "@1", "@2");
        assertThat(points(aside)).containsExactly("@own");
    }

    @Test
    @DisplayName("under a parent's quota the swap of a copy that was set aside has no room") // 6.9.9
    void swapUnderQuota() {
        DatasetName a = filesystem(here().child("a"));
        world().fill(a, "file", 3 << 10);
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        set(there(), "quota", "5M");
        replicate(full(one), into(b));
        DatasetName next = there().child("next");
        assertThat(refusedReceive(full(one), into(next)).kind()).isIn(ZfsFailure.Kind.QUOTA, ZfsFailure.Kind.NO_SPACE);
        assertThat(points(b)).containsExactly("@1");
    }

    @Test
    @DisplayName("a forced increment destroys newer snapshots and what was written, without a word") // 6.1
    void forcedIncrement() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "one");
        SnapshotName one = snap(a, "1");
        world().write(a, "file", "two");
        SnapshotName two = snap(a, "2");
        DatasetName b = there().child("b");
        replicate(full(one), mounted(b));
        world().write(b, "own", "text");
        snap(b, "own");
        world().write(b, "more", "text");
        assertThat(world().receiveForced(capture(increment(one, two)), b)).isTrue();
        assertThat(points(b)).containsExactly("@1", "@2");
        assertThat(world().contents(b.snapshot("2"))).isEqualTo(world().contents(two));
    }

    @Test
    @DisplayName(
            "a full stream that may replace an empty target makes a filesystem of a volume, and the reverse") // 6.1
    void overwriteOtherKind() {
        SnapshotName files = snap(unmounted(here().child("f")), "1");
        SnapshotName blocks = snap(volume(here().child("v")), "1");
        DatasetName wasVolume = volume(there().child("v"));
        DatasetName wasFilesystem = unmounted(there().child("f"));
        assertThat(refusedReceive(full(files), into(wasVolume)).kind()).isEqualTo(ZfsFailure.Kind.TARGET_EXISTS);
        replicate(full(files), overwriting(wasVolume));
        replicate(full(blocks), overwriting(wasFilesystem));
        assertThat(dataset(wasVolume).kind()).isEqualTo(DatasetKind.FILESYSTEM);
        assertThat(dataset(wasFilesystem).kind()).isEqualTo(DatasetKind.VOLUME);
    }

    @Test
    @DisplayName("a snapshot destroyed and taken again under its name is another one, and the name says nothing")
    void sameNameOtherSnapshot() {
        DatasetName a = unmounted(here().child("a"));
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        destroy(a, "1");
        snaps(a, "1", "2");
        assertThat(refusedReceive(increment(a.snapshot("1"), a.snapshot("2")), into(b))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_INCREMENTAL_BASE);
        assertThat(points(b)).containsExactly("@1");
    }
}
