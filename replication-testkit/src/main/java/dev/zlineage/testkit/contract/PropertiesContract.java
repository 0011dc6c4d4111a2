// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PropertyValue;
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

/** Properties that travel with streams, and those that are kept from it. */
abstract class PropertiesContract extends ContractCase {

    private static final StreamMode WITH = StreamMode.DEFAULT.withProperties();

    private static final String NOTE = "dev.zlineage.test:note";

    private static SendStream fullWith(SnapshotName to) {
        return new SendStream.Full(to, WITH);
    }

    private static SendStream incrementWith(SnapshotName base, SnapshotName to) {
        return new SendStream.Increment(base, to, WITH);
    }

    private void assertProperty(DatasetName dataset, String property, String value, String source) {
        assertThat(property(dataset, property)).isEqualTo(new PropertyValue(dataset, property, value, source));
    }

    private DatasetName noted(DatasetName name, String compression, String note) {
        DatasetName a = unmounted(name);
        run(new ZfsCommand.SetProperties(a, Map.of("compression", compression, NOTE, note)));
        return a;
    }

    @Test
    @DisplayName("what was set on a dataset is received, native and user properties; what it inherits is not")
    void full() {
        set(here(), "atime", "off");
        DatasetName a = noted(here().child("a"), "gzip", "x y");
        set(a, "quota", "100M");
        DatasetName b = there().child("b");

        replicate(fullWith(snap(a, "1")), into(b));

        assertProperty(b, "compression", "gzip", "received");
        assertProperty(b, "quota", Integer.toString(100 << 20), "received");
        assertProperty(b, "canmount", "off", "received");
        assertProperty(b, NOTE, "x y", "received");
        assertProperty(b, "atime", "on", "default");
        assertThat(run(new ZfsCommand.ListLocalProperties(b))).isEmpty();
    }

    @Test
    @DisplayName("without being asked for, none are received")
    void none() {
        DatasetName a = noted(here().child("a"), "gzip", "x");
        DatasetName b = there().child("b");
        replicate(full(snap(a, "1")), into(b));
        assertThat(property(b, "compression").source()).isEqualTo("default"); // off on OpenZFS 2.1, on since 2.2
        assertProperty(b, NOTE, "-", "-");
    }

    @Test
    @DisplayName("what comes with an increment replaces what came before; what is set on the target stays in effect")
    void increment() {
        DatasetName a = noted(here().child("a"), "gzip", "x");
        set(a, "exec", "off");
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        replicate(fullWith(one), into(b));

        set(a, "compression", "zstd");
        set(a, "exec", "on");
        run(new ZfsCommand.InheritProperty(a, NOTE));
        set(b, "exec", "off");
        SnapshotName two = snap(a, "2");
        replicate(incrementWith(one, two), into(b));

        assertProperty(b, "compression", "zstd", "received");
        assertProperty(b, NOTE, "-", "-");
        assertProperty(b, "exec", "off", "local");
        replicate(increment(two, snap(a, "3")), into(b));
        assertProperty(b, "compression", "zstd", "received");
    }

    @Test
    @DisplayName("a bookmark as the base, and a series, take them along too")
    void bookmarkAndSeries() {
        DatasetName a = noted(here().child("a"), "gzip", "1");
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        bookmark(a, "1", "mark");
        SnapshotName two = snap(a, "2");

        replicate(new SendStream.Increment(a.bookmark("mark"), two, WITH), into(b));

        assertProperty(b, NOTE, "1", "received");
        set(a, NOTE, "2");
        snap(a, "3");
        SnapshotName four = snap(a, "4");
        replicate(new SendStream.Series(two, four, WITH), into(b));
        assertProperty(b, NOTE, "2", "received");
        assertThat(points(b)).containsExactly("@1", "@2", "@3", "@4");
    }

    @Test
    @DisplayName("what was received is sent on")
    void sentOn() {
        DatasetName a = noted(here().child("a"), "gzip", "x");
        DatasetName b = there().child("b");
        replicate(fullWith(snap(a, "1")), into(b).with("exec", "off").without(Set.of(NOTE)));
        DatasetName c = here().child("c");

        replicate(fullWith(b.snapshot("1")), into(c));

        assertProperty(c, "compression", "gzip", "received");
        assertProperty(c, "exec", "off", "received");
        assertProperty(c, NOTE, "-", "-");
    }

