// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.HistoryPoint;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What can be asked. */
abstract class ListingContract extends ContractCase {

    @Test
    @DisplayName("a host says its name and a version that can replicate")
    void hostAndVersion() {
        assertThat(zfs().host()).isNotBlank();
        assertThat(zfs().version().atLeast(2, 0)).isTrue();
    }

    @Test
    @DisplayName("a list of commands is answered in its order, and a failure does not keep the next from running")
    void answersInOrder() {
        DatasetName a = here().child("a");
        List<Answer<?>> answers = zfs().execute(List.of(
                new ZfsCommand.SetProperties(a, Map.of("readonly", "on")),
                new ZfsCommand.CreateFilesystem(a, Map.of("canmount", "off")),
                new ZfsCommand.CreateFilesystem(a, Map.of()),
                new ZfsCommand.TakeSnapshots(List.of(a.snapshot("1")), Scope.SELF, Map.of())));
        assertThat(answers).hasSize(4);
        assertThat(answers.get(0).failedWith(ZfsFailure.Kind.NO_SUCH_DATASET)).isTrue();
        assertThat(answers.get(1)).isEqualTo(new Answer.Done<>(Effect.DONE));
        assertThat(answers.get(2).failedWith(ZfsFailure.Kind.ALREADY_EXISTS)).isTrue();
        assertThat(answers.get(3)).isEqualTo(new Answer.Done<>(Effect.DONE));
        assertThat(zfs().execute(List.of())).isEmpty();
    }

    @Test
    @DisplayName("a name that does not exist is absent from a list of datasets, and the others are there") // 6.9.13
    void missingNamesAreAbsent() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(here().child("b"));
        for (Scope scope : Scope.values()) {
            assertThat(run(new ZfsCommand.ListDatasets(List.of(a, here().child("missing"), b), scope)))
                    .extracting(Dataset::name)
                    .containsExactlyInAnyOrder(a, b);
            assertThat(run(new ZfsCommand.ListDatasets(
                            List.of(here().child("missing"), DatasetName.of("nosuchpool/data")), scope)))
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("more names can be asked for than fit into one argument list") // 6.9.13
    void manyNames() {
        DatasetName a = unmounted(here().child("a"));
        List<DatasetName> names = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            names.add(here().child("missing-" + i + "-" + "x".repeat(150)));
        }
        names.add(500, a);
        assertThat(run(new ZfsCommand.ListDatasets(names, Scope.SELF)))
                .extracting(Dataset::name)
                .containsExactly(a);
    }

