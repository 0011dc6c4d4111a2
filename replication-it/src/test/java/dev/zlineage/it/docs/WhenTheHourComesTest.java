// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docs;

import static dev.zlineage.testkit.assertj.ZfsAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.DefinitionRunner;
import dev.zlineage.scheduler.HostsSupplier;
import dev.zlineage.scheduler.JobOutcome;
import dev.zlineage.scheduler.ManualScheduler;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.SnapshotOptions;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The tasks of docs/testing.md that run when their hour comes. */
class WhenTheHourComesTest {

    private final VirtualConcurrency time = new VirtualConcurrency(1);
    private final FakeZfs nas =
            FakeZfs.builder().host("nas").seed(1).clock(time::now).build();

    /** Hosts of every job: one fake, which nobody closes. */
    private record OnlyHost(Zfs here) implements HostsSupplier.OpenHosts {

        @Override
        public Zfs there(TaskTransport transport) {
            return here;
        }

        @Override
        public void close() {}
    }

    private static Definition hourly() {
        return new Definition(
                ZoneId.of("UTC"),
                Optional.empty(),
                false,
                List.of(new PeriodicSnapshotTask(
                        "hourly",
                        "tank/data",
                        false,
                        List.of(),
                        Optional.empty(),
                        "auto-%Y-%m-%d_%H-%M",
                        CronSchedule.of("0 * * * *"),
                        true,
                        true,
                        SnapshotOptions.DEFAULTS)),
                List.of());
    }

    @Test
    void aSnapshotIsTakenWhenTheHourComes() throws Exception {
        nas.live(DatasetName.of("tank/data"), "");
        DefinitionRunner runner =
                DefinitionRunner.of(hourly(), () -> new OnlyHost(nas)).with(time);
        ManualScheduler scheduler = ManualScheduler.of(hourly(), runner, time.now()); // 2026-01-01T00:00:00Z

        time.sleep(Duration.ofMinutes(59));
        scheduler.advanceTo(time.now());
        assertThat(nas, "tank/data").hasHistory("");

        time.sleep(Duration.ofMinutes(1));
        scheduler.advanceTo(time.now());
        assertThat(nas, "tank/data").hasHistory("@auto-2026-01-01_01-00");

        nas.failNext(command -> command instanceof ZfsCommand.TakeSnapshots, ZfsFailure.Kind.NO_SPACE);
        time.sleep(Duration.ofHours(1));
        scheduler.advanceTo(time.now());
        assertThat(scheduler.history().get(0).outcome().ending()).isEqualTo(JobOutcome.Ending.ERROR);
    }
}