    @Test
    @DisplayName("what is set by the receive wins, and is local")
    void set() {
        DatasetName a = noted(here().child("a"), "gzip", "x");
        set(a, "readonly", "off");
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");

        replicate(fullWith(one), into(b).with("readonly", "on").with(NOTE, "mine"));

        assertProperty(b, "readonly", "on", "local");
        assertProperty(b, NOTE, "mine", "local");
        replicate(incrementWith(one, snap(a, "2")), into(b).with("compression", "lz4"));
        assertProperty(b, "readonly", "on", "local");
        assertProperty(b, "compression", "lz4", "local");
    }

    @Test
    @DisplayName("what is excluded is inherited, and remains so when a later stream brings it")
    void excluded() {
        set(there(), "compression", "zle");
        DatasetName a = noted(here().child("a"), "gzip", "x");
        set(a, "quota", "100M");
        set(a, "mountpoint", "/nowhere");
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");

        replicate(
                fullWith(one),
                into(b).without(Set.of("compression", "quota", "mountpoint", NOTE, "dev.zlineage.test:absent")));

        assertProperty(b, "compression", "zle", "inherited from " + there());
        assertProperty(b, "quota", "0", "default");
        assertThat(property(b, "mountpoint").value()).isNotEqualTo("/nowhere");
        assertProperty(b, NOTE, "-", "-");
        replicate(incrementWith(one, snap(a, "2")), into(b));
        assertProperty(b, "compression", "zle", "inherited from " + there());
        assertProperty(b, NOTE, "-", "-");
        assertProperty(b, "quota", Integer.toString(100 << 20), "received");
    }

    @Test
    @DisplayName("what is excluded from an increment only loses what came before, and keeps what was set on the target")
    void excludedLater() {
        DatasetName a = noted(here().child("a"), "gzip", "x");
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        replicate(fullWith(one), into(b).with(NOTE, "mine"));
        replicate(incrementWith(one, snap(a, "2")), into(b).without(Set.of("compression", NOTE)));
        assertThat(property(b, "compression").source()).isEqualTo("default");
        assertProperty(b, NOTE, "mine", "local");
    }

