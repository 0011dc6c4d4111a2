// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pools without room, keys that are not there, and others who work on the same datasets. */
abstract class Surroundings extends Scene {

    private static ZfsFailure.Kind failure(DatasetResult result) {
        assertThat(result.outcome()).isInstanceOf(DatasetResult.Outcome.Failed.class);
        return ((DatasetResult.Outcome.Failed) result.outcome()).failure().kind();
    }

    @Test
    @DisplayName("what can't fit is refused; begun all the same it fails alone, and the next run carries it on")
    void poolFull() {
        world().fill(source, "large", 4096);
        snap(source, "one");
        DatasetName cramped = own(world().crampedSandbox()).child("copy");
        ReplicationResult refused = replicate(source, cramped, b -> b);
        assertThat(refused.count(DatasetResult.Outcome.Refused.class))
                .as("%s", refused)
                .isEqualTo(1);
        assertThat(exists(cramped)).isFalse();
        ReplicationResult failed = replicate(source, cramped, b -> b.ignoreRoom(true));
        assertThat(failure(failed.datasets().get(0))).isEqualTo(ZfsFailure.Kind.NO_SPACE);
        if (exists(cramped)) {
            run(new ZfsCommand.AbortReceive(cramped));
        }
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a quota on the target fails the dataset that it is of, and no other")
    void quota() {
        filesystem(source.child("a"), source.child("b"));
        snapAll("one");
        succeedWithTree();
        property(target.child("a"), "quota", Long.toString(2 << 20));
        world().fill(source.child("a"), "large", 6144);
        world().write(source.child("b"), "file", "small");
        snapAll("two");
        ReplicationResult result = replicate(source, target, b -> b.recursive(true));
        assertThat(result.datasets()).hasSize(3);
        assertThat(failure(result.datasets().get(1))).isIn(ZfsFailure.Kind.QUOTA, ZfsFailure.Kind.NO_SPACE);
        same(source.child("b"), target.child("b"));
        property(target.child("a"), "quota", "none");
        succeedWithTree();
        same(source.child("a"), target.child("a"));
    }

    @Test
    @DisplayName("a tree that is mounted and writable takes the next increment: mounting it changed nothing")
    void mountedTree() {
        filesystem(source.child("a"), source.child("a").child("b"));
        world().write(source.child("a"), "file", "one");
        snapAll("one");
        UnaryOperator<ReplicationRequest.Builder> how =
                b -> b.recursive(true).mount(true).readonly(ReadonlyPolicy.IGNORE);
        succeed(how);
        assertThat(dataset(target.child("a").child("b")).mounted()).isTrue();
        change(source.child("a"), "two");
        succeed(how);
        same(source.child("a"), target.child("a"));
    }

    @Test
    @DisplayName("what can't be mounted has arrived all the same, and is warned of")
    void cannotBeMounted() {
        change(source, "one");
        property(target.parent().orElseThrow(), "mountpoint", "none");
        ReplicationResult result = carryOut(plan(b -> b.mount(true)));
        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(result.toString()).contains(target + " arrived and is not mounted: ");
        assertThat(dataset(target).mounted()).isFalse();
        same();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("reading a mounted replica does not stop the next increment")
    void readReplica() {
        change(source, "one");
        succeed(b -> b.mount(true));
        assertThat(dataset(target).mounted()).isTrue();
        world().awaitNextSecond();
        world().read(target, "file");
        change(source, "two");
        succeed();
        same();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a snapshot that was planned is destroyed before it is sent: the rest arrives, and it is said")
    void snapshotVanishes() {
        change(source, "one");
        succeed();
        change(source, "two");
        change(source, "three");
        ReplicationPlan plan = plan(b -> b);
        destroy(source, "two");
        ReplicationResult result = carryOut(plan);
        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(result.warnings()).anyMatch(w -> w.contains("@two"));
        assertThat(labels(target)).containsExactly("one", "three");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("the last planned snapshot is destroyed before it is sent: what is left of the plan is planned anew")
    void lastSnapshotVanishes() {
        change(source, "one");
        succeed();
        change(source, "two");
        change(source, "three");
        ReplicationPlan plan = plan(b -> b);
        destroy(source, "three");
        ReplicationResult result = carryOut(plan);
        assertThat(labels(target)).as("%s", result).containsExactly("one", "two");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a dataset is renamed away before it is sent: it is left out, the others are not")
    void datasetVanishes() {
        filesystem(source.child("a"), source.child("b"));
        snapAll("one");
        ReplicationPlan plan = plan(b -> b.recursive(true));
        run(new ZfsCommand.RenameDataset(
                source.child("a"), source.parent().orElseThrow().child("away")));
        ReplicationResult result = carryOut(plan);
        assertThat(result.count(DatasetResult.Outcome.Replicated.class))
                .as("%s", result)
                .isEqualTo(2);
        same(source.child("b"), target.child("b"));
    }

    @Test
    @DisplayName("someone else received the same increment in the meantime: that is no failure")
    void somebodyWasFaster() {
        change(source, "one");
        succeed();
        change(source, "two");
        ReplicationPlan plan = plan(b -> b);
        byHand(increment(source.snapshot("one"), source.snapshot("two")), target);
        ReplicationResult result = carryOut(plan);
        assertThat(result.success()).as("%s", result).isTrue();
        same();
    }

    @Test
    @DisplayName("the target is written to between the plan and the run: nothing of that is given up")
    void writtenMeanwhile() {
        change(source, "one");
        succeed();
        meddle(target);
        change(source, "two");
        ReplicationPlan plan = plan(b -> b.onDivergence(DivergencePolicy.ROLL_BACK));
        world().write(target, "own", "even more precious, and longer");
        snap(target, "late");
        ReplicationResult result = carryOut(plan);
        assertThat(result.success()).as("%s", result).isFalse();
        assertThat(labels(target)).contains("late");
    }

    @Test
    @DisplayName("an encrypted source goes over raw, with its key or without")
    void encrypted() {
        DatasetName secret = source.child("secret");
        world().createEncrypted(secret, "correct horse");
        DatasetName inheritor = secret.child("inheritor");
        filesystem(inheritor);
        change(secret, "one");
        change(inheritor, "one");
        ReplicationResult first = replicate(secret, target, b -> b.recursive(true));
        assertThat(first.success()).as("%s", first).isTrue();
        assertThat(dataset(target).encryption()).isPresent();
        assertThat(dataset(target).encryption().orElseThrow().keyLoaded()).isFalse();
        change(secret, "two");
        ReplicationResult second = replicate(secret, target, b -> b.recursive(true));
        assertThat(second.success()).as("%s", second).isTrue();
        assertThat(guids(target)).isEqualTo(guids(secret));
        assertThat(guids(target.child("inheritor"))).isEqualTo(guids(inheritor));
    }

    @Test
    @DisplayName("a raw replica with a newer snapshot of its own is refused even where that holds no change")
    void rawAhead() {
        DatasetName secret = source.child("secret");
        world().createEncrypted(secret, "correct horse");
        change(secret, "one");
        assertThat(replicate(secret, target, b -> b).success()).isTrue();
        snap(target, "own");
        change(secret, "two");
        ReplicationResult refused = replicate(secret, target, b -> b.onDivergence(DivergencePolicy.TOLERATE_HARMLESS));
        assertThat(refused.datasets().get(0).outcome())
                .as("%s", refused)
                .isInstanceOfSatisfying(
                        DatasetResult.Outcome.Refused.class,
                        r -> assertThat(r.refusal().reason()).isEqualTo(Decision.Reason.TARGET_AHEAD));
        ReplicationResult back = replicate(secret, target, b -> b.onDivergence(DivergencePolicy.ROLL_BACK_UNCHANGED));
        assertThat(back.success()).as("%s", back).isTrue();
        assertThat(labels(target)).containsExactly("one", "two");
    }

    @Test
    @DisplayName("an encrypted source whose target was received readable needs its key, and says so")
    void keyNotLoaded() {
        DatasetName secret = source.child("secret");
        world().createEncrypted(secret, "correct horse");
        change(secret, "one");
        byHand(full(secret.snapshot("one")), target);
        assertThat(dataset(target).encryption()).isEmpty();
        change(secret, "two");
        assertThat(replicate(secret, target, b -> b).success()).isTrue();
        change(secret, "three");
        world().unmount(secret);
        run(new ZfsCommand.UnloadKey(secret));
        ReplicationResult refused = replicate(secret, target, b -> b);
        assertThat(refused.datasets().get(0).outcome())
                .as("%s", refused)
                .isInstanceOfSatisfying(
                        DatasetResult.Outcome.Refused.class,
                        r -> assertThat(r.refusal().reason()).isEqualTo(Decision.Reason.KEY_NOT_LOADED));
        assertThat(labels(target)).containsExactly("one", "two");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("what was cut raw is carried on raw; a token that is not raw is discarded where the plan is")
    void rawTokens() {
        DatasetName secret = source.child("secret");
        world().createEncrypted(secret, "correct horse");
        world().fill(secret, "large", 2048);
        snap(secret, "one");
        interrupted(new SendStream.Full(secret.snapshot("one"), StreamMode.RAW), target);
        ReplicationResult raw = replicate(secret, target, b -> b);
        assertThat(raw.success()).as("%s", raw).isTrue();
        assertThat(raw.saved()).isGreaterThan(500_000);
        DatasetName second = target.parent().orElseThrow().child("second");
        interrupted(full(secret.snapshot("one")), second);
        ReplicationResult other = replicate(secret, second, b -> b);
        assertThat(other.success()).as("%s", other).isTrue();
        assertThat(other.saved()).isZero();
        assertThat(dataset(second).encryption()).isPresent();
    }
}
