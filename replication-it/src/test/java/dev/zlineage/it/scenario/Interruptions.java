// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.plan.TargetStep;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was cut, and what became of it before anybody came back. */
abstract class Interruptions extends Scene {

    private SnapshotName large(String label) {
        world().fill(source, "large", 2048);
        return snap(source, label);
    }

    private Optional<Dataset.ResumeToken> token() {
        return dataset(target).resumeToken();
    }

    private static long saved(ReplicationResult result) {
        return result.saved();
    }

    private ReplicationResult carriedOn() {
        ReplicationResult result = carryOut(plan(b -> b));
        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(token()).isEmpty();
        return result;
    }

    private void discarded(String why) {
        ReplicationPlan plan = plan(b -> b);
        assertThat(plan.datasets().get(0).before())
                .singleElement()
                .isInstanceOfSatisfying(
                        TargetStep.DiscardPartial.class,
                        step -> assertThat(step.why()).contains(why));
        assertThat(plan.destroys()).hasSize(1);
        ReplicationResult result = carryOut(plan);
        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(token()).isEmpty();
    }

    @Test
    @DisplayName("a full stream that was cut is carried on; looking does not touch the token")
    void fullStream() {
        interrupted(full(large("one")), target);
        Optional<Dataset.ResumeToken> token = token();
        plan(b -> b);
        assertThat(token()).isEqualTo(token);
        assertThat(saved(carriedOn())).isGreaterThan(500_000);
        same();
    }

    @Test
    @DisplayName("an increment that was cut is carried on, and what follows it is sent in the same run")
    void increment() {
        SnapshotName one = large("one");
        succeed();
        SnapshotName two = large("two");
        change(source, "three");
        interrupted(increment(one, two), target);
        assertThat(saved(carriedOn())).isGreaterThan(500_000);
        same();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("its snapshot was renamed, and so was its dataset: it is carried on all the same")
    void renamed() {
        interrupted(full(large("one")), target);
        run(new ZfsCommand.RenameSnapshot(source.snapshot("one"), "uno"));
        DatasetName moved = source.parent().orElseThrow().child("moved");
        run(new ZfsCommand.RenameDataset(source, moved));
        ReplicationResult result = replicate(moved, target, b -> b);
        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(guids(target)).isEqualTo(guids(moved));
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("its snapshot was destroyed: it is discarded, which the plan lists, and another is sent")
    void snapshotDestroyed() {
        interrupted(full(large("one")), target);
        destroy(source, "one");
        large("two");
        discarded("is gone");
        same();
    }

    @Test
    @DisplayName(
            "its base was destroyed, and no bookmark is left: there is nothing in common any more, and nothing is lost")
    void baseDestroyed() {
        SnapshotName one = large("one");
        SnapshotName two = large("two");
        byHand(full(one), target);
        interrupted(increment(one, two), target);
        destroy(source, "one");
        ReplicationPlan plan = plan(b -> b);
        assertThat(plan.refused()).as("%s", plan).isEqualTo(1);
        carryOut(plan);
        assertThat(labels(target)).containsExactly("one");
    }

    @Test
    @DisplayName("its base was destroyed, but a bookmark of it is left: it is carried on")
    void baseIsABookmark() {
        SnapshotName one = large("one");
        succeed();
        SnapshotName two = large("two");
        interrupted(increment(one, two), target);
        destroy(source, "one");
        assertThat(saved(carriedOn())).isGreaterThan(500_000);
        assertThat(labels(target)).containsExactly("one", "two");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("its snapshot is not wanted any more: it is discarded")
    void notSelectedAnyMore() {
        interrupted(full(large("one")), target);
        change(source, "two");
        ReplicationPlan plan = plan(b -> b.newestSnapshotOnly());
        assertThat(plan.toString()).contains("not selected any more");
        assertThat(carryOut(plan).success()).isTrue();
        assertThat(labels(target)).containsExactly("two");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("it is of another replication: it is left alone")
    void somebodyElses() {
        DatasetName other = source.parent().orElseThrow().child("other");
        filesystem(other);
        world().fill(other, "large", 2048);
        interrupted(full(snap(other, "one")), target);
        change(source, "one");
        refused(Decision.Reason.PARTIAL_RECEIVE);
    }

    @Test
    @DisplayName("it was cut again before it was carried on: nothing is sent twice")
    void cutTwice() {
        SnapshotName one = large("one");
        interrupted(full(one), target);
        SendStream rest = new SendStream.Resume(token().orElseThrow());
        interrupted(rest, target);
        assertThat(saved(carriedOn())).isGreaterThan(1_200_000);
        same();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("the snapshot came by another way in the meantime: it is not sent again")
    void arrivedAfterAll() {
        SnapshotName one = large("one");
        byHand(full(one), target);
        SnapshotName two = large("two");
        byHand(increment(one, two), target);
        assertThat(carriedOn().datasets().get(0).bytes()).isZero();
        same();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("the target was destroyed with its token: everything is sent anew")
    void targetDestroyed() {
        interrupted(full(large("one")), target);
        run(new ZfsCommand.AbortReceive(target));
        if (exists(target)) {
            run(new ZfsCommand.DestroyDataset(target, Scope.SUBTREE));
        }
        carriedOn();
        same();
    }
}
