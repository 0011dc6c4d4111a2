// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.ReceiveStream;
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

/** What can be sent and received, and every refusal. */
abstract class StreamsContract extends ContractCase {

    // what works

    @Test
    @DisplayName("a full stream brings one snapshot, with its GUID and contents, and a dataset of another GUID")
    void full() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "text");
        world().fill(a, "more", 300);
        snap(a, "1");
        SnapshotName two = snap(a, "2");
        DatasetName b = there().child("b");
        replicate(full(two), into(b));
        assertThat(points(b)).containsExactly("@2");
        assertThat(guid(b.snapshot("2"))).isEqualTo(guid(two));
        assertThat(dataset(b).guid()).isNotEqualTo(dataset(a).guid());
        assertThat(written(b)).isZero();
        assertThat(dataset(b).mounted()).isFalse();
        assertThat(world().contents(b.snapshot("2")))
                .isEqualTo(world().contents(two))
                .containsOnlyKeys("file", "more");
    }

    @Test
    @DisplayName("an increment brings the later snapshot and what changed: written, replaced and deleted files")
    void increment() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "stays", "text");
        world().write(a, "changes", "old");
        world().write(a, "goes", "text");
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        world().write(a, "changes", "new");
        world().write(a, "comes", "text");
        world().delete(a, "goes");
        snap(a, "2");
        SnapshotName three = snap(a, "3");
        replicate(increment(one, three), into(b));
        assertThat(points(b)).containsExactly("@1", "@3"); // -i skips what is between
        assertThat(guid(b.snapshot("3"))).isEqualTo(guid(three));
        assertThat(world().contents(b.snapshot("3")))
                .isEqualTo(world().contents(three))
                .containsOnlyKeys("stays", "changes", "comes");
        assertThat(world().contents(b.snapshot("1"))).isEqualTo(world().contents(one));
    }

    @Test
    @DisplayName("a series brings each snapshot between its ends")
    void series() {
        DatasetName a = filesystem(here().child("a"));
        List<SnapshotName> old = snaps(a, "1", "2");
        world().write(a, "file", "text");
        SnapshotName three = snap(a, "3");
        DatasetName b = there().child("b");
        replicate(full(old.get(0)), into(b));
        replicate(series(old.get(0), three), into(b));
        assertThat(points(b)).containsExactly("@1", "@2", "@3");
        assertThat(history(b).snapshots())
                .extracting(s -> s.guid())
                .containsExactlyElementsOf(
                        history(a).snapshots().stream().map(s -> s.guid()).toList());
        assertThat(world().contents(b.snapshot("3"))).isEqualTo(world().contents(three));
    }

    @Test
    @DisplayName("a bookmark is the base of an increment when its snapshot is gone on the sending side")
    void incrementFromBookmark() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "old");
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        bookmark(a, "1", "m");
        destroy(a, "1");
        world().write(a, "file", "new");
        SnapshotName two = snap(a, "2");
        replicate(new SendStream.Increment(a.bookmark("m"), two, StreamMode.DEFAULT), into(b));
        assertThat(points(b)).containsExactly("@1", "@2");
        assertThat(world().contents(b.snapshot("2"))).isEqualTo(world().contents(two));
    }

    @Test
    @DisplayName("a series leaves out snapshots that were destroyed since it was planned, without a word") // 6.9.6
    void seriesLeavesOutDestroyed() {
        DatasetName a = unmounted(here().child("a"));
        List<SnapshotName> all = snaps(a, "1", "2", "3", "4");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), into(b));
        destroy(a, "2", "3");
        replicate(series(all.get(0), all.get(3)), into(b));
        assertThat(points(b)).containsExactly("@1", "@4");
    }

    @Test
    @DisplayName("a snapshot keeps its identity when source or target call it otherwise")
    void renamedBase() {
        DatasetName a = unmounted(here().child("a"));
        List<SnapshotName> all = snaps(a, "1", "2");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), into(b));
        run(new ZfsCommand.RenameSnapshot(b.snapshot("1"), "renamed"));
        replicate(increment(all.get(0), all.get(1)), into(b));
        assertThat(points(b)).containsExactly("@renamed", "@2");
    }

    @Test
    @DisplayName("a volume arrives as a volume of its size")
    void volume() {
        DatasetName a = volume(here().child("a"));
        List<SnapshotName> all = snaps(a, "1", "2");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), into(b).with("volmode", "none"));
        replicate(increment(all.get(0), all.get(1)), into(b));
        assertThat(dataset(b).kind()).isEqualTo(DatasetKind.VOLUME);
        assertThat(dataset(b).volumeSize()).isEqualTo(dataset(a).volumeSize());
        assertThat(points(b)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName("properties can be set by a receive, are local then, and stay with the next increment")
    void receiveWithProperties() {
        DatasetName a = unmounted(here().child("a"));
        List<SnapshotName> all = snaps(a, "1", "2");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), into(b).with("readonly", "on").with("dev.zlineage:note", "x y"));
        assertThat(dataset(b).readonly()).isTrue();
        replicate(increment(all.get(0), all.get(1)), into(b));
        assertThat(property(b, "readonly")).isEqualTo(new PropertyValue(b, "readonly", "on", "local"));
        assertThat(property(b, "dev.zlineage:note"))
                .isEqualTo(new PropertyValue(b, "dev.zlineage:note", "x y", "local"));
    }

    @Test
    @DisplayName("a user property set by a receive is inherited by what is received below it") // 6.9.12
    void receivedPropertyIsInherited() {
        SnapshotName one = snap(unmounted(here().child("a")), "1");
        DatasetName b = there().child("b");
        replicate(full(one), into(b).with("dev.zlineage:note", "x"));
        replicate(full(one), into(b.child("c")));
        assertThat(property(b.child("c"), "dev.zlineage:note"))
                .isEqualTo(new PropertyValue(b.child("c"), "dev.zlineage:note", "x", "inherited from " + b));
    }

    @Test
    @DisplayName("a property that the stream does not carry can be excluded") // 6.1
    void receiveExcluding() {
        SnapshotName one = snap(unmounted(here().child("a")), "1");
        DatasetName b = there().child("b");
        replicate(
                full(one),
                new ReceiveStream(b, false, false, Map.of(), Set.of("mountpoint", "atime"), Optional.empty(), false));
        assertThat(points(b)).containsExactly("@1");
    }

    @Test
    @DisplayName("a target with a newer snapshot of its own that changed nothing takes an increment") // 6.1, 6.8
    void foreignUnchangedSnapshot() {
        DatasetName a = filesystem(here().child("a"));
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        snap(b, "own");
        world().write(a, "file", "text");
        SnapshotName two = snap(a, "2");
        replicate(increment(one, two), into(b));
        assertThat(points(b)).containsExactly("@1", "@own", "@2");
        assertThat(world().contents(b.snapshot("2"))).isEqualTo(world().contents(two));
    }

    @Test
    @DisplayName("the same target does not take a raw increment: its base has to be the newest snapshot") // 6.9.13
    void foreignUnchangedSnapshotRaw() {
        DatasetName a = unmounted(here().child("a"));
        List<SnapshotName> all = snaps(a, "1", "2");
        DatasetName b = there().child("b");
        world().createEncrypted(a.child("e"), "correct horse");
        List<SnapshotName> secret = snaps(a.child("e"), "1", "2");
        replicate(raw(secret.get(0)), into(b));
        snap(b, "own");
        assertThat(refusedReceive(rawIncrement(secret.get(0), secret.get(1)), into(b))
                        .kind())
                .isIn(ZfsFailure.Kind.TARGET_MODIFIED, ZfsFailure.Kind.NO_INCREMENTAL_BASE);
        assertThat(points(b)).containsExactly("@1", "@own");
        assertThat(all).hasSize(2);
    }

    @Test
    @DisplayName("an increment that was received already is ignored with success") // 6.1, 6.9.13
    void incrementAgain() {
        DatasetName a = filesystem(here().child("a"));
        SnapshotName one = snap(a, "1");
        world().write(a, "file", "text");
        SnapshotName two = snap(a, "2");
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        replicate(increment(one, two), into(b));
        replicate(increment(one, two), into(b));
        assertThat(points(b)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName("a clone is received onto the origin that the receiver names, and is one there too") // 6.9.8
    void receiveClone() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "text");
        SnapshotName base = snap(a, "base");
        DatasetName clone = here().child("clone");
        run(new ZfsCommand.CloneSnapshot(base, clone, Map.of()));
        world().write(clone, "more", "text");
        SnapshotName one = snap(clone, "1");
        DatasetName b = there().child("b");
        replicate(full(base), into(b));
        DatasetName c = there().child("c");
        replicate(
                increment(base, one),
                new ReceiveStream(c, false, false, Map.of(), Set.of(), Optional.of(b.snapshot("base")), false));
        assertThat(dataset(c).origin()).contains(b.snapshot("base"));
        assertThat(points(c)).containsExactly("@1");
        assertThat(world().contents(c.snapshot("1")))
                .isEqualTo(world().contents(one))
                .containsOnlyKeys("file", "more");
    }

    @Test
    @DisplayName("a full stream may replace a filesystem without snapshots when that is asked for") // 6.1
    void overwriteEmpty() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "text");
        SnapshotName one = snap(a, "1");
        DatasetName b = unmounted(there().child("b"));
        replicate(full(one), overwriting(b));
        assertThat(points(b)).containsExactly("@1");
        assertThat(world().contents(b.snapshot("1"))).isEqualTo(world().contents(one));
    }

    // what the receiver refuses

    @Test
    @DisplayName("a full stream is refused by a target that exists")
    void fullOntoExisting() {
        SnapshotName one = snap(unmounted(here().child("a")), "1");
        DatasetName b = unmounted(there().child("b"));
        assertThat(refusedReceive(full(one), into(b)).kind()).isEqualTo(ZfsFailure.Kind.TARGET_EXISTS);
        assertThat(points(b)).isEmpty();
    }

    @Test
    @DisplayName("a full stream is refused by a target that has it already") // 6.9.13
    void fullAgain() {
        SnapshotName one = snap(unmounted(here().child("a")), "1");
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        assertThat(refusedReceive(full(one), into(b)).kind()).isEqualTo(ZfsFailure.Kind.TARGET_EXISTS);
        assertThat(points(b)).containsExactly("@1");
    }

    @Test
    @DisplayName("a full stream does not replace a filesystem that has snapshots, whatever is asked for")
    void overwriteWithSnapshots() {
        SnapshotName one = snap(unmounted(here().child("a")), "1");
        DatasetName b = unmounted(there().child("b"));
        snap(b, "own");
        assertThat(refusedReceive(full(one), overwriting(b)).kind()).isEqualTo(ZfsFailure.Kind.TARGET_EXISTS);
        assertThat(points(b)).containsExactly("@own");
    }

    @Test
    @DisplayName("a full stream does not replace a clone") // 6.1
    void overwriteClone() {
        SnapshotName one = snap(unmounted(here().child("a")), "1");
        DatasetName origin = unmounted(there().child("o"));
        DatasetName clone = there().child("c");
        run(new ZfsCommand.CloneSnapshot(snap(origin, "own"), clone, Map.of("canmount", "off")));
        assertThat(refusedReceive(full(one), overwriting(clone)).kind()).isEqualTo(ZfsFailure.Kind.TARGET_EXISTS);
        assertThat(dataset(clone).origin()).isPresent();
        assertThat(points(clone)).isEmpty();
    }

    @Test
    @DisplayName("a stream is refused where the parent is missing or a volume")
    void noParent() {
        SnapshotName one = snap(unmounted(here().child("a")), "1");
        assertThat(refusedReceive(full(one), into(there().child("missing").child("b")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
        DatasetName vol = volume(there().child("vol"));
        refusedReceive(full(one), into(vol.child("b")));
        assertThat(exists(vol.child("b"))).isFalse();
    }

    @Test
    @DisplayName("an increment is refused by a target that does not exist")
    void incrementIntoNothing() {
        List<SnapshotName> all = snaps(unmounted(here().child("a")), "1", "2");
        assertThat(refusedReceive(increment(all.get(0), all.get(1)), into(there().child("missing")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
        assertThat(exists(there().child("missing"))).isFalse();
    }

    @Test
    @DisplayName("an increment is refused by a target that does not have its base")
    void baseMissing() {
        List<SnapshotName> all = snaps(unmounted(here().child("a")), "1", "2", "3");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), into(b));
        assertThat(refusedReceive(increment(all.get(1), all.get(2)), into(b)).kind())
                .isEqualTo(ZfsFailure.Kind.NO_INCREMENTAL_BASE);
        DatasetName unrelated = unmounted(there().child("c"));
        snap(unrelated, "1");
        assertThat(refusedReceive(increment(all.get(0), all.get(1)), into(unrelated))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_INCREMENTAL_BASE);
        assertThat(points(b)).containsExactly("@1");
        assertThat(points(unrelated)).containsExactly("@1");
    }

    @Test
    @DisplayName("a bookmark is no base on the receiving side: it holds no data")
    void bookmarkIsNoBaseThere() {
        List<SnapshotName> all = snaps(unmounted(here().child("a")), "1", "2", "3");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), into(b));
        replicate(increment(all.get(0), all.get(1)), into(b));
        bookmark(b, "2", "2");
        destroy(b, "2");
        assertThat(refusedReceive(increment(all.get(1), all.get(2)), into(b)).kind())
                .isEqualTo(ZfsFailure.Kind.NO_INCREMENTAL_BASE);
        assertThat(points(b)).containsExactly("@1", "#2");
    }

    @Test
    @DisplayName("an increment is refused by a target that was written since its base") // 6.8
    void targetModified() {
        DatasetName a = filesystem(here().child("a"));
        List<SnapshotName> all = snaps(a, "1", "2");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), mounted(b));
        world().write(b, "own", "text");
        assertThat(refusedReceive(increment(all.get(0), all.get(1)), into(b)).kind())
                .isEqualTo(ZfsFailure.Kind.TARGET_MODIFIED);
        assertThat(points(b)).containsExactly("@1");
        assertThat(world().contents(b)).containsOnlyKeys("own");
    }

    @Test
    @DisplayName("an increment is refused by a target that has a snapshot with changes after its base")
    void targetModifiedAndSnapshotTaken() {
        DatasetName a = filesystem(here().child("a"));
        List<SnapshotName> all = snaps(a, "1", "2");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), mounted(b));
        world().write(b, "own", "text");
        snap(b, "own");
        assertThat(refusedReceive(increment(all.get(0), all.get(1)), into(b)).kind())
                .isEqualTo(ZfsFailure.Kind.TARGET_MODIFIED);
        assertThat(points(b)).containsExactly("@1", "@own");
    }

    @Test
    @DisplayName("an increment is refused by a target that has another snapshot of that name") // 6.1
    void nameClash() {
        List<SnapshotName> all = snaps(unmounted(here().child("a")), "1", "2");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), into(b));
        snap(b, "2");
        assertThat(refusedReceive(increment(all.get(0), all.get(1)), into(b)).kind())
                .isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        assertThat(guid(b.snapshot("2"))).isNotEqualTo(guid(all.get(1)));
    }

    @Test
    @DisplayName("a clone does not take an increment from the snapshot it shares with its origin") // 6.9.8
    void incrementIntoClone() {
        List<SnapshotName> all = snaps(unmounted(here().child("a")), "1", "2");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), into(b));
        DatasetName clone = there().child("clone");
        run(new ZfsCommand.CloneSnapshot(b.snapshot("1"), clone, Map.of("canmount", "off")));
        assertThat(refusedReceive(increment(all.get(0), all.get(1)), into(clone))
                        .kind())
                .isIn(ZfsFailure.Kind.NO_INCREMENTAL_BASE, ZfsFailure.Kind.TARGET_MODIFIED);
        assertThat(points(clone)).isEmpty();
    }

    @Test
    @DisplayName("what a receive sets is refused where it makes no sense, and nothing is received")
    void receiveWithBadProperty() {
        SnapshotName one = snap(unmounted(here().child("a")), "1");
        DatasetName b = there().child("b");
        assertThat(refusedReceive(full(one), into(b).with("nosuchproperty", "on"))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INVALID);
        assertThat(exists(b)).isFalse();
    }

    @Test
    @DisplayName("a stream that is none is refused, and nothing is received")
    void noStream() {
        DatasetName b = there().child("b");
        assertThat(receive(new byte[4096], into(b))).isPresent();
        assertThat(receive(new byte[0], into(b))).isPresent();
        assertThat(exists(b)).isFalse();
    }

    @Test
    @DisplayName("a target name over 249 bytes is refused before anything reaches zfs") // 6.9.2: a kernel panic
    void longName() {
        SnapshotName one = snap(here(), "1");
        DatasetName top = there();
        String fill = "x".repeat(ReceiveStream.MAX_TARGET_BYTES - top.bytes() - 1);
        DatasetName tooLong = top.child(fill + "x");
        assertThat(tooLong.bytes()).isEqualTo(250);
        assertThatThrownBy(() -> ReceiveStream.into(tooLong)).isInstanceOf(InvalidNameException.class);
        replicate(full(one), into(top.child(fill)));
        assertThat(points(top.child(fill))).containsExactly("@1");
    }

    @Test
    @DisplayName("a series starts in its own dataset, or in the origin of a clone, and nowhere else")
    void seriesFromElsewhere() {
        DatasetName a = unmounted(here().child("a"));
        List<SnapshotName> all = snaps(a, "1", "2");
        DatasetName clone = here().child("clone");
        run(new ZfsCommand.CloneSnapshot(all.get(1), clone, Map.of("canmount", "off")));
        SnapshotName own = snap(clone, "own");
        assertThat(capture(series(all.get(1), own))).isNotEmpty();
        assertThat(refusedSend(series(all.get(0), own)).kind()).isEqualTo(ZfsFailure.Kind.INVALID);
        assertThat(refusedSend(series(all.get(0), here().child("missing").snapshot("1")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
    }

    @Test
    @DisplayName("a quota above the target stops a stream, and nothing of it is kept") // 6.3b
    void quota() {
        DatasetName a = filesystem(here().child("a"));
        world().fill(a, "file", 6 << 10);
        SnapshotName one = snap(a, "1");
        set(there(), "quota", "2M");
        DatasetName b = there().child("b");
        assertThat(refusedReceive(full(one), into(b)).kind()).isIn(ZfsFailure.Kind.QUOTA, ZfsFailure.Kind.NO_SPACE);
        assertThat(exists(b)).isFalse();
    }

    @Test
    @DisplayName("a full pool stops a stream, and nothing of it is kept") // 6.3b
    void poolFull() {
        DatasetName a = filesystem(here().child("a"));
        world().fill(a, "file", 6 << 10);
        SnapshotName one = snap(a, "1");
        DatasetName b = cramped().child("b");
        assertThat(refusedReceive(full(one), into(b)).kind()).isEqualTo(ZfsFailure.Kind.NO_SPACE);
        assertThat(exists(b)).isFalse();
    }

    @Test
    @DisplayName("large blocks once sent may not be left out by the next increment; the other way is accepted")
    void largeBlocks() { // 6.3, 6.9.12
        StreamMode small = new StreamMode(false, true, false, false, false);
        DatasetName a = here().child("a");
        run(new ZfsCommand.CreateFilesystem(a, Map.of("recordsize", "1M")));
        SnapshotName zero = snap(a, "0");
        world().fill(a, "file", 2 << 10);
        SnapshotName one = snap(a, "1");
        world().fill(a, "file", 2 << 10);
        SnapshotName two = snap(a, "2");
        DatasetName offToOn = there().child("off-on");
        replicate(new SendStream.Full(zero, small), into(offToOn));
        replicate(increment(zero, one), into(offToOn));
        assertThat(world().contents(offToOn.snapshot("1"))).isEqualTo(world().contents(one));
        assertThat(refusedReceive(new SendStream.Increment(one, two, small), into(offToOn))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INCOMPATIBLE);
        assertThat(points(offToOn)).containsExactly("@0", "@1");
    }

    @Test
    @DisplayName("embedded blocks are refused by an encrypted target") // 6.3
    void embeddedIntoEncrypted() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "x".repeat(4096)); // compressed, it fits into its pointer
        SnapshotName one = snap(a, "1");
        DatasetName root = there().child("e");
        world().createEncrypted(root, "correct horse");
        SendStream embedded = new SendStream.Full(one, new StreamMode(true, true, true, false, false));
        assertThat(refusedReceive(embedded, into(root.child("b"))).kind()).isEqualTo(ZfsFailure.Kind.INCOMPATIBLE);
        replicate(embedded, into(there().child("b")));
        assertThat(world().contents(there().child("b").snapshot("1"))).isEqualTo(world().contents(one));
    }

    // what the sender refuses

    @Test
    @DisplayName("what does not exist is not sent")
    void sendNothing() {
        assertThat(refusedSend(full(here().snapshot("missing"))).kind()).isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
        assertThat(refusedSend(full(here().child("missing").snapshot("1"))).kind())
                .isIn(ZfsFailure.Kind.NO_SUCH_DATASET, ZfsFailure.Kind.NO_SUCH_POINT);
    }

    @Test
    @DisplayName("an increment needs its base on the sending side, as a snapshot or bookmark") // 6.3b: ESRCH, ENOENT
    void sendWithoutBase() {
        SnapshotName one = snap(here(), "1");
        assertThat(refusedSend(increment(here().snapshot("missing"), one)).kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
        assertThat(refusedSend(new SendStream.Increment(here().bookmark("missing"), one, StreamMode.DEFAULT))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
        assertThat(refusedSend(series(here().snapshot("missing"), one)).kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
    }

    @Test
    @DisplayName("the base of an increment has to be earlier") // 6.3b: EXDEV
    void baseNotEarlier() {
        List<SnapshotName> all = snaps(here(), "1", "2");
        bookmark(here(), "2", "m");
        assertThat(refusedSend(increment(all.get(1), all.get(0))).kind())
                .isEqualTo(ZfsFailure.Kind.NO_INCREMENTAL_BASE);
        assertThat(refusedSend(new SendStream.Increment(here().bookmark("m"), all.get(0), StreamMode.DEFAULT))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_INCREMENTAL_BASE);
        assertThat(refusedSend(series(all.get(1), all.get(0))).kind()).isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
        assertThat(refusedSend(series(all.get(1), all.get(1))).kind()).isEqualTo(ZfsFailure.Kind.NO_INCREMENTAL_BASE);
        DatasetName other = unmounted(here().child("other"));
        SnapshotName foreign = snap(other, "3");
        assertThat(refusedSend(increment(all.get(1), foreign)).kind()).isEqualTo(ZfsFailure.Kind.NO_INCREMENTAL_BASE);
    }

    @Test
    @DisplayName("what is based on the origin of a clone is for a new dataset: a copy that has the base refuses it")
    void cloneIntoCopy() {
        DatasetName a = unmounted(here().child("a"));
        SnapshotName one = snap(a, "1");
        DatasetName clone = here().child("clone");
        run(new ZfsCommand.CloneSnapshot(one, clone, Map.of("canmount", "off")));
        SnapshotName two = snap(clone, "2");
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        assertThat(refusedReceive(increment(one, two), into(b)).kind()).isEqualTo(ZfsFailure.Kind.TARGET_EXISTS);
        assertThat(world().receiveForced(capture(increment(one, two)), b)).isFalse();
        assertThat(points(b)).containsExactly("@1");
        replicate(increment(one, two), into(there().child("c")));
        assertThat(dataset(there().child("c")).origin()).contains(b.snapshot("1"));
    }

    @Test
    @DisplayName("an increment of files has no base on a volume")
    void filesIntoVolume() {
        List<SnapshotName> all = snaps(unmounted(here().child("a")), "1", "2");
        DatasetName volume = volume(there().child("v"));
        assertThat(refusedReceive(increment(all.get(0), all.get(1)), into(volume))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_INCREMENTAL_BASE);
    }

    @Test
    @DisplayName("a sender that fails leaves nothing on the receiving side")
    void sendFailsWhileReceiving() {
        DatasetName b = there().child("b");
        Transferred ends = transfer(full(here().snapshot("missing")), resumable(b));
        assertThat(ends.sender()).isPresent();
        assertThat(ends.receiver()).isPresent();
        assertThat(exists(b)).isFalse();
    }
}
