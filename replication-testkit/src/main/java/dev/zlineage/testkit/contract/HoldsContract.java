// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What keeps things from being destroyed, and destroying them. */
abstract class HoldsContract extends ContractCase {

    @Test
    @DisplayName("a held snapshot is not destroyed until its last hold is released")
    void holdKeeps() {
        SnapshotName one = snap(here(), "1");
        run(new ZfsCommand.Hold("a", List.of(one)));
        run(new ZfsCommand.Hold("b", List.of(one)));
        assertThat(tags(one)).containsExactlyInAnyOrder("a", "b");
        assertThat(refusedDestroy("1").kind()).isEqualTo(held());
        run(new ZfsCommand.Release("a", List.of(one)));
        assertThat(refusedDestroy("1").kind()).isEqualTo(held());
        run(new ZfsCommand.Release("b", List.of(one)));
        assertThat(tags(one)).isEmpty();
        assertThat(destroy(here(), "1")).isEqualTo(Effect.DONE);
        assertThat(points(here())).isEmpty();
    }

    @Test
    @DisplayName("a hold can be repeated") // 6.9.7: the command line fails
    void holdRepeated() {
        SnapshotName one = snap(here(), "1");
        ZfsCommand<Effect> hold = new ZfsCommand.Hold("keep", List.of(one));
        assertThat(run(hold)).isEqualTo(Effect.DONE);
        assertThat(run(hold)).isEqualTo(Effect.ALREADY);
        assertThat(tags(one)).containsExactly("keep");
        run(new ZfsCommand.Release("keep", List.of(one)));
        assertThat(tags(one)).isEmpty();
    }

    @Test
    @DisplayName("snapshots are held together, although one of them was before")
    void holdSeveral() {
        List<SnapshotName> all = snaps(here(), "1", "2", "3");
        run(new ZfsCommand.Hold("keep", List.of(all.get(1))));
        assertThat(run(new ZfsCommand.Hold("keep", all))).isEqualTo(Effect.DONE);
        assertThat(run(new ZfsCommand.ListHolds(all)))
                .isEqualTo(Map.of(all.get(0), Set.of("keep"), all.get(1), Set.of("keep"), all.get(2), Set.of("keep")));
        assertThat(run(new ZfsCommand.Release("keep", all))).isEqualTo(Effect.DONE);
    }

