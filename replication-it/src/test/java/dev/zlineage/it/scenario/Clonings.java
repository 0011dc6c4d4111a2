// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clones, and what they are clones of. */
abstract class Clonings extends Scene {

    private DatasetName clone(SnapshotName origin, DatasetName name) {
        run(new ZfsCommand.CloneSnapshot(origin, name, Map.of()));
        return name;
    }

    private Optional<SnapshotName> origin(DatasetName name) {
        return dataset(name).origin();
    }

    @Test
    @DisplayName("a clone stays a clone, its origin comes first, and both go on when it is promoted")
    void clones() {
        DatasetName original = source.child("z");
        filesystem(original);
        world().fill(original, "large", 2048);
        SnapshotName one = change(original, "one");
        DatasetName clone = clone(one, source.child("clone"));
        change(clone, "two");
        change(clone, "three");
        snap(source, "top");

        succeedWithTree();

        assertThat(origin(target.child("clone"))).contains(target.child("z").snapshot("one"));
        same(clone, target.child("clone"));
        assertThat(dataset(target.child("clone")).used())
                .as("what it shares takes no room")
                .isLessThan(1 << 20);
        change(clone, "four");
        change(original, "five");
        succeedWithTree();
        run(new ZfsCommand.Promote(clone));
        change(clone, "six");
        change(original, "seven");
        succeedWithTree();
        assertThat(labels(target.child("clone"))).containsExactly("two", "three", "four", "six");
        assertThat(labels(target.child("z"))).containsExactly("one", "five", "seven");
        same(clone, target.child("clone"), "six");
        same(original, target.child("z"), "seven");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a clone that was cut is carried on as a clone, and one that can't be is begun as one again")
    void cut() {
        SnapshotName one = change(source, "one");
        DatasetName clone = clone(one, source.child("clone"));
        world().fill(clone, "large", 4096);
        SnapshotName two = snap(clone, "two");
        DatasetName copy = target.child("clone");
        byHand(full(one), target);
        ReceiveStream onto = new ReceiveStream(
                copy, true, false, Map.of("readonly", "on"), Set.of(), Optional.of(target.snapshot("one")), false);
        interrupted(increment(one, two), onto);

        ReplicationPlan plan = succeedWithTree();

        assertThat(plan.datasets().get(1).streams().get(0).send()).isInstanceOf(SendStream.Resume.class);
        same(clone, copy);
        assertThat(origin(copy)).contains(target.snapshot("one"));
        run(new ZfsCommand.DestroyDataset(copy, Scope.SUBTREE));
        interrupted(increment(one, two), onto);
        destroy(clone, "two");
        snap(clone, "three");
        DatasetPlan again = succeedWithTree().datasets().get(1);
        assertThat(again.cloneOf()).as("%s", again).contains(one);
        same(clone, copy);
        assertThat(origin(copy)).contains(target.snapshot("one"));
    }

    @Test
    @DisplayName("a clone's first stream brings its properties, and what would encrypt or mount it is left out")
    void withProperties() {
        SnapshotName one = change(source, "one");
        DatasetName clone = clone(one, source.child("clone"));
        property(clone, "zlineage.test:note", "x");
        property(clone, "atime", "off");
        change(clone, "two");
        change(clone, "three");

        succeed(b -> b.recursive(true).properties(new PropertyChoice(true, Set.of(), Map.of())));

        DatasetName copy = target.child("clone");
        assertThat(origin(copy)).contains(target.snapshot("one"));
        assertThat(value(copy, "zlineage.test:note")).isEqualTo("x");
        assertThat(value(copy, "atime")).isEqualTo("off");
        assertThat(dataset(copy).readonly()).isTrue();
        same(clone, copy);
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a clone of what is encrypted is received raw, as a clone")
    void encrypted() {
        DatasetName secret = source.child("secret");
        world().createEncrypted(secret, "correct horse");
        SnapshotName one = change(secret, "one");
        DatasetName clone = clone(one, source.child("a"));
        change(clone, "two");
        snap(source, "top");

        ReplicationResult result = replicate(source, target, b -> b.recursive(true));

        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(origin(target.child("a"))).contains(target.child("secret").snapshot("one"));
        change(clone, "three");
        succeedWithTree();
        assertThat(guids(target.child("a"))).isEqualTo(guids(clone));
    }
}
