// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Bookmark;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** First transfers and increments: what is sent, from where, into what. */
abstract class Beginnings extends Scene {

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName(
            "where targets have to be new, one that is there is refused, and one whose first stream was cut goes on")
    void onlyNew() {
        world().fill(source, "big", 512);
        snap(source, "one");
        interrupted(full(source.snapshot("one")), target);
        succeed(b -> b.onlyNew(true));
        same();
        change(source, "two");
        refused(Decision.Reason.TARGET_EXISTS, b -> b.onlyNew(true));
        succeed();
    }

    @Test
    @DisplayName(
            "what is to be sent is estimated before, in full, by increment and after a cut, and about that arrives")
    void estimated() {
        world().fill(source, "big", 512);
        snap(source, "one");
        long whole = aboutArrives();
        assertThat(whole).isBetween(400L << 10, 1L << 20);
        world().fill(source, "more", 256);
        snap(source, "two");
        assertThat(aboutArrives()).isBetween(200L << 10, 400L << 10);
        DatasetName cut = target.parent().orElseThrow().child("cut");
        interrupted(full(source.snapshot("two")), cut);
        ReplicationPlan rest =
                replication().estimate(replication().plan(request(source, cut, b -> b.newestSnapshotOnly())));
        assertThat(rest.datasets().get(0).streams().get(0).saved()).isPositive();
        assertThat(rest.estimate().orElseThrow()).isBetween(100L << 10, 600L << 10);
    }