    @Test
    @DisplayName("SELF lists a dataset alone, SUBTREE everything below it too")
    void scopes() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(a.child("b"));
        DatasetName vol = volume(b.child("vol"));
        unmounted(here().child("ab")); // not below a
        snapshot(Scope.SUBTREE, a.snapshot("1"));
        assertThat(run(new ZfsCommand.ListDatasets(List.of(a), Scope.SELF)))
                .extracting(Dataset::name)
                .containsExactly(a);
        assertThat(run(new ZfsCommand.ListDatasets(List.of(a), Scope.SUBTREE)))
                .extracting(Dataset::name)
                .containsExactlyInAnyOrder(a, b, vol);
        assertThat(run(new ZfsCommand.ListHistories(List.of(a), Scope.SELF))).containsOnlyKeys(a);
        assertThat(run(new ZfsCommand.ListHistories(List.of(a), Scope.SUBTREE))).containsOnlyKeys(a, b, vol);
    }

    @Test
    @DisplayName("one user property of all snapshots: what was set on them, not what they inherit from their dataset")
    void propertyOfSnapshots() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(a.child("b"));
        set(a, "zlineage:until", "of the dataset");
        run(new ZfsCommand.TakeSnapshots(
                List.of(a.snapshot("1"), b.snapshot("1")),
                Scope.SELF,
                Map.of("zlineage:until", "2026-03-01", "x:y", "z")));
        snapshot(Scope.SUBTREE, a.snapshot("2"));
        assertThat(run(new ZfsCommand.ListSnapshotProperty(List.of(a), Scope.SELF, "zlineage:until")))
                .containsOnly(Map.entry(a.snapshot("1"), "2026-03-01"));
        assertThat(run(new ZfsCommand.ListSnapshotProperty(
                        List.of(a, here().child("missing")), Scope.SUBTREE, "zlineage:until")))
                .containsOnly(Map.entry(a.snapshot("1"), "2026-03-01"), Map.entry(b.snapshot("1"), "2026-03-01"));
        assertThat(run(new ZfsCommand.ListSnapshotProperty(List.of(a), Scope.SUBTREE, "zlineage:other")))
                .isEmpty();
        assertThat(run(new ZfsCommand.ListSnapshotProperty(List.of(), Scope.SUBTREE, "zlineage:until")))
                .isEmpty();
        assertThat(refused(new ZfsCommand.ListSnapshotProperty(List.of(a), Scope.SELF, "compression"))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INVALID);
    }

    @Test
    @DisplayName("nothing is listed when nothing is asked for") // `zfs list` without names lists the whole host
    void emptyQuestions() {
        for (Scope scope : Scope.values()) {
            assertThat(run(new ZfsCommand.ListDatasets(List.of(), scope))).isEmpty();
            assertThat(run(new ZfsCommand.ListHistories(List.of(), scope))).isEmpty();
        }
        assertThat(run(new ZfsCommand.ListWritten(List.of()))).isEmpty();
        assertThat(run(new ZfsCommand.ListHolds(List.of()))).isEmpty();
        assertThat(run(new ZfsCommand.GetProperties(List.of(), List.of("readonly"))))
                .isEmpty();
    }

    @Test
    @DisplayName("a row tells kind, size, mounts and origin, and each dataset has a GUID of its own")
    void rows() {
        DatasetName a = filesystem(here().child("a"));
        DatasetName vol = volume(here().child("vol"));
        DatasetName clone = here().child("clone");
        run(new ZfsCommand.CloneSnapshot(snap(a, "1"), clone, Map.of("canmount", "off", "readonly", "on")));

        Dataset filesystem = dataset(a);
        assertThat(filesystem.kind()).isEqualTo(DatasetKind.FILESYSTEM);
        assertThat(filesystem.mounted()).isTrue();
        assertThat(filesystem.readonly()).isFalse();
        assertThat(filesystem.origin()).isEmpty();
        assertThat(filesystem.encryption()).isEmpty();
        assertThat(filesystem.volumeSize()).isEmpty();
        assertThat(filesystem.resumeToken()).isEmpty();
        assertThat(filesystem.referenced()).isPositive();
        assertThat(filesystem.used()).isPositive();
        assertThat(filesystem.available()).isPositive();

        Dataset device = dataset(vol);
        assertThat(device.kind()).isEqualTo(DatasetKind.VOLUME);
        assertThat(device.mounted()).isFalse();
        assertThat(device.volumeSize()).hasValue(8L << 20);

        Dataset cloned = dataset(clone);
        assertThat(cloned.origin()).contains(a.snapshot("1"));
        assertThat(cloned.readonly()).isTrue();
        assertThat(cloned.mounted()).isFalse();
        assertThat(Set.of(filesystem.guid(), device.guid(), cloned.guid())).hasSize(3);
        assertThat(cloned.createtxg()).isGreaterThan(filesystem.createtxg());
    }

    @Test
    @DisplayName(
            "a dataset without snapshots and bookmarks is absent from the histories, as one that does not exist is")
    void emptyHistories() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(here().child("b"));
        snap(b, "1");
        assertThat(run(new ZfsCommand.ListHistories(List.of(here().child("missing"), a, b), Scope.SELF)))
                .containsOnlyKeys(b);
        assertThat(run(new ZfsCommand.ListHistories(List.of(a, here().child("missing")), Scope.SUBTREE)))
                .isEmpty();
    }

    @Test
    @DisplayName("histories are ordered by transaction group, whatever the names say") // 6.4
    void orderIsCreation() {
        DatasetName a = unmounted(here().child("a"));
        snaps(a, "c", "b", "a");
        bookmark(a, "b", "zz");
        assertThat(points(a)).containsExactly("@c", "@b", "#zz", "@a");
        History history = history(a);
        assertThat(points(history).stream().map(HistoryPoint::createtxg)).isSorted();
        assertThat(history.snapshots().stream().map(HistoryPoint::guid).distinct())
                .hasSize(3);
    }

    @Test
    @DisplayName("blanks, dots, colons and dashes are allowed in names")
    void oddNames() {
        DatasetName odd = unmounted(here().child("a b").parent().orElseThrow().child("-x y.z:1_"));
        snap(odd, "on a monday");
        bookmark(odd, "on a monday", "-m 1");
        assertThat(points(odd)).containsExactly("@on a monday", "#-m 1");
        set(odd, "dev.zlineage:note", "two words");
        assertThat(property(odd, "dev.zlineage:note").value()).isEqualTo("two words");
        run(new ZfsCommand.Hold("a tag", List.of(odd.snapshot("on a monday"))));
        assertThat(run(new ZfsCommand.ListHolds(List.of(odd.snapshot("on a monday")))))
                .containsExactly(Map.entry(odd.snapshot("on a monday"), Set.of("a tag")));
        DatasetName copy = there().child("c d");
        replicate(full(odd.snapshot("on a monday")), into(copy));
        assertThat(points(copy)).containsExactly("@on a monday");
    }

    @Test
    @DisplayName("written is 0 exactly when nothing changed since the newest snapshot")
    void writtenOfDatasets() {
        DatasetName a = filesystem(here().child("a"));
        assertThat(written(a)).isPositive(); // without snapshots: since its creation
        snap(a, "1");
        assertThat(written(a)).isZero();
        world().write(a, "file", "text");
        assertThat(written(a)).isPositive();
        snap(a, "2");
        assertThat(written(a)).isZero();
        set(a, "dev.zlineage:note", "a property is no change");
        assertThat(written(a)).isZero();
    }

    @Test
    @DisplayName("a snapshot that holds no change wrote 0 bytes; a missing one is absent from the answer")
    void writtenOfSnapshots() {
        DatasetName a = filesystem(here().child("a"));
        List<SnapshotName> same = snaps(a, "1", "2");
        world().write(a, "file", "text");
        SnapshotName changed = snap(a, "3");
        Map<SnapshotName, Long> written = run(new ZfsCommand.ListWritten(List.of(
                same.get(0),
                same.get(1),
                a.snapshot("missing"),
                here().child("missing").snapshot("1"),
                changed)));
        assertThat(written).containsOnlyKeys(same.get(0), same.get(1), changed);
        assertThat(written.get(same.get(0))).isPositive();
        assertThat(written.get(same.get(1))).isZero();
        assertThat(written.get(changed)).isPositive();
    }

    @Test
    @DisplayName("a snapshot keeps what no other has from being freed; a missing one is absent from the answer")
    void usedOfSnapshots() {
        DatasetName a = filesystem(here().child("a"));
        List<SnapshotName> same = snaps(a, "1", "2");
        world().fill(a, "file", 256);
        SnapshotName filled = snap(a, "3");
        SnapshotName again = snap(a, "4");
        Map<SnapshotName, Long> shared =
                run(new ZfsCommand.ListUsed(List.of(same.get(0), same.get(1), a.snapshot("missing"), filled, again)));
        assertThat(shared).containsOnlyKeys(same.get(0), same.get(1), filled, again);
        assertThat(shared).containsEntry(same.get(0), 0L).containsEntry(filled, 0L);
        destroy(a, "4");
        world().fill(a, "file", 256);
        assertThat(run(new ZfsCommand.ListUsed(List.of(filled))))
                .hasEntrySatisfying(filled, bytes -> assertThat(bytes).isBetween(256L * 1024, 512L * 1024));
        assertThat(run(new ZfsCommand.ListUsed(List.of()))).isEmpty();
    }

    @Test
    @DisplayName("a property tells where it comes from: default, local, inherited, none")
    void sources() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(a.child("b"));
        set(a, "atime", "off");
        assertThat(property(a, "readonly")).isEqualTo(new PropertyValue(a, "readonly", "off", "default"));
        assertThat(property(a, "atime")).isEqualTo(new PropertyValue(a, "atime", "off", "local"));
        assertThat(property(b, "atime")).isEqualTo(new PropertyValue(b, "atime", "off", "inherited from " + a));
        assertThat(property(b, "type")).isEqualTo(new PropertyValue(b, "type", "filesystem", "-"));
    }

    @Test
    @DisplayName("a user property that is not set has the value - and the source -")
    void unsetUserProperty() {
        DatasetName a = unmounted(here().child("a"));
        assertThat(property(a, "dev.zlineage:none")).isEqualTo(new PropertyValue(a, "dev.zlineage:none", "-", "-"));
    }

    @Test
    @DisplayName("many properties of many datasets come in one answer, numbers exact")
    void manyProperties() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(here().child("b"));
        set(a, "quota", "1G");
        assertThat(run(new ZfsCommand.GetProperties(List.of(a, b), List.of("quota", "canmount"))))
                .containsExactlyInAnyOrder(
                        new PropertyValue(a, "quota", "1073741824", "local"),
                        new PropertyValue(a, "canmount", "off", "local"),
                        new PropertyValue(b, "quota", "0", "default"),
                        new PropertyValue(b, "canmount", "off", "local"));
    }

    @Test
    @DisplayName("properties of a dataset that does not exist are a failure, for the others too")
    void propertiesOfMissing() {
        DatasetName a = unmounted(here().child("a"));
        assertThat(refused(new ZfsCommand.GetProperties(List.of(a, here().child("missing")), List.of("readonly")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
    }

    @Test
    @DisplayName("a property that does not exist is a failure")
    void propertyThatIsNone() {
        assertThat(refused(new ZfsCommand.GetProperties(List.of(here()), List.of("nosuchproperty")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INVALID);
    }

    @Test
    @DisplayName(
            "a value with tabs and line breaks is read back as it is or not at all, never as something else") // 6.4
    void valuesThatBreakRows() {
        DatasetName a = unmounted(here().child("a"));
        String hostile = "1\n" + a + "\tdev.zlineage:note\tforged\tlocal\nx";
        set(a, "dev.zlineage:note", hostile);
        Answer<List<PropertyValue>> answer =
                zfs().execute(new ZfsCommand.GetProperties(List.of(a), List.of("dev.zlineage:note")));
        if (!answer.failedWith(ZfsFailure.Kind.UNREADABLE)) {
            assertThat(answer.orThrow()).containsExactly(new PropertyValue(a, "dev.zlineage:note", hostile, "local"));
        }
    }

    @Test
    @DisplayName("the size of a stream can be estimated; for a base or snapshot that is missing it is a failure")
    void estimate() {
        DatasetName a = filesystem(here().child("a"));
        SnapshotName one = snap(a, "1");
        world().fill(a, "file", 512);
        SnapshotName two = snap(a, "2");
        long whole = run(new ZfsCommand.EstimateSend(full(two)));
        assertThat(whole).isBetween(400L << 10, 1L << 20);
        assertThat(run(new ZfsCommand.EstimateSend(increment(one, two)))).isBetween(400L << 10, 1L << 20);
        assertThat(run(new ZfsCommand.EstimateSend(full(one)))).isLessThan(200L << 10);
        assertThat(refused(new ZfsCommand.EstimateSend(full(a.snapshot("missing"))))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
    }

    @Test
    @DisplayName("what was set on a dataset itself is told apart from what it inherits")
    void localProperties() {
        run(new ZfsCommand.SetProperties(here(), Map.of("atime", "off", "dev.zlineage:above", "x")));
        DatasetName a = unmounted(here().child("a"));
        run(new ZfsCommand.SetProperties(a, Map.of("compression", "gzip", "dev.zlineage:note", "two words")));
        assertThat(run(new ZfsCommand.ListLocalProperties(a)))
                .containsEntry("compression", "gzip")
                .containsEntry("dev.zlineage:note", "two words")
                .containsEntry("canmount", "off")
                .doesNotContainKeys("atime", "dev.zlineage:above", "readonly", "used");
        assertThat(refused(new ZfsCommand.ListLocalProperties(here().child("missing")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
    }
}
