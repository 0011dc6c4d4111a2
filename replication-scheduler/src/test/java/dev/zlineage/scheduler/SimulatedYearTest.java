// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.RunRules;
import dev.zlineage.scheduler.task.RunRules.Missed;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.TaskTransport;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A year of schedules in zones that change their clocks in different ways, on a machine that sleeps and whose clock is set.
 * The oracle looks at each minute of the year by the clock on the wall, and knows nothing of cron.
 */
@Tag("once")
class SimulatedYearTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:30Z");
    private static final Instant END = Instant.parse("2027-01-01T00:00:30Z");

    /** From when to when the machine sleeps: a minute, an hour, a night over each change of clocks, eleven days. */
    private static final List<Instant[]> SLEEPS = List.of(
            sleep("2026-01-20T10:00:10Z", "2026-01-20T10:01:10Z"),
            sleep("2026-02-03T11:20:00Z", "2026-02-03T12:20:20Z"),
            sleep("2026-03-28T20:05:00Z", "2026-03-29T07:00:10Z"),
            sleep("2026-05-01T00:00:00Z", "2026-05-12T03:33:33Z"),
            sleep("2026-10-24T21:00:00Z", "2026-10-25T05:10:00Z"));

    /** When the clock is set back, and by how much. What was due is not due again. */
    private static final Map<Instant, Duration> BACK = Map.of(
            Instant.parse("2026-06-10T12:00:40Z"), Duration.ofHours(2),
            Instant.parse("2026-08-01T00:10:00Z"), Duration.ofSeconds(90));

    private static final Map<String, Predicate<LocalDateTime>> WALL = Map.of(
            "quarters", at -> at.getMinute() % 15 == 0,
            "nightly", at -> at.toLocalTime().equals(LocalTime.of(2, 30)),
            "weekly",
                    at -> at.getDayOfWeek() == DayOfWeek.SUNDAY
                            && at.toLocalTime().equals(LocalTime.of(1, 59)),
            "monthly", at -> at.getDayOfMonth() == 1 && at.toLocalTime().equals(LocalTime.of(5, 0)),
            "overnight", at -> at.getMinute() % 20 == 0 && (at.getHour() >= 22 || at.getHour() < 3),
            "all", at -> at.getMinute() == 7 && at.getHour() % 6 == 0,
            "skipped", at -> at.getMinute() == 0);

    private static Instant[] sleep(String from, String to) {
        return new Instant[] {Instant.parse(from), Instant.parse(to)};
    }

    private static PeriodicSnapshotTask snapshots(String id, String cron) {
        return PeriodicSnapshotTask.of(id, "tank/" + id, "auto-%Y-%m-%d_%H-%M", CronSchedule.of(cron));
    }

    private static ReplicationTask replication(String id, CronSchedule schedule, Missed missed) {
        return task(id).schedule(schedule)
                .own(OwnOptions.DEFAULTS.withRules(RunRules.DEFAULT.missed(missed)))
                .build();
    }

    private static ReplicationTask.Builder task(String id) {
        return ReplicationTask.of(id, Direction.PUSH, new TaskTransport.Local(), List.of("tank/" + id), "backup/" + id)
                .auto()
                .snapshots(new SnapshotChoice(
                        List.of(),
                        List.of(),
                        List.of("auto-%Y-%m-%d_%H-%M"),
                        Optional.empty(),
                        Optional.empty(),
                        false));
    }

    private static Definition definition(ZoneId zone) {
        return new Definition(
                zone,
                Optional.empty(),
                false,
                List.of(snapshots("quarters", "*/15 * * * *"), snapshots("nightly", "30 2 * * *")),
                List.of(
                        replication("weekly", CronSchedule.of("59 1 * * sun"), Missed.ONCE),
                        replication("monthly", CronSchedule.of("0 5 1 * *"), Missed.ONCE),
                        replication(
                                "overnight",
                                CronSchedule.of("*/20 * * * *").within(LocalTime.of(22, 0), LocalTime.of(2, 59)),
                                Missed.ONCE),
                        replication("all", CronSchedule.of("7 */6 * * *"), Missed.ALL),
                        replication("skipped", CronSchedule.of("0 * * * *"), Missed.SKIP),
                        task("follows")
                                .snapshots(new SnapshotChoice(
                                        List.of("nightly"),
                                        List.of(),
                                        List.of(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        false))
                                .build()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "Europe/Berlin",
                "America/New_York",
                "America/Sao_Paulo",
                "Australia/Lord_Howe",
                "Pacific/Apia",
                "Asia/Kathmandu",
                "Africa/Casablanca"
            })
    void whatRunsAndWhen(String zone) throws InterruptedException {
        RecordingRunner runner = new RecordingRunner();
        Definition definition = definition(ZoneId.of(zone));
        ManualScheduler scheduler = ManualScheduler.of(definition, runner, BEGIN);
        List<Instant> stops = new ArrayList<>();
        SLEEPS.forEach(sleep -> stops.add(sleep[0]));
        stops.addAll(BACK.keySet());
        stops.sort(Comparator.naturalOrder());
        for (Instant stop : stops) {
            scheduler.advanceTo(stop);
            if (BACK.containsKey(stop)) {
                scheduler.set(stop.minus(BACK.get(stop)));
            } else {
                scheduler.set(wakes(stop));
            }
        }
        scheduler.advanceTo(END);

        List<String> expected = expected(definition.zone());
        assertThat(runner.lines().stream().sorted().toList()).isEqualTo(expected);
        assertThat(expected).hasSizeGreaterThan(30_000);
        assertThat(scheduler.status()).extracting(TaskStatus::state).allMatch(TaskState.Finished.class::isInstance);
    }

    private static Instant wakes(Instant asleep) {
        return SLEEPS.stream()
                .filter(sleep -> sleep[0].equals(asleep))
                .findFirst()
                .orElseThrow()[1];
    }

    private static List<String> expected(ZoneId zone) {
        List<String> runs = new ArrayList<>();
        Map<String, List<Instant>> slept = new TreeMap<>();
        for (Instant minute = BEGIN.plusSeconds(30); !minute.isAfter(END); minute = minute.plusSeconds(60)) {
            LocalDateTime wall = minute.atZone(zone).toLocalDateTime();
            Optional<Instant> woken = woken(minute);
            for (String task : WALL.keySet()) {
                if (WALL.get(task).test(wall)) {
                    if (woken.isEmpty()) {
                        add(runs, task, minute);
                    } else {
                        slept.computeIfAbsent(task + " " + woken.get(), key -> new ArrayList<>())
                                .add(minute);
                    }
                }
            }
        }
        slept.forEach((key, times) -> {
            String task = key.substring(0, key.indexOf(' '));
            Instant woken = Instant.parse(key.substring(key.indexOf(' ') + 1));
            List<Instant> late = times.stream()
                    .filter(time -> Duration.between(time, woken).toSeconds() >= 60)
                    .toList();
            times.stream().filter(time -> !late.contains(time)).forEach(time -> add(runs, task, time));
            if (task.equals("all")) {
                late.forEach(time -> add(runs, task, time));
            } else if (late.size() == times.size() && !task.equals("skipped")) {
                add(runs, task, late.get(late.size() - 1));
            }
        });
        return runs.stream().sorted().toList();
    }

    /** When the machine wakes, if it sleeps in this minute. */
    private static Optional<Instant> woken(Instant minute) {
        return SLEEPS.stream()
                .filter(sleep -> minute.isAfter(sleep[0]) && !minute.isAfter(sleep[1]))
                .map(sleep -> sleep[1])
                .findFirst();
    }

    private static void add(List<String> runs, String task, Instant minute) {
        runs.add(minute + " " + task);
        if (task.equals("nightly")) {
            runs.add(minute + " follows");
        }
    }
}
