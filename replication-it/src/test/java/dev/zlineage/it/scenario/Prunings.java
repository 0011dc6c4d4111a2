// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.prune.CopyFate.Act;
import dev.zlineage.core.prune.PrunePlan;
import dev.zlineage.core.prune.PruneRequest;
import dev.zlineage.core.prune.Pruning;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Copies whose source is gone. */
abstract class Prunings extends Scene {

    @Test
    @DisplayName("copies of what is gone go after a while, clones first, and what only the target has stays")
    void gone() {
        DatasetName a = source.child("a");
        filesystem(a);
        change(a, "one");
        run(new ZfsCommand.CloneSnapshot(a.snapshot("one"), source.child("z"), Map.of()));
        change(source.child("z"), "two");
        filesystem(source.child("b"));
        snapAll("all");
        succeedWithTree();
        filesystem(target.child("own"));
        snap(target.child("own"), "mine");
        Pruning pruning = Pruning.between(zfs(), zfs());
        Instant first =
                Instant.parse("2100-01-01T00:00:00Z"); // a clock that is behind the snapshots counts for nothing
        Duration day = Duration.ofDays(1);
        PruneRequest now = new PruneRequest(request(source, target, b -> b.recursive(true)), day, first);
        PruneRequest later = new PruneRequest(request(source, target, b -> b.recursive(true)), day, first.plus(day));
        assertThat(pruning.run(pruning.plan(now), () -> false).failed()).isEmpty();
        run(new ZfsCommand.DestroyDataset(source.child("z"), Scope.SUBTREE));
        run(new ZfsCommand.DestroyDataset(a, Scope.SUBTREE));
        assertThat(pruning.plan(now).with(Act.NOTE)).hasSize(2);
        assertThat(pruning.run(pruning.plan(now), () -> false).failed()).isEmpty();

        PrunePlan due = pruning.plan(later);

        assertThat(pruning.run(due, () -> false).destroyed())
                .as("%s", due)
                .containsExactly(target.child("z"), target.child("a"));
        assertThat(labels(target.child("own"))).containsExactly("mine");
        assertThat(exists(target.child("a"))).isFalse();
        same(source.child("b"), target.child("b"));
    }
}
