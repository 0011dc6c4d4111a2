// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Datasets come, get names and properties, and are cloned. */
abstract class DatasetsContract extends ContractCase {

    @Test
    @DisplayName("what was received unmounted is mounted at its mountpoint, once, and that changes nothing above it")
    void mountReceived() {
        DatasetName a = filesystem(here().child("a"));
        DatasetName b = filesystem(a.child("b"));
        replicate(full(snap(a, "1")), into(there().child("a")));
        replicate(full(snap(b, "1")), into(there().child("a").child("b")));
        DatasetName copy = there().child("a");
        assertThat(run(new ZfsCommand.Mount(copy))).isEqualTo(Effect.DONE);
        assertThat(run(new ZfsCommand.Mount(copy.child("b")))).isEqualTo(Effect.DONE);
        assertThat(run(new ZfsCommand.Mount(copy))).isEqualTo(Effect.ALREADY);
        assertThat(dataset(copy).mounted()).isTrue();
        world().awaitNextSecond();
        assertThat(dataset(copy).written()).isZero();
    }

    @Test
    @DisplayName("what says that it is not to be mounted is not, nor is a volume or what is not there")
    void mountRefused() {
        DatasetName off = unmounted(here().child("off"));
        DatasetName none = here().child("none");
        DatasetName legacy = here().child("legacy");
        DatasetName volume = here().child("v");
        run(new ZfsCommand.CreateFilesystem(none, Map.of("mountpoint", "none")));
        run(new ZfsCommand.CreateFilesystem(legacy, Map.of("mountpoint", "legacy")));
        run(new ZfsCommand.CreateVolume(volume, 1 << 20, Map.of("volmode", "none")));
        for (DatasetName name : List.of(off, none, legacy, volume)) {
            assertThat(refused(new ZfsCommand.Mount(name)).kind()).isEqualTo(ZfsFailure.Kind.INVALID);
        }
        assertThat(refused(new ZfsCommand.Mount(here().child("missing"))).kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
    }

    @Test
    @DisplayName("a filesystem is created with properties, and mounted unless they say otherwise")
    void create() {
        DatasetName a = here().child("a");
        run(new ZfsCommand.CreateFilesystem(a, Map.of("atime", "off", "dev.zlineage:note", "x y")));
        assertThat(dataset(a).mounted()).isTrue();
        assertThat(property(a, "atime")).isEqualTo(new PropertyValue(a, "atime", "off", "local"));
        assertThat(property(a, "dev.zlineage:note"))
                .isEqualTo(new PropertyValue(a, "dev.zlineage:note", "x y", "local"));
        DatasetName b = here().child("b");
        run(new ZfsCommand.CreateFilesystem(b, Map.of("canmount", "off")));
        assertThat(dataset(b).mounted()).isFalse();
    }

    @Test
    @DisplayName("a dataset is not created where one is, or below none, or below a volume")
    void createRefused() {
        DatasetName vol = volume(here().child("vol"));
        assertThat(refused(new ZfsCommand.CreateFilesystem(here(), Map.of())).kind())
                .isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        assertThat(refused(new ZfsCommand.CreateVolume(vol, 8L << 20, Map.of())).kind())
                .isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        assertThat(refused(new ZfsCommand.CreateFilesystem(
                                here().child("missing").child("a"), Map.of()))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
        refused(new ZfsCommand.CreateFilesystem(vol.child("a"), Map.of()));
        assertThat(exists(vol.child("a"))).isFalse();
    }

    @Test
    @DisplayName("a volume has a size and a kind of its own")
    void createVolume() {
        DatasetName vol = here().child("vol");
        run(new ZfsCommand.CreateVolume(vol, 16L << 20, Map.of("volblocksize", "16384", "readonly", "on")));
        assertThat(dataset(vol).kind()).isEqualTo(DatasetKind.VOLUME);
        assertThat(dataset(vol).volumeSize()).hasValue(16L << 20);
        assertThat(dataset(vol).readonly()).isTrue();
    }

    @Test
    @DisplayName("several properties are set at once, and each is inherited again by itself")
    void setAndInherit() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(a.child("b"));
        run(new ZfsCommand.SetProperties(a, Map.of("readonly", "on", "atime", "off", "dev.zlineage:note", "n")));
        assertThat(dataset(a).readonly()).isTrue();
        assertThat(dataset(b).readonly()).isTrue();
        run(new ZfsCommand.InheritProperty(a, "readonly"));
        assertThat(property(a, "readonly")).isEqualTo(new PropertyValue(a, "readonly", "off", "default"));
        assertThat(property(a, "atime").source()).isEqualTo("local");
        assertThat(dataset(b).readonly()).isFalse();
        run(new ZfsCommand.InheritProperty(a, "atime")); // and once more, which changes nothing
        run(new ZfsCommand.InheritProperty(a, "atime"));
        assertThat(property(a, "atime").source()).isNotEqualTo("local");
    }

    @Test
    @DisplayName("user properties are inherited by children, and gone when they are inherited where they were set")
    void userProperties() { // 6.9.12
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(a.child("b"));
        set(a, "dev.zlineage:note", "x");
        assertThat(property(b, "dev.zlineage:note"))
                .isEqualTo(new PropertyValue(b, "dev.zlineage:note", "x", "inherited from " + a));
        set(a, "dev.zlineage:note", "-");
        assertThat(property(a, "dev.zlineage:note").source()).isEqualTo("local");
        run(new ZfsCommand.InheritProperty(a, "dev.zlineage:note"));
        assertThat(property(b, "dev.zlineage:note")).isEqualTo(new PropertyValue(b, "dev.zlineage:note", "-", "-"));
    }

    @Test
    @DisplayName("properties and values that there are not, and properties of no dataset, are refused")
    void setRefused() {
        assertThat(refused(new ZfsCommand.SetProperties(here(), Map.of("nosuchproperty", "on")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INVALID);
        assertThat(refused(new ZfsCommand.SetProperties(here(), Map.of("readonly", "perhaps")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INVALID);
        assertThat(refused(new ZfsCommand.SetProperties(here(), Map.of("used", "0")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INVALID);
        assertThat(refused(new ZfsCommand.SetProperties(here().child("missing"), Map.of("readonly", "on")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
        assertThat(refused(new ZfsCommand.InheritProperty(here().child("missing"), "readonly"))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
    }

    @Test
    @DisplayName("a renamed dataset keeps its GUID, its history and everything below it")
    void rename() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(a.child("b"));
        SnapshotName one = snap(b, "1");
        bookmark(b, "1", "m");
        Guid dataset = dataset(a).guid();
        Guid snapshot = guid(one);
        DatasetName c = here().child("c");
        run(new ZfsCommand.RenameDataset(a, c));
        assertThat(exists(a)).isFalse();
        assertThat(exists(b)).isFalse();
        assertThat(dataset(c).guid()).isEqualTo(dataset);
        assertThat(points(c.child("b"))).containsExactly("@1", "#m");
        assertThat(guid(c.child("b").snapshot("1"))).isEqualTo(snapshot);
    }

    @Test
    @DisplayName("a rename to the name that it has changes nothing")
    void renameToItself() {
        DatasetName a = unmounted(here().child("a"));
        SnapshotName one = snap(a, "1");
        run(new ZfsCommand.RenameDataset(a, a));
        run(new ZfsCommand.RenameSnapshot(one, "1"));
        assertThat(points(a)).containsExactly("@1");
    }

    @Test
    @DisplayName("a rename leaves mounts as they are")
    void renameMounted() {
        DatasetName a = filesystem(here().child("a"));
        run(new ZfsCommand.RenameDataset(a, here().child("b")));
        assertThat(dataset(here().child("b")).mounted()).isTrue();
    }

    @Test
    @DisplayName("a dataset is not renamed to a name that exists, below one that does not, or when it does not exist")
    void renameRefused() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(here().child("b"));
        assertThat(refused(new ZfsCommand.RenameDataset(a, b)).kind()).isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        assertThat(refused(new ZfsCommand.RenameDataset(
                                a, here().child("missing").child("a")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
        assertThat(refused(new ZfsCommand.RenameDataset(here().child("missing"), here().child("c")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
        refused(new ZfsCommand.RenameDataset(a, there().child("a")));
        assertThat(exists(a)).isTrue();
        assertThat(exists(there().child("a"))).isFalse();
    }

    @Test
    @DisplayName("a clone has the contents of its origin and a history that starts after it")
    void cloneOfSnapshot() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "text");
        SnapshotName one = snap(a, "1");
        DatasetName clone = here().child("clone");
        run(new ZfsCommand.CloneSnapshot(one, clone, Map.of("readonly", "on")));
        assertThat(world().contents(clone)).isEqualTo(world().contents(one)).isNotEmpty();
        assertThat(points(clone)).isEmpty();
        assertThat(dataset(clone).origin()).contains(one);
        assertThat(property(clone, "readonly").source()).isEqualTo("local");
    }

    @Test
    @DisplayName("there is no clone of a snapshot that does not exist, in place of a dataset, or in another pool")
    void cloneRefused() {
        DatasetName a = unmounted(here().child("a"));
        SnapshotName one = snap(a, "1");
        assertThat(refused(new ZfsCommand.CloneSnapshot(a.snapshot("missing"), here().child("clone"), Map.of()))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
        assertThat(refused(new ZfsCommand.CloneSnapshot(one, a, Map.of())).kind())
                .isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        assertThat(refused(new ZfsCommand.CloneSnapshot(one, there().child("clone"), Map.of()))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INVALID);
        assertThat(exists(there().child("clone"))).isFalse();
        DatasetName orphan = there().child("missing").child("clone");
        assertThat(refused(new ZfsCommand.CloneSnapshot(one, orphan, Map.of())).kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
    }

    @Test
    @DisplayName("promote moves the history up to the origin to the clone, with its holds and bookmarks") // 6.9.8
    void promote() {
        DatasetName a = unmounted(here().child("a"));
        snaps(a, "1", "2", "3");
        bookmark(a, "1", "m");
        bookmark(a, "3", "stays");
        run(new ZfsCommand.Hold("keep", List.of(a.snapshot("1"))));
        Guid two = guid(a.snapshot("2"));
        DatasetName clone = here().child("clone");
        run(new ZfsCommand.CloneSnapshot(a.snapshot("2"), clone, Map.of("canmount", "off")));
        snap(clone, "own");
        run(new ZfsCommand.Promote(clone));
        assertThat(points(clone)).containsExactly("@1", "#m", "@2", "@own");
        assertThat(points(a)).containsExactly("@3", "#stays");
        assertThat(guid(clone.snapshot("2"))).isEqualTo(two);
        assertThat(dataset(a).origin()).contains(clone.snapshot("2"));
        assertThat(dataset(clone).origin()).isEmpty();
        assertThat(run(new ZfsCommand.ListHolds(List.of(clone.snapshot("1")))))
                .isEqualTo(Map.of(clone.snapshot("1"), java.util.Set.of("keep")));
    }

    @Test
    @DisplayName("what is no clone is not promoted, nor a clone with a snapshot of a name that would move to it")
    void promoteRefused() {
        DatasetName a = unmounted(here().child("a"));
        refused(new ZfsCommand.Promote(a));
        assertThat(refused(new ZfsCommand.Promote(here().child("missing"))).kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
        DatasetName clone = here().child("clone");
        run(new ZfsCommand.CloneSnapshot(snap(a, "1"), clone, Map.of("canmount", "off")));
        snap(clone, "1");
        assertThat(refused(new ZfsCommand.Promote(clone)).kind()).isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        assertThat(dataset(clone).origin()).contains(a.snapshot("1"));
    }

    @Test
    @DisplayName("a value that a property does not take is refused, and nothing is changed")
    void wrongValues() {
        DatasetName a = unmounted(here().child("a"));
        Map.of(
                        "compression", "gzip-10",
                        "copies", "4",
                        "sync", "never",
                        "logbias", "speed",
                        "primarycache", "some",
                        "snapdev", "on",
                        "recordsize", "100K",
                        "readonly", "yes",
                        "canmount", "never")
                .forEach((property, value) -> assertThat(
                                refused(new ZfsCommand.SetProperties(a, Map.of(property, value)))
                                        .kind())
                        .as(property)
                        .isEqualTo(ZfsFailure.Kind.INVALID));
        assertThat(property(a, "compression").source()).isNotEqualTo("local");
        assertThat(property(a, "recordsize").value()).isEqualTo("131072");
    }

    @Test
    @DisplayName("what nobody set has the standard value of the version")
    void standards() {
        boolean newer = zfs().version().atLeast(2, 2);
        Map.of(
                        "compression", newer ? "on" : "off",
                        "relatime", newer ? "on" : "off",
                        "xattr", "on",
                        "acltype", "off",
                        "snapdir", "hidden",
                        "copies", "1",
                        "sync", "standard",
                        "logbias", "latency",
                        "overlay", "on",
                        "recordsize", "131072")
                .forEach((property, value) -> assertThat(
                                property(here(), property).value())
                        .as(property)
                        .isEqualTo(value));
        DatasetName volume = here().child("v");
        run(new ZfsCommand.CreateVolume(volume, 1 << 20, Map.of()));
        assertThat(property(volume, "volblocksize").value()).isEqualTo(newer ? "16384" : "8192");
    }
}
