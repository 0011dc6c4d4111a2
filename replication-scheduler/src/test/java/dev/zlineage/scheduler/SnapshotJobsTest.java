// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.HookPrograms;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.SnapshotOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Snapshot tasks that are due in one minute. */
class SnapshotJobsTest {

    private static final HookPrograms HOOKS =
            new HookPrograms(Optional.of("/bin/true"), Optional.empty(), Duration.ofHours(1), false);

    private final List<PeriodicSnapshotTask> tasks = new ArrayList<>();

    private void plain(String id, String dataset) {
        tasks.add(PeriodicSnapshotTask.of(id, dataset, "auto-%Y-%m-%d_%H-%M", CronSchedule.of("0 * * * *")));
    }

    private void hooked(String id, String dataset) {
        plain(id, dataset);
        tasks.add(tasks.remove(tasks.size() - 1).with(SnapshotOptions.DEFAULTS.withHooks(HOOKS)));
    }

    private List<List<String>> jobs() throws InterruptedException {
        Definition definition = new Definition(ZoneId.of("UTC"), Optional.empty(), false, tasks, List.of());
        RecordingRunner runner = new RecordingRunner();
        ManualScheduler.of(definition, runner, Instant.parse("2026-05-01T00:00:30Z"))
                .advanceTo(Instant.parse("2026-05-01T01:00:30Z"));
        return runner.ran.stream().map(Job::tasks).toList();
    }

    @Test
    void thoseWithHooksAreOneWithTheirTreeAlone() throws InterruptedException {
        plain("other", "tank/other");
        hooked("database", "tank/db");
        plain("around", "tank/db/logs/old");
        hooked("logs", "tank/db/logs");
        hooked("alone", "tank/db2");
        plain("last", "tank/last");
        assertThat(jobs())
                .containsExactlyInAnyOrder(
                        List.of("database", "around", "logs"), List.of("alone"), List.of("other", "last"));
    }

    @Test
    void whatIsOfOneTreeWithAllOthersIsOneWithThem() throws InterruptedException {
        plain("one", "tank/one");
        plain("two", "tank/two");
        hooked("all", "tank");
        assertThat(jobs()).containsExactly(List.of("all", "one", "two"));
    }

    @Test
    void theOthersAreOneUpToAMeasure() throws InterruptedException {
        for (int i = 0; i < 1001; i++) {
            plain("task-" + i, "tank/" + i);
        }
        assertThat(jobs()).extracting(List::size).containsExactly(500, 500, 1);
    }
}