    private long aboutArrives() {
        ReplicationPlan plan = replication().estimate(plan(b -> b));
        assertThat(plan.warnings()).isEmpty();
        long estimate = plan.estimate().orElseThrow();
        assertThat(carryOut(plan).bytes()).isBetween(estimate / 2, estimate * 2);
        return estimate;
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("snapshots whose names are in the wrong order arrive in the order in which they were taken")
    void namesInReverseOrder() {
        change(source, "3");
        change(source, "2");
        change(source, "1");
        succeed();
        assertThat(labels(target)).containsExactly("3", "2", "1");
        same();
        succeed(b -> b.newestSnapshotOnly());
        DatasetName newest = target.parent().orElseThrow().child("newest");
        assertThat(replicate(source, newest, b -> b.newestSnapshotOnly()).success())
                .isTrue();
        assertThat(labels(newest)).containsExactly("1");
    }

    @Test
    @DisplayName("names that a shell, an option parser or a person could misread")
    void oddNames() {
        for (String label : List.of("0", "x:y-z_w.v", "with space", "-r", "auto.2026-01-01_00:00")) {
            change(source, label);
        }
        DatasetName odd = source.child("a b:c-d_e.f");
        filesystem(odd);
        change(odd, "0");
        succeedWithTree();
        assertThat(labels(target)).containsExactly("0", "x:y-z_w.v", "with space", "-r", "auto.2026-01-01_00:00");
        same(odd, target.child("a b:c-d_e.f"));
        change(odd, "1");
        succeedWithTree();
        same(odd, target.child("a b:c-d_e.f"));
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a name that OpenZFS can't have is refused before anything is asked")
    void impossibleNames() {
        assertThatThrownBy(() -> request(source, target, b -> b.takeSnapshot("ä")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("ä");
        assertThatThrownBy(() -> ReplicationRequest.of("tank/a@b", "tank/ü").build())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("tank/a@b")
                .hasMessageContaining("tank/ü");
    }

    @Test
    @DisplayName("a tree as deep as it gets, and a target whose name would be too long, which harms no other")
    void deepAndLong() {
        DatasetName deep = source;
        for (int i = 0; i < 12; i++) {
            deep = deep.child("d" + i);
            filesystem(deep);
        }
        DatasetName wide = source.child("w".repeat(180));
        filesystem(wide);
        snapAll("one");
        String padding = "p".repeat(60);
        DatasetName far = target.child(padding);
        ReplicationResult result = replicate(source, far, b -> b.recursive(true));
        assertThat(result.count(DatasetResult.Outcome.Replicated.class)).isEqualTo(13);
        assertThat(result.count(DatasetResult.Outcome.Refused.class)).isEqualTo(1);
        same(deep, deep.rebase(source, far));
    }

    @Test
    @DisplayName("a volume, grown between two snapshots; its copy shows no device")
    void volume() {
        DatasetName volume = source.child("vol");
        run(new ZfsCommand.CreateVolume(volume, 8 << 20, Map.of()));
        snap(volume, "one");
        run(new ZfsCommand.SetProperties(volume, Map.of("volsize", Long.toString(16 << 20))));
        snap(volume, "two");
        assertThat(replicate(volume, target, b -> b).success()).isTrue();
        assertThat(guids(target)).isEqualTo(guids(volume));
        assertThat(dataset(target).volumeSize()).hasValue(16 << 20);
        assertThat(value(target, "volmode")).isEqualTo("none");
        assertThat(dataset(target).readonly()).isTrue();
        snap(volume, "three");
        assertThat(replicate(volume, target, b -> b).success()).isTrue();
        assertThat(guids(target)).isEqualTo(guids(volume));
    }

    @Test
    @DisplayName("thirty snapshots are one stream, and what is left out of the middle costs two more")
    void manySnapshots() {
        for (int i = 0; i < 15; i++) {
            snap(source, "h" + i);
            snap(source, (i == 7 ? "x" : "d") + i);
        }
        ReplicationPlan plan = succeed(b -> b.snapshotsMatching("[hd].*"));
        assertThat(plan.datasets().get(0).streams()).hasSize(4);
        assertThat(labels(target)).hasSize(29).doesNotContain("x7");
    }

    @Test
    @DisplayName("parents that are missing on the target are made, mounted by nobody")
    void missingParents() {
        change(source, "one");
        DatasetName far = target.child("far").child("away");
        assertThat(replicate(source, far, b -> b).success()).isTrue();
        same(source, far);
        assertThat(value(target, "canmount")).isEqualTo("off");
        assertThat(dataset(target).mounted()).isFalse();
        assertThat(dataset(far).mounted()).isFalse();
    }

    @Test
    @DisplayName("a parent without snapshots becomes a placeholder, which is passed on to a third place")
    void placeholders() {
        DatasetName child = source.child("child");
        filesystem(child);
        change(child, "one");
        succeedWithTree();
        same(child, target.child("child"));
        DatasetName third = own(world().sandbox()).child("third");
        assertThat(replicate(target, third, b -> b.recursive(true)).success()).isTrue();
        same(child, third.child("child"));
        change(child, "two");
        succeedWithTree();
        assertThat(replicate(target, third, b -> b.recursive(true)).success()).isTrue();
        same(child, third.child("child"));
        snapAll("three");
        ReplicationResult late = replicate(source, target, b -> b.recursive(true));
        assertThat(late.success())
                .as("the placeholder holds nothing and becomes the copy: %s", late)
                .isTrue();
        same(source, target);
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName(
            "a child of which nothing is selected becomes a placeholder, between one above and one below that are sent")
    void placeholderWithin() {
        DatasetName child = source.child("child");
        DatasetName deep = child.child("deep");
        filesystem(child);
        filesystem(deep);
        change(source, "a-one");
        change(child, "other");
        change(deep, "a-one");
        assertThat(replicate(source, target, b -> b.recursive(true).snapshotsMatching("a-.*"))
                        .success())
                .isTrue();
        same(source, target);
        same(deep, target.child("child").child("deep"));
        assertThat(labels(target.child("child"))).isEmpty();
        assertThat(value(target.child("child"), "canmount")).isEqualTo("off");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a dataset that was destroyed on the source stays on the target; a source that vanished is an error")
    void destroyedOnTheSource() {
        DatasetName child = source.child("child");
        filesystem(child);
        snapAll("one");
        succeedWithTree();
        run(new ZfsCommand.DestroyDataset(child, Scope.SUBTREE));
        snapAll("two");
        succeedWithTree();
        assertThat(labels(target.child("child"))).containsExactly("one");
        run(new ZfsCommand.DestroyDataset(source, Scope.SUBTREE));
        assertThatThrownBy(() -> plan(b -> b.recursive(true)))
                .isInstanceOf(ZfsException.class)
                .hasMessageContaining(source.value());
        assertThat(labels(target)).containsExactly("one", "two");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a source with all its snapshots destroyed takes nothing from the target")
    void emptiedSource() {
        change(source, "one");
        succeed();
        destroy(source, "one");
        ReplicationResult result = replicate(source, target, b -> b);
        assertThat(labels(target)).as("%s", result).containsExactly("one");
        change(source, "two");
        succeed();
        assertThat(labels(target)).containsExactly("one", "two");
    }

    @Test
    @DisplayName("a snapshot is renamed on the source, then the dataset, then the target: always an increment")
    void renamed() {
        change(source, "one");
        succeed();
        run(new ZfsCommand.RenameSnapshot(source.snapshot("one"), "uno"));
        change(source, "two");
        assertThat(succeed().datasets().get(0).begins()).isFalse();
        assertThat(labels(target)).containsExactly("one", "two");
        DatasetName moved = source.parent().orElseThrow().child("moved");
        run(new ZfsCommand.RenameDataset(source, moved));
        change(moved, "three");
        destroy(moved, "two");
        assertThat(replicate(moved, target, b -> b).success()).isTrue();
        DatasetName elsewhere = target.parent().orElseThrow().child("elsewhere");
        run(new ZfsCommand.RenameDataset(target, elsewhere));
        change(moved, "four");
        assertThat(replicate(moved, elsewhere, b -> b).success()).isTrue();
        assertThat(labels(elsewhere)).containsExactly("one", "two", "three", "four");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("the common snapshot is destroyed on the source: its bookmark is the base")
    void commonSnapshotDestroyed() {
        change(source, "one");
        succeed();
        destroy(source, "one");
        change(source, "two");
        assertThat(succeed().toString()).contains("only a bookmark");
        assertThat(labels(target)).containsExactly("one", "two");
    }

    @Test
    @DisplayName("of several bookmarks the base is the one that the target has, not the newest nor the oldest")
    void severalBookmarks() {
        for (String label : List.of("1", "2", "3")) {
            change(source, label);
            bookmark(source, label, "b" + label);
        }
        byHand(full(source.snapshot("1")), target);
        byHand(increment(source.snapshot("1"), source.snapshot("2")), target);
        destroy(source, "1", "2", "3");
        change(source, "4");
        assertThat(succeed().toString()).contains("#b2");
        assertThat(labels(target)).containsExactly("1", "2", "4");
        same(source, target, "4");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a bookmark that bears the name of the common snapshot, but another GUID, is no base")
    void bookmarkOfTheSameName() {
        change(source, "one");
        byHand(full(source.snapshot("one")), target);
        destroy(source, "one");
        change(source, "other");
        bookmark(source, "other", "one");
        destroy(source, "other");
        change(source, "two");
        refused(Decision.Reason.UNRELATED);
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a target made by plain zfs send, renamed and held by others, is carried on")
    void adopted() {
        change(source, "auto_1");
        change(source, "auto_2");
        byHand(full(source.snapshot("auto_1")), target);
        byHand(increment(source.snapshot("auto_1"), source.snapshot("auto_2")), target);
        run(new ZfsCommand.RenameSnapshot(target.snapshot("auto_2"), "kept"));
        run(new ZfsCommand.Hold("theirs", List.of(target.snapshot("kept"), source.snapshot("auto_2"))));
        change(source, "auto_3");
        succeed();
        assertThat(labels(target)).containsExactly("auto_1", "kept", "auto_3");
        assertThat(holds(target.snapshot("kept"))).containsExactly("theirs");
        assertThat(holds(source.snapshot("auto_2"))).containsExactly("theirs");
        run(new ZfsCommand.Release("theirs", List.of(target.snapshot("kept"), source.snapshot("auto_2"))));
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("people's own bookmarks stay, and ours are one a dataset and destination")
    void bookmarks() {
        change(source, "one");
        bookmark(source, "one", "mine");
        succeed();
        change(source, "two");
        succeed();
        DatasetName second = target.parent().orElseThrow().child("second");
        assertThat(replicate(source, second, b -> b).success()).isTrue();
        assertThat(points(source)).containsExactly("@one", "#mine", "@two");
        assertThat(history(source).bookmarks())
                .extracting(Bookmark::label)
                .filteredOn(label -> label.startsWith("zl1-"))
                .hasSize(2);
        destroy(source, "one", "two");
        change(source, "three");
        succeed();
        assertThat(replicate(source, second, b -> b).success()).isTrue();
        assertThat(labels(second)).containsExactly("one", "two", "three");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a snapshot of a tree is one moment, and nothing stays held")
    void atomicSnapshot() {
        DatasetName child = source.child("child");
        filesystem(child);
        succeed(b -> b.recursive(true).takeSnapshot("now"));
        assertThat(history(child).newestSnapshot().orElseThrow().createtxg())
                .isEqualTo(history(source).newestSnapshot().orElseThrow().createtxg());
        assertThat(labels(target.child("child"))).containsExactly("now");
        assertThat(holds(source.snapshot("now"))).isEmpty();
        assertThat(run(new ZfsCommand.ListDatasets(List.of(target), Scope.SUBTREE)))
                .allMatch(Dataset::readonly)
                .noneMatch(Dataset::mounted);
    }
}
