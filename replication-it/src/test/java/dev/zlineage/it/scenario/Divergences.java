// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Targets that have gone their own way, and sources that have gone back. */
abstract class Divergences extends Scene {

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("starting over only what is unrelated leaves a target alone that was merely written to")
    void startOverUnrelated() {
        change(source, "one");
        succeed();
        meddle(target);
        change(source, "two");
        refused(Decision.Reason.DIVERGED, b -> b.onDivergence(DivergencePolicy.START_OVER_UNRELATED));

        DatasetName other = own(world().backupSandbox()).child("other");
        filesystem(other);
        snap(other, "foreign");
        ReplicationResult result = replicate(source, other, b -> b.onDivergence(DivergencePolicy.START_OVER_UNRELATED));
        assertThat(result.success()).as("%s", result).isTrue();
        same(source, other);
    }

    private void replicated() {
        change(source, "one");
        succeed();
    }

    @Test
    @DisplayName("a target that was written to without a snapshot is refused, and given up only by name")
    void written() {
        replicated();
        meddle(target);
        change(source, "two");
        refused(Decision.Reason.DIVERGED);
        refused(Decision.Reason.DIVERGED, b -> b.onDivergence(DivergencePolicy.ROLL_BACK_UNCHANGED));
        assertThat(world().contents(target)).containsKey("own");
        succeed(b -> b.onDivergence(DivergencePolicy.ROLL_BACK));
        same();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("newer snapshots of the target that hold no change are refused, tolerated or destroyed, as was asked")
    void harmlessSnapshots() {
        replicated();
        snap(target, "own");
        change(source, "two");
        refused(Decision.Reason.TARGET_AHEAD);
        succeed(b -> b.onDivergence(DivergencePolicy.TOLERATE_HARMLESS));
        assertThat(labels(target)).containsExactly("one", "own", "two");
        snap(target, "again");
        change(source, "three");
        succeed(b -> b.onDivergence(DivergencePolicy.ROLL_BACK_UNCHANGED));
        assertThat(labels(target)).containsExactly("one", "own", "two", "three");
    }

    @Test
    @DisplayName("a newer snapshot of the target that holds a change: the milder policies don't touch it")
    void snapshotWithChanges() {
        replicated();
        meddle(target);
        snap(target, "own");
        change(source, "two");
        refused(Decision.Reason.DIVERGED, b -> b.onDivergence(DivergencePolicy.TOLERATE_HARMLESS));
        refused(Decision.Reason.DIVERGED, b -> b.onDivergence(DivergencePolicy.ROLL_BACK_UNCHANGED));
        succeed(b -> b.onDivergence(DivergencePolicy.SET_ASIDE));
        same();
        assertThat(run(new ZfsCommand.ListDatasets(List.of(target.parent().orElseThrow()), Scope.SUBTREE)))
                .as("the old copy, whole")
                .anyMatch(d -> d.name().value().contains(".zl1-aside-")
                        && labels(d.name()).contains("own"));
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a snapshot of the same name and another GUID is found before it is sent")
    void nameClash() {
        replicated();
        snap(target, "two");
        change(source, "two");
        change(source, "three");
        refused(Decision.Reason.NAME_CLASH);
        succeed(b -> b.onDivergence(DivergencePolicy.ROLL_BACK));
        same();
    }

    @Test
    @DisplayName("nothing in common: refused, and sent anew beside it where that is asked for")
    void unrelated() {
        replicated();
        destroy(target, "one");
        snap(target, "theirs");
        refused(Decision.Reason.UNRELATED);
        refused(Decision.Reason.UNRELATED, b -> b.onDivergence(DivergencePolicy.ROLL_BACK));
        succeed(b -> b.onDivergence(DivergencePolicy.START_OVER));
        same();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a target that was destroyed and made anew: with data it is refused, empty it becomes the replica")
    void recreated() {
        replicated();
        run(new ZfsCommand.DestroyDataset(target, Scope.SUBTREE));
        filesystem(target);
        world().write(target, "mine", "precious");
        refused(Decision.Reason.TARGET_HOLDS_DATA, b -> b.onDivergence(DivergencePolicy.ROLL_BACK));
        assertThat(world().contents(target)).containsKey("mine");
        run(new ZfsCommand.DestroyDataset(target, Scope.SUBTREE));
        filesystem(target);
        succeed();
        same();
    }

    @Test
    @DisplayName("data without snapshots is found below the root too, and its siblings are replicated")
    void dataBelow() {
        filesystem(source.child("a"), source.child("b"));
        snapAll("one");
        byHand(full(source.snapshot("one")), target);
        filesystem(target.child("a"));
        world().write(target.child("a"), "mine", "precious");
        ReplicationResult result = replicate(source, target, b -> b.recursive(true));
        assertThat(result.count(DatasetResult.Outcome.Refused.class))
                .as("%s", result)
                .isEqualTo(1);
        assertThat(labels(target.child("b"))).containsExactly("one");
        assertThat(world().contents(target.child("a"))).containsKey("mine");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a filesystem where a volume should be, and a volume where a filesystem should be")
    void otherKind() {
        snap(source, "one");
        run(new ZfsCommand.CreateVolume(target, 8 << 20, Map.of()));
        refused(Decision.Reason.KIND_MISMATCH);
        run(new ZfsCommand.DestroyDataset(target, Scope.SUBTREE));
        DatasetName volume = source.parent().orElseThrow().child("vol");
        run(new ZfsCommand.CreateVolume(volume, 8 << 20, Map.of()));
        snap(volume, "one");
        filesystem(target);
        ReplicationResult result = replicate(volume, target, b -> b);
        assertThat(result.count(DatasetResult.Outcome.Refused.class)).isEqualTo(1);
    }

    @Test
    @DisplayName("a hold on the target stands against rolling back, and nothing is lost")
    void heldOnTheTarget() {
        replicated();
        meddle(target);
        snap(target, "own");
        run(new ZfsCommand.Hold("theirs", List.of(target.snapshot("own"))));
        change(source, "two");
        ReplicationResult result = replicate(source, target, b -> b.onDivergence(DivergencePolicy.ROLL_BACK));
        assertThat(result.datasets().get(0).outcome())
                .isInstanceOfSatisfying(
                        DatasetResult.Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isIn(ZfsFailure.Kind.HELD, ZfsFailure.Kind.BUSY));
        assertThat(labels(target)).containsExactly("one", "own");
        assertThat(world().contents(target)).containsKey("own");
        run(new ZfsCommand.Release("theirs", List.of(target.snapshot("own"))));
    }

    @Test
    @DisplayName("a clone on the target stands against rolling back, and nothing is lost")
    void clonedOnTheTarget() {
        replicated();
        meddle(target);
        snap(target, "own");
        DatasetName clone = target.parent().orElseThrow().child("clone");
        run(new ZfsCommand.CloneSnapshot(target.snapshot("own"), clone, Map.of()));
        change(source, "two");
        ReplicationResult result = replicate(source, target, b -> b.onDivergence(DivergencePolicy.ROLL_BACK));
        assertThat(result.success()).isFalse();
        assertThat(labels(target)).containsExactly("one", "own");
        assertThat(world().contents(clone)).containsKey("own");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a source that was rolled back behind its target: refused, and put right by name")
    void sourceRolledBack() {
        replicated();
        change(source, "two");
        succeed();
        run(new ZfsCommand.Rollback(source.snapshot("one"), true));
        change(source, "three");
        refused(Decision.Reason.DIVERGED);
        succeed(b -> b.onDivergence(DivergencePolicy.ROLL_BACK));
        assertThat(labels(target)).containsExactly("one", "three");
        same();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("the target's newest snapshot was pruned by somebody: the one before it is the base")
    void prunedOnTheTarget() {
        replicated();
        change(source, "two");
        succeed();
        destroy(target, "two");
        change(source, "three");
        refused(Decision.Reason.DIVERGED);
        succeed(b -> b.onDivergence(DivergencePolicy.ROLL_BACK));
        same();
    }

    @Test
    @DisplayName("failover and failback go by increments")
    void failover() {
        replicated();
        world().write(source, "late", "never replicated");
        meddle(target);
        change(target, "away");
        ReplicationResult back = replicate(target, source, b -> b.onDivergence(DivergencePolicy.ROLL_BACK));
        assertThat(back.success()).as("%s", back).isTrue();
        same(target, source);
        property(target, "readonly", "on");
        snap(source, "home");
        assertThat(succeed().datasets().get(0).begins()).isFalse();
        same();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a cascade passes increments on, also from bookmarks of a replica that was never rolled back")
    void cascade() {
        DatasetName third = own(world().sandbox()).child("third");
        replicated();
        assertThat(replicate(target, third, b -> b).success()).isTrue();
        change(source, "two");
        succeed();
        ReplicationResult passed = replicate(target, third, b -> b);
        assertThat(passed.success()).as("%s", passed).isTrue();
        assertThat(labels(third)).containsExactly("one", "two");
        same(source, third);
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a middle host that was rolled back by zfs receive -F is no silent source")
    void middleHostRolledBack() {
        DatasetName third = own(world().sandbox()).child("third");
        change(source, "1");
        byHand(full(source.snapshot("1")), target);
        meddle(target);
        snap(target, "2");
        property(target, "readonly", "on");
        byHand(full(target.snapshot("1")), third);
        byHand(increment(target.snapshot("1"), target.snapshot("2")), third);
        bookmark(target, "2", "b2");
        change(source, "3");
        assertThat(world().receiveForced(capture(increment(source.snapshot("1"), source.snapshot("3"))), target))
                .isTrue();
        ReplicationResult result = replicate(target, third, b -> b);
        assertThat(result.datasets().get(0).outcome())
                .as("%s", result)
                .isInstanceOfSatisfying(
                        DatasetResult.Outcome.Refused.class,
                        refused ->
                                assertThat(refused.refusal().reason()).isEqualTo(Decision.Reason.BOOKMARK_OF_REPLICA));
        assertThat(labels(third)).containsExactly("1", "2");
    }

    @Test
    @DisplayName("the source was promoted away from its history: refused, and nothing is lost")
    void promotedAway() {
        replicated();
        DatasetName clone = source.parent().orElseThrow().child("clone");
        run(new ZfsCommand.CloneSnapshot(source.snapshot("one"), clone, Map.of()));
        run(new ZfsCommand.Promote(clone));
        change(source, "two");
        ReplicationResult result = replicate(source, target, b -> b);
        assertThat(labels(target)).as("%s", result).contains("one");
        ReplicationResult ofClone = replicate(clone, target, b -> b);
        assertThat(ofClone.success())
                .as("the clone has the history now: %s", ofClone)
                .isTrue();
    }
}
