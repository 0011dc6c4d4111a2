// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.TaskTransport;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TickTest {

    private static final String SCHEMA = "auto-%Y-%m-%d_%H-%M";
    private static final PeriodicSnapshotTask HOURLY =
            PeriodicSnapshotTask.of("hourly", "tank/data", SCHEMA, CronSchedule.of("0 * * * *"));
    private static final PeriodicSnapshotTask NIGHTLY =
            PeriodicSnapshotTask.of("nightly", "tank/data", SCHEMA, CronSchedule.of("30 2 * * *"));

    private static ReplicationTask.Builder bound(String id, String to) {
        return ReplicationTask.of(id, Direction.PUSH, new TaskTransport.Local(), List.of("tank/data"), "backup/" + id)
                .snapshots(new SnapshotChoice(
                        List.of(to), List.of(), List.of(), Optional.empty(), Optional.empty(), false));
    }

    private static final Definition ALL = new Definition(
            ZoneId.of("Europe/Berlin"),
            Optional.empty(),
            false,
            List.of(HOURLY, NIGHTLY, NIGHTLY.disabled()),
            List.of(
                    bound("follows", "hourly").auto().build(),
                    bound("by-hand", "hourly").build(),
                    bound("at-three", "hourly")
                            .auto()
                            .schedule(CronSchedule.of("0 3 * * *"))
                            .build(),
                    bound("off", "hourly").auto().enabled(false).build()));

    private static String due(Tick tick) {
        return tick.snapshots().stream().map(PeriodicSnapshotTask::id).toList() + " "
                + tick.replications().stream().map(ReplicationTask::id).toList();
    }

    private static String at(String instant) {
        return due(Tick.at(ALL, Instant.parse(instant)));
    }

    /** Tasks with a schedule of their own do not follow, tasks that are not automatic wait for somebody to ask. */
    @Test
    void theClockOfTheZoneTellsWhatIsDue() {
        assertThat(at("2026-01-10T01:00:00Z")).isEqualTo("[hourly] [follows]");
        assertThat(at("2026-01-10T01:00:59Z")).isEqualTo("[hourly] [follows]");
        assertThat(at("2026-01-10T02:00:00Z")).isEqualTo("[hourly] [follows, at-three]");
        assertThat(at("2026-01-10T01:30:00Z")).isEqualTo("[nightly] []");
        assertThat(at("2026-01-10T01:29:00Z")).isEqualTo("[] []");
    }

    /** Half past two is skipped in spring, and shown twice in autumn. */
    @Test
    void whereTheClockIsChanged() {
        assertThat(at("2026-03-29T00:30:00Z")).isEqualTo("[] []");
        assertThat(at("2026-03-29T01:00:00Z")).isEqualTo("[hourly] [follows, at-three]");
        assertThat(at("2026-03-29T01:30:00Z")).isEqualTo("[] []");
        assertThat(at("2026-10-25T00:30:00Z")).isEqualTo("[nightly] []");
        assertThat(at("2026-10-25T01:30:00Z")).isEqualTo("[nightly] []");
        assertThat(Tick.at(ALL, Instant.parse("2026-10-25T00:30:00Z")).shownAgain())
                .isFalse();
        assertThat(Tick.at(ALL, Instant.parse("2026-10-25T01:30:00Z")).shownAgain())
                .isTrue();
        assertThat(Tick.at(ALL, Instant.parse("2026-10-25T02:30:00Z")).shownAgain())
                .isFalse();
    }

    /** Each behind those that it runs after, and not with the snapshots that it sends. */
    @Test
    void whatRunsAfterATaskIsDueWithIt() {
        Definition chain = new Definition(
                ZoneId.of("Europe/Berlin"),
                Optional.empty(),
                false,
                List.of(HOURLY, NIGHTLY),
                List.of(
                        after("last", "middle", "off"),
                        after("middle", "first"),
                        after("other", "by-hand"),
                        bound("first", "hourly").auto().build(),
                        bound("by-hand", "hourly").build(),
                        bound("off", "hourly").auto().enabled(false).build()));

        assertThat(due(Tick.at(chain, Instant.parse("2026-01-10T01:00:00Z"))))
                .isEqualTo("[hourly] [first, middle, last]");
        assertThat(due(Tick.at(chain, Instant.parse("2026-01-10T01:30:00Z")))).isEqualTo("[nightly] []");
        assertThat(due(Tick.all(chain, Instant.EPOCH)))
                .isEqualTo("[hourly, nightly] [first, middle, last, by-hand, other]");
        assertThat(due(Tick.of(chain, Instant.EPOCH, "by-hand"))).isEqualTo("[] [by-hand, other]");
        assertThat(due(Tick.of(chain, Instant.EPOCH, "last"))).isEqualTo("[] [last]");
    }

    private static ReplicationTask after(String id, String... others) {
        return bound(id, "hourly")
                .auto()
                .own(OwnOptions.DEFAULTS.withAfter(List.of(others)))
                .build();
    }

    @Test
    void byHandOneTaskOrAll() {
        Instant any = Instant.parse("2026-01-10T01:17:23Z");
        assertThat(due(Tick.of(ALL, any, "by-hand"))).isEqualTo("[] [by-hand]");
        assertThat(due(Tick.of(ALL, any, "at-three"))).isEqualTo("[] [at-three]");
        assertThat(due(Tick.of(ALL, any, "hourly"))).isEqualTo("[hourly] [follows]");
        assertThat(due(Tick.all(ALL, any))).isEqualTo("[hourly, nightly] [follows, by-hand, at-three]");
        assertThat(Tick.of(ALL, any, "hourly").byHand()).isTrue();
        assertThat(Tick.at(ALL, any).byHand()).isFalse();
    }

    @Test
    void aTaskThatCanNotBeAskedFor() {
        assertThatThrownBy(() -> Tick.of(ALL, Instant.EPOCH, "off"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the task 'off' is disabled; set enabled: true to run it");
        assertThatThrownBy(() -> Tick.of(ALL, Instant.EPOCH, "none"))
                .hasMessage("there is no task 'none'; there are hourly, nightly, follows, by-hand, at-three, off");
    }
}