    @Test
    @DisplayName("a target that inherits readonly becomes writable by an increment that says so, unless it is excluded")
    void readonly() {
        set(there(), "readonly", "on");
        DatasetName a = unmounted(here().child("a"));
        set(a, "readonly", "off");
        List<SnapshotName> all = snaps(a, "1", "2", "3");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), into(b));
        assertThat(dataset(b).readonly()).isTrue();
        replicate(incrementWith(all.get(0), all.get(1)), into(b));
        assertThat(dataset(b).readonly()).isFalse();
        replicate(incrementWith(all.get(1), all.get(2)), into(b).without(Set.of("readonly")));
        assertThat(dataset(b).readonly()).isTrue();
    }

    @Test
    @DisplayName("a volume takes its own; what only filesystems have can be excluded from it and not be set")
    void volume() {
        DatasetName a = volume(here().child("a"));
        run(new ZfsCommand.SetProperties(a, Map.of("compression", "gzip", "volmode", "dev", NOTE, "x")));
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");

        replicate(
                fullWith(one),
                into(b).with("volmode", "none").without(Set.of("mountpoint", "sharenfs", "sharesmb", "encryption")));

        assertProperty(b, "compression", "gzip", "received");
        assertProperty(b, "volmode", "none", "local");
        assertProperty(b, NOTE, "x", "received");
        set(a, "volsize", Integer.toString(16 << 20));
        set(a, NOTE, "y");
        replicate(incrementWith(one, snap(a, "2")), into(b).without(Set.of("volmode")));
        assertThat(dataset(b).volumeSize()).hasValue(16 << 20);
        assertProperty(b, NOTE, "y", "received");
        assertProperty(b, "volmode", "none", "local");
        for (String ofFilesystems : List.of("mountpoint", "quota", "recordsize", "canmount")) {
            ReceiveStream wrong =
                    into(there().child("c")).with(ofFilesystems, ofFilesystems.equals("canmount") ? "off" : "none");
            assertThat(refusedReceive(fullWith(one), wrong).kind()).isEqualTo(ZfsFailure.Kind.INVALID);
        }
        assertThat(exists(there().child("c"))).isFalse();
    }

    @Test
    @DisplayName(
            "what is decided when a dataset comes into being can neither be set nor excluded; nor what does not exist")
    void notReceivable() {
        SnapshotName one = snap(unmounted(here().child("a")), "1");
        DatasetName b = there().child("b");
        for (String name : List.of("volsize", "volblocksize", "used", "nonsense", NOTE + "UPPER")) {
            assertThat(refusedReceive(full(one), into(b).with(name, "1")).kind())
                    .as(name)
                    .isEqualTo(ZfsFailure.Kind.INVALID);
            assertThat(refusedReceive(fullWith(one), into(b).without(Set.of(name)))
                            .kind())
                    .as(name)
                    .isEqualTo(ZfsFailure.Kind.INVALID);
        }
        assertThat(exists(b)).isFalse();
    }

    @Test
    @DisplayName("an encrypted dataset is sent with properties raw or not at all, its key loaded or not")
    void encrypted() {
        DatasetName e = here().child("e");
        world().createEncrypted(e, "correct horse");
        set(e, NOTE, "1");
        SnapshotName one = snap(e, "1");
        DatasetName b = there().child("b");
        StreamMode rawWith = StreamMode.RAW.withProperties();

        assertThat(refusedSend(fullWith(one)).kind()).isEqualTo(ZfsFailure.Kind.INVALID);
        assertThat(refused(new ZfsCommand.EstimateSend(fullWith(one))).kind()).isEqualTo(ZfsFailure.Kind.INVALID);
        replicate(new SendStream.Full(one, rawWith), into(b).without(Set.of("mountpoint")));
        assertProperty(b, NOTE, "1", "received");
        assertThat(dataset(b).encryption().orElseThrow().root()).isEqualTo(b);
        set(e, NOTE, "2");
        replicate(new SendStream.Increment(one, snap(e, "2"), rawWith), into(b));
        assertProperty(b, NOTE, "2", "received");
        assertThat(refusedReceive(
                                new SendStream.Full(one, rawWith),
                                into(there().child("c")).without(Set.of("encryption")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INVALID);
    }

    @Test
    @DisplayName(
            "below an encrypted dataset, what comes with properties is not encrypted unless encryption is excluded")
    void intoEncrypted() {
        DatasetName vault = there().child("vault");
        world().createEncrypted(vault, "correct horse");
        DatasetName a = noted(here().child("a"), "gzip", "x");
        SnapshotName one = snap(a, "1");
        DatasetName clear = vault.child("clear");
        DatasetName secret = vault.child("secret");

        replicate(fullWith(one), into(clear));
        replicate(fullWith(one), into(secret).without(Set.of("encryption")));

        assertThat(dataset(clear).encryption()).isEmpty();
        assertThat(dataset(secret).encryption().orElseThrow().root()).isEqualTo(vault);
        assertProperty(secret, NOTE, "x", "received");
        replicate(incrementWith(one, snap(a, "2")), into(secret));
        replicate(fullWith(one), into(there().child("d")).without(Set.of("encryption")));
        assertThat(dataset(there().child("d")).encryption()).isEmpty();
    }

    @Test
    @DisplayName("a first stream that was cut has brought them; what carries it on has none, but can set")
    void cutFull() {
        DatasetName a = filesystem(here().child("a"));
        world().fill(a, "file", 1024);
        set(a, NOTE, "1");
        set(a, "exec", "off");
        byte[] stream = capture(fullWith(snap(a, "1")));
        DatasetName b = there().child("b");

        assertThat(receive(cut(stream, 0.6), resumable(b).with("readonly", "on").without(Set.of("exec"))))
                .isPresent();

        assertProperty(b, NOTE, "1", "received");
        assertProperty(b, "readonly", "on", "local");
        assertProperty(b, "exec", "on", "default");
        set(a, NOTE, "2");
        replicate(rest(b), resumable(b).with("atime", "off"));
        assertThat(points(b)).containsExactly("@1");
        assertProperty(b, NOTE, "1", "received");
        assertProperty(b, "readonly", "on", "local");
        assertProperty(b, "exec", "on", "default");
        assertProperty(b, "atime", "off", "local");
    }

    @Test
    @DisplayName("an increment that was cut has changed none, and what carries it on brings none: the next one does")
    void cutIncrement() {
        DatasetName a = filesystem(here().child("a"));
        set(a, NOTE, "1");
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        replicate(fullWith(one), into(b).with("atime", "off"));
        world().fill(a, "file", 1024);
        set(a, NOTE, "2");
        SnapshotName two = snap(a, "2");
        byte[] stream = capture(incrementWith(one, two));

        ReceiveStream receive = resumable(b).with("atime", "on").with("exec", "off");
        assertThat(receive(cut(stream, 0.6), receive)).isPresent();

        assertProperty(b, NOTE, "1", "received");
        assertProperty(b, "exec", "on", "default");
        assertProperty(b, "atime", "off", "local");
        replicate(rest(b), resumable(b));
        assertThat(points(b)).containsExactly("@1", "@2");
        assertProperty(b, NOTE, "1", "received");
        replicate(incrementWith(two, snap(a, "3")), into(b));
        assertProperty(b, NOTE, "2", "received");
    }

    @Test
    @DisplayName(
            "the first stream with properties takes away what was set on its target, but what it sets; later ones do not")
    void firstOfAll() {
        DatasetName a = noted(here().child("a"), "gzip", "x");
        List<SnapshotName> all = snaps(a, "1", "2", "3");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), into(b).with("readonly", "on").with("exec", "off"));
        set(b, "atime", "off");

        replicate(
                incrementWith(all.get(0), all.get(1)),
                into(b).with("exec", "off").without(Set.of("readonly")));

        assertThat(dataset(b).readonly()).isFalse();
        assertProperty(b, "atime", "on", "default");
        assertProperty(b, "exec", "off", "local");
        set(b, "atime", "off");
        replicate(incrementWith(all.get(1), all.get(2)), into(b).without(Set.of("exec")));
        assertProperty(b, "atime", "off", "local");
        assertProperty(b, "exec", "off", "local");
    }

    @Test
    @DisplayName("what was set on an empty target is forgotten when it is replaced with properties, and kept without")
    void overwritten() {
        DatasetName a = noted(here().child("a"), "gzip", "x");
        SnapshotName one = snap(a, "1");
        DatasetName b = unmounted(there().child("b"));
        DatasetName c = unmounted(there().child("c"));
        for (DatasetName empty : List.of(b, c)) {
            run(new ZfsCommand.SetProperties(empty, Map.of("exec", "off", NOTE, "mine", "compression", "lz4")));
        }

        replicate(full(one), overwriting(b));
        replicate(fullWith(one), overwriting(c).with("atime", "off"));

        assertProperty(b, "exec", "off", "local");
        assertProperty(b, NOTE, "mine", "local");
        assertProperty(c, "exec", "on", "default");
        assertProperty(c, NOTE, "x", "received");
        assertProperty(c, "compression", "gzip", "received");
        assertProperty(c, "atime", "off", "local");
    }

    private SendStream rest(DatasetName target) {
        return new SendStream.Resume(dataset(target).resumeToken().orElseThrow());
    }

    @Test
    @DisplayName("a stream with properties can't be received on the origin of a clone")
    void notOntoOrigin() {
        DatasetName a = noted(here().child("a"), "gzip", "1");
        SnapshotName one = snap(a, "1");
        SnapshotName two = snap(a, "2");
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        DatasetName c = there().child("c");
        ReceiveStream onto =
                new ReceiveStream(c, false, false, Map.of(), Set.of(), Optional.of(b.snapshot("1")), false);
        assertThat(refusedReceive(incrementWith(one, two), onto).kind()).isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
        replicate(increment(one, two), onto.without(Set.of("mountpoint")));
        assertProperty(c, NOTE, "-", "-");
    }

    @Test
    @DisplayName("user properties of snapshots travel with them, and do not count as set on them")
    void ofSnapshots() {
        DatasetName a = unmounted(here().child("a"));
        SnapshotName one = a.snapshot("1");
        run(new ZfsCommand.TakeSnapshots(List.of(one), Scope.SELF, Map.of(NOTE, "x")));
        DatasetName b = there().child("b");
        replicate(fullWith(one), into(b));
        assertThat(run(new ZfsCommand.ListSnapshotProperty(List.of(a), Scope.SELF, NOTE)))
                .isEqualTo(Map.of(one, "x"));
        assertThat(run(new ZfsCommand.ListSnapshotProperty(List.of(b), Scope.SELF, NOTE)))
                .isEmpty();
    }
}
