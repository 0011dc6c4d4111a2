// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.tick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.run.ReplicationEvent;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.scheduler.tick.Tally.Verdict;
import dev.zlineage.scheduler.tick.TaskHosts;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickReport;
import dev.zlineage.scheduler.tick.TickRun;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a task says that only this program understands, in virtual time. */
class OwnOptionsOnFakeTest {

    private static final Instant NOW = Instant.parse("2026-01-10T01:00:00Z");
    private static final long SECOND = 1_000_000_000L;

    private final VirtualConcurrency time = new VirtualConcurrency(3);
    private final FakeZfs nas =
            FakeZfs.builder().host("nas").seed(1).concurrency(time).build();
    private final FakeZfs vault =
            FakeZfs.builder().host("vault").seed(2).concurrency(time).build();
    private final Set<DatasetName> underWay = new HashSet<>();
    private int most;

    private TickReport run(OwnOptions own) throws InterruptedException {
        ReplicationTask.Builder task =
                TickWorld.push("t", TickWorld.VAULT, "tank/a", "backup/a").recursive();
        return run(task.own(own).build());
    }

    private TickReport run(ReplicationTask task) throws InterruptedException {
        Definition definition = new Definition(ZoneOffset.UTC, Optional.empty(), false, List.of(), List.of(task));
        TaskHosts hosts = new TaskHosts() {
            @Override
            public Zfs here() {
                return nas;
            }

            @Override
            public Zfs there(TaskTransport transport) {
                return vault;
            }
        };
        return TickRun.of(definition, hosts)
                .with(time)
                .run(Tick.of(definition, NOW, "t"), (which, plan) -> this::count, new Cancellation());
    }

    private void count(ReplicationEvent event) {
        if (event instanceof ReplicationEvent.StreamStarted started) {
            assertThat(underWay.add(started.dataset().source())).isTrue();
            most = Math.max(most, underWay.size());
        } else if (event instanceof ReplicationEvent.StreamFinished finished) {
            assertThat(underWay.remove(finished.dataset().source())).isTrue();
        } else if (event instanceof ReplicationEvent.Retrying again) {
            underWay.remove(again.dataset().source());
        }
    }

    private void tree(int children, int bytes) {
        TickWorld.create(nas, "tank/a");
        byte[] noise = new byte[bytes];
        new Random(5).nextBytes(noise);
        nas.write(DatasetName.of("tank/a"), "f", noise);
        for (int i = 0; i < children; i++) {
            TickWorld.create(nas, "tank/a/" + i);
            nas.write(DatasetName.of("tank/a/" + i), "f", noise);
        }
        TickWorld.snapshot(nas, "tank/a", "auto-2026-01-10_00-00");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 7})
    void soManyStreamsRunAtATimeAndNoMore(int parallel) throws InterruptedException {
        tree(12, 100_000);

        assertThat(run(OwnOptions.DEFAULTS.withParallel(parallel)).tally().good())
                .isEqualTo(13);
        assertThat(most).isEqualTo(parallel);
        assertThat(underWay).isEmpty();
    }

    @Test
    void aStreamThatStandsStillIsCutInItsTime() throws InterruptedException {
        tree(0, 400_000);
        nas.stallNextStream(200_000);

        TickReport report = run(OwnOptions.DEFAULTS.withStall(Duration.ofMinutes(2)));

        assertThat(report.tally().verdict()).as("%s", report).isEqualTo(Verdict.DONE);
        assertThat(time.nanoTime()).isBetween(120 * SECOND, 160 * SECOND);
        time.drain();
    }

    @Test
    void aUserPropertyOfSnapshotsChoosesThem() throws InterruptedException {
        tree(1, 1000);
        nas.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of("tank/a").snapshot("kept")),
                        Scope.SELF,
                        Map.of("org.example:keep", "yes")))
                .orThrow();

        TickReport report = run(TickWorld.push("t", TickWorld.VAULT, "tank/a", "backup/a")
                .recursive()
                .snapshots(SnapshotChoice.NONE)
                .own(OwnOptions.DEFAULTS.withTagged("org.example:keep=yes"))
                .build());

        assertThat(report.tally().verdict()).as("%s", report).isEqualTo(Verdict.DONE);
        assertThat(TickWorld.labels(vault, "backup/a")).containsExactly("kept");
    }

    @Test
    void aTaskCanHaveARemedy() throws InterruptedException {
        tree(0, 1000);
        assertThat(run(OwnOptions.DEFAULTS).tally().verdict()).isEqualTo(Verdict.DONE);
        vault.write(DatasetName.of("backup/a"), "mine", new byte[1000]);
        TickWorld.snapshot(nas, "tank/a", "auto-2026-01-10_01-00");

        assertThat(run(OwnOptions.DEFAULTS).tally().verdict()).isEqualTo(Verdict.REFUSED);
        TickReport report = run(OwnOptions.DEFAULTS.withOnDivergence(DivergencePolicy.ROLL_BACK));

        assertThat(report.tally().verdict()).as("%s", report).isEqualTo(Verdict.DONE);
        assertThat(TickWorld.labels(vault, "backup/a"))
                .containsExactly("auto-2026-01-10_00-00", "auto-2026-01-10_01-00");
        assertThat(vault.contents(DatasetName.of("backup/a"))).doesNotContainKey("mine");
    }
}