    @Test
    @DisplayName("a snapshot that does not exist is not held")
    void holdNothing() {
        assertThat(refused(new ZfsCommand.Hold("keep", List.of(here().snapshot("missing"))))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
        assertThat(refused(new ZfsCommand.Hold(
                                "keep", List.of(here().child("missing").snapshot("1"))))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
    }

    @Test
    @DisplayName("a release can be repeated, also when the snapshot is gone") // 6.9.7: the command line fails
    void releaseRepeated() {
        SnapshotName one = snap(here(), "1");
        ZfsCommand<Effect> release = new ZfsCommand.Release("keep", List.of(one));
        assertThat(run(release)).isEqualTo(Effect.ALREADY);
        run(new ZfsCommand.Hold("keep", List.of(one)));
        assertThat(run(release)).isEqualTo(Effect.DONE);
        assertThat(run(release)).isEqualTo(Effect.ALREADY);
        destroy(here(), "1");
        assertThat(run(release)).isEqualTo(Effect.ALREADY);
        assertThat(run(new ZfsCommand.Release(
                        "keep", List.of(here().child("missing").snapshot("1")))))
                .isEqualTo(Effect.ALREADY);
    }

    @Test
    @DisplayName("some of several are released although others were not held")
    void releaseSome() {
        List<SnapshotName> all = snaps(here(), "1", "2", "3");
        run(new ZfsCommand.Hold("keep", List.of(all.get(2))));
        assertThat(run(new ZfsCommand.Release("keep", all))).isEqualTo(Effect.DONE);
        assertThat(tags(all.get(2))).isEmpty();
    }

    @Test
    @DisplayName("holds are listed with an entry for each snapshot; one that does not exist is a failure")
    void listHolds() {
        List<SnapshotName> all = snaps(here(), "1", "2");
        run(new ZfsCommand.Hold("keep", List.of(all.get(0))));
        assertThat(run(new ZfsCommand.ListHolds(all)))
                .isEqualTo(Map.of(all.get(0), Set.of("keep"), all.get(1), Set.of()));
        assertThat(refused(new ZfsCommand.ListHolds(List.of(all.get(0), here().snapshot("missing"))))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
    }

    @Test
    @DisplayName("when one of several snapshots is held, none is destroyed")
    void destroyAllOrNone() {
        List<SnapshotName> all = snaps(here(), "1", "2", "3");
        run(new ZfsCommand.Hold("keep", List.of(all.get(1))));
        assertThat(refusedDestroy("1", "2", "3").kind()).isEqualTo(held());
        assertThat(points(here())).containsExactly("@1", "@2", "@3");
    }

    @Test
    @DisplayName("when one of several snapshots is cloned, none is destroyed")
    void destroyCloned() {
        DatasetName a = unmounted(here().child("a"));
        snaps(a, "1", "2");
        run(new ZfsCommand.CloneSnapshot(a.snapshot("2"), here().child("clone"), Map.of("canmount", "off")));
        assertThat(refused(new ZfsCommand.DestroySnapshots(a, List.of("1", "2")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.HAS_CLONES);
        assertThat(points(a)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName("destroying snapshots can be repeated: what is gone is gone") // 6.8: exit 0
    void destroyRepeated() {
        snaps(here(), "1", "2", "3");
        assertThat(destroy(here(), "missing")).isEqualTo(Effect.ALREADY);
        assertThat(destroy(here(), "1", "missing", "2")).isEqualTo(Effect.DONE);
        assertThat(destroy(here(), "1", "missing", "2")).isEqualTo(Effect.ALREADY);
        assertThat(points(here())).containsExactly("@3");
    }

    @Test
    @DisplayName("destroying no snapshots destroys none")
    void destroyNone() {
        snap(here(), "1");
        assertThat(destroy(here())).isEqualTo(Effect.ALREADY);
        assertThat(points(here())).containsExactly("@1");
    }

    @Test
    @DisplayName("a dataset with children or snapshots is not destroyed alone")
    void destroyDatasetWithContents() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(a.child("b"));
        assertThat(refused(new ZfsCommand.DestroyDataset(a, Scope.SELF)).kind())
                .isEqualTo(ZfsFailure.Kind.HAS_CHILDREN);
        snap(b, "1");
        assertThat(refused(new ZfsCommand.DestroyDataset(b, Scope.SELF)).kind())
                .isEqualTo(ZfsFailure.Kind.HAS_CHILDREN);
        assertThat(points(b)).containsExactly("@1");
    }

    @Test
    @DisplayName("a subtree is destroyed with its snapshots, and nothing beside it")
    void destroySubtree() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(a.child("b"));
        DatasetName beside = unmounted(here().child("ab"));
        snapshot(Scope.SUBTREE, here().snapshot("1"));
        assertThat(run(new ZfsCommand.DestroyDataset(a, Scope.SUBTREE))).isEqualTo(Effect.DONE);
        assertThat(exists(a)).isFalse();
        assertThat(exists(b)).isFalse();
        assertThat(points(beside)).containsExactly("@1");
        assertThat(points(here())).containsExactly("@1");
    }

    @Test
    @DisplayName("a single dataset is destroyed, mounted or not")
    void destroyDataset() {
        DatasetName a = filesystem(here().child("a"));
        assertThat(run(new ZfsCommand.DestroyDataset(a, Scope.SELF))).isEqualTo(Effect.DONE);
        assertThat(exists(a)).isFalse();
        assertThat(refused(new ZfsCommand.DestroyDataset(a, Scope.SELF)).kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_DATASET);
    }

    @Test
    @DisplayName("a held snapshot keeps its dataset from being destroyed with all below it")
    void destroySubtreeWithHold() {
        DatasetName a = unmounted(here().child("a"));
        DatasetName b = unmounted(a.child("b"));
        run(new ZfsCommand.Hold("keep", List.of(snap(b, "1"))));
        assertThat(refused(new ZfsCommand.DestroyDataset(a, Scope.SUBTREE)).kind())
                .isIn(ZfsFailure.Kind.HELD, ZfsFailure.Kind.BUSY);
        assertThat(points(b)).containsExactly("@1");
    }

    @Test
    @DisplayName("a clone outside keeps a subtree from being destroyed")
    void destroySubtreeWithClone() {
        DatasetName a = unmounted(here().child("a"));
        run(new ZfsCommand.CloneSnapshot(snap(a, "1"), here().child("clone"), Map.of("canmount", "off")));
        assertThat(refused(new ZfsCommand.DestroyDataset(a, Scope.SUBTREE)).kind())
                .isEqualTo(ZfsFailure.Kind.HAS_CLONES);
        assertThat(points(a)).containsExactly("@1");
    }

    @Test
    @DisplayName("of a snapshot that is held and has a clone, the clone is told first")
    void destroyHeldAndCloned() {
        DatasetName a = unmounted(here().child("a"));
        SnapshotName one = snap(a, "1");
        run(new ZfsCommand.CloneSnapshot(one, here().child("clone"), Map.of("canmount", "off")));
        run(new ZfsCommand.Hold("keep", List.of(one)));
        assertThat(refused(new ZfsCommand.DestroySnapshots(a, List.of("1"))).kind())
                .isEqualTo(ZfsFailure.Kind.HAS_CLONES);
        run(new ZfsCommand.Release("keep", List.of(one)));
    }

    private Set<String> tags(SnapshotName snapshot) {
        return run(new ZfsCommand.ListHolds(List.of(snapshot))).getOrDefault(snapshot, Set.of("no entry"));
    }

    /** OpenZFS 2.1 says of a held snapshot what it says of one that is being sent. */
    private ZfsFailure.Kind held() {
        return zfs().version().atLeast(2, 2) ? ZfsFailure.Kind.HELD : ZfsFailure.Kind.BUSY;
    }

    private ZfsFailure refusedDestroy(String... labels) {
        return refused(new ZfsCommand.DestroySnapshots(here(), List.of(labels)));
    }

    @Test
    @DisplayName("a hold tells since when it is there")
    void holdTimes() {
        SnapshotName one = snap(here(), "1");
        SnapshotName two = snap(here(), "2");
        run(new ZfsCommand.Hold("keep", List.of(one)));
        ZfsCommand.ListHoldTimes list = new ZfsCommand.ListHoldTimes(List.of(one, two));
        if (!tellsTimes()) {
            assertThat(refused(list).kind()).isEqualTo(ZfsFailure.Kind.UNSUPPORTED);
            return;
        }
        Map<SnapshotName, Map<String, Long>> times = run(list);
        assertThat(times.getOrDefault(one, Map.of()))
                .hasSize(1)
                .hasEntrySatisfying("keep", seconds -> assertThat(seconds).isBetween(1_000_000_000L, 10_000_000_000L));
        assertThat(times.get(two)).isEmpty();
        run(new ZfsCommand.Release("keep", List.of(one)));
    }
}
