// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import static dev.zlineage.testkit.World.A;
import static dev.zlineage.testkit.World.B;
import static dev.zlineage.testkit.World.create;
import static dev.zlineage.testkit.World.full;
import static dev.zlineage.testkit.World.increment;
import static dev.zlineage.testkit.World.labels;
import static dev.zlineage.testkit.World.row;
import static dev.zlineage.testkit.World.series;
import static dev.zlineage.testkit.World.snap;
import static dev.zlineage.testkit.World.take;
import static dev.zlineage.testkit.World.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FakeZfsStreamTest {

    private final World world = new World();
    private final FakeZfs nas = world.nas;
    private final FakeZfs vault = world.vault;

    @BeforeEach
    void aSourceWithThreeSnapshots() {
        create(nas, A).orThrow();
        write(nas, A, "x", "one");
        take(nas, "tank/a@1").orThrow();
        write(nas, A, "x", "two");
        write(nas, A, "y", "new");
        take(nas, "tank/a@2").orThrow();
        nas.delete(A, "x");
        take(nas, "tank/a@3").orThrow();
    }

    @Test
    void bringsContentsAndIdentity() {
        assertThat(world.replicate(full("tank/a@1")).isSuccess()).isTrue();
        assertThat(world.replicate(series("tank/a@1", "tank/a@3")).isSuccess()).isTrue();

        assertThat(vault.contents(B)).isEqualTo(nas.contents(A)).hasSize(1);
        assertThat(vault.contents(snap("backup/b@2"))).isEqualTo(nas.contents(snap("tank/a@2")));
        assertThat(World.history(vault, B).snapshots())
                .extracting("guid")
                .isEqualTo(World.history(nas, A).snapshots().stream()
                        .map(s -> s.guid())
                        .toList());
        assertThat(row(vault, B).written()).isZero();
        assertThat(row(vault, B).guid()).isNotEqualTo(row(nas, A).guid());
    }

    @Test
    void cutInASeriesLeavesWhatWasWhole() {
        world.replicate(full("tank/a@1"));
        nas.cutNextStream(230);
        World.Outcome outcome = world.replicate(series("tank/a@1", "tank/a@3"));

        assertThat(outcome.sinkKind()).contains(Kind.STREAM_CUT);
        assertThat(labels(vault, B)).isEqualTo("@1 @2");
    }

    @Test
    void refusesAnIncrementIntoAChangedTarget() {
        world.replicate(full("tank/a@1"));
        vault.touch(B);
        assertThat(world.replicate(increment("tank/a@1", "tank/a@2")).sinkKind())
                .contains(Kind.TARGET_MODIFIED);
    }

    @Test
    void resumes() {
        nas.write(A, "big", new byte[100_000]);
        take(nas, "tank/a@4").orThrow();
        ReceiveStream resumable = new ReceiveStream(B, true, false, Map.of(), Set.of(), Optional.empty(), false);
        nas.cutNextStream(60_000);
        World.Outcome outcome = World.transfer(nas, full("tank/a@4"), vault, resumable);
        assertThat(outcome.sinkKind()).contains(Kind.STREAM_CUT_RESUMABLE);
        var token = row(vault, B).resumeToken().orElseThrow();

        assertThat(world.replicate(full("tank/a@4")).sinkKind()).contains(Kind.TARGET_EXISTS);
        World.Outcome rest = World.transfer(nas, new SendStream.Resume(token), vault, resumable);
        assertThat(rest).isEqualTo(new World.Outcome(Optional.empty(), Optional.empty()));
        assertThat(vault.contents(B)).isEqualTo(nas.contents(A));
    }
}
