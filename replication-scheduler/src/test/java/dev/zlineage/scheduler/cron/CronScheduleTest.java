// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

    @ParameterizedTest
    @CsvSource({
        "00 * * * *, 2026-03-29T05:00, true",
        "00 * * * *, 2026-03-29T05:01, false",
        "00 * * * *, 2026-03-29T05:00:59, true",
        "*/15 8-10 * * *, 2026-03-29T10:45, true",
        "*/15 8-10 * * *, 2026-03-29T11:00, false",
        "5-59/20 * * * *, 2026-03-29T11:25, true",
        "5-59/20 * * * *, 2026-03-29T11:20, false",
        "50/5 * * * *, 2026-03-29T11:55, true",
        "'0,30 6,18 * * *', 2026-03-29T18:30, true",
        "0 0 * jan-mar *, 2026-03-29T00:00, true",
        "0 0 * JAN *, 2026-03-29T00:00, false",
        "0 0 * * sun, 2026-03-29T00:00, true",
        "0 0 * * 0, 2026-03-29T00:00, true",
        "0 0 * * 7, 2026-03-29T00:00, true",
        "0 0 * * 5-7, 2026-03-29T00:00, true",
        "0 0 * * fri-sat, 2026-03-29T00:00, false",
        "'0 0 * * sat,sun', 2026-03-29T00:00, true",
        "0 0 1 * sun, 2026-03-29T00:00, true",
        "0 0 29 * mon, 2026-03-29T00:00, true",
        "0 0 1 * mon, 2026-03-29T00:00, false",
        "0 0 29 2 *, 2028-02-29T00:00, true"
    })
    void matches(String cron, String minute, boolean due) {
        assertThat(CronSchedule.of(cron).matches(LocalDateTime.parse(minute))).isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource({
        "09:00, 17:00, 08:59, false",
        "09:00, 17:00, 09:00, true",
        "09:00, 17:00, 17:00, true",
        "09:00, 17:00, 17:01, false",
        "22:00, 06:00, 23:30, true",
        "22:00, 06:00, 06:00, true",
        "22:00, 06:00, 06:01, false",
        "22:00, 06:00, 21:59, false",
        "12:00, 12:00, 03:00, true",
        "00:00, 23:59, 23:59, true"
    })
    @DisplayName(
            "a window holds its first and its last minute, may go over midnight, and with one time is the whole day")
    void window(String begin, String end, String time, boolean due) {
        CronSchedule schedule = CronSchedule.of("* * * * *").within(LocalTime.parse(begin), LocalTime.parse(end));

        assertThat(schedule.matches(LocalDateTime.parse("2026-03-29T" + time))).isEqualTo(due);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "* * * * * *",
                "60 * * * *",
                "0 24 * * *",
                "0 0 0 * *",
                "0 0 32 * *",
                "0 0 * 13 *",
                "0 0 * * 8",
                "0 0 * * someday",
                "*/0 * * * *",
                "20-10 * * * *",
                "0 0 30 2 *",
                "0 0 31 4,6,9,11 *",
                "0 0 L * *",
                "0 0 15W * *",
                "0 0 ? * *",
                "@daily"
            })
    void refusesWhatIsNoScheduleOrNeverDue(String cron) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CronSchedule.of(cron))
                .withMessageStartingWith("'" + cron + "' is no schedule: ")
                .withMessageNotContaining("null");
    }

    @Test
    void refusesAWindowThatItIsNeverDueIn() {
        CronSchedule noon = CronSchedule.of("0 12 * * *");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> noon.within(LocalTime.of(13, 0), LocalTime.of(11, 0)))
                .withMessage("'0 12 * * *' is no schedule: it is never due between 13:00 and 11:00");
    }

    @ParameterizedTest
    @CsvSource({
        // 02:00 to 02:59 is skipped on 29 March and comes twice on 25 October
        "30 2 * * *, Europe/Berlin, 2026-03-28T12:00+01:00, 2026-03-30T02:30+02:00",
        "30 2 * * *, Europe/Berlin, 2026-10-24T12:00+02:00, 2026-10-25T02:30+02:00",
        "30 2 * * *, Europe/Berlin, 2026-10-25T02:30+02:00, 2026-10-25T02:30+01:00",
        "30 2 * * *, Europe/Berlin, 2026-10-25T02:30+01:00, 2026-10-26T02:30+01:00",
        "0 0 29 2 *, UTC, 2026-01-01T00:00Z, 2028-02-29T00:00Z",
        "59 23 31 12 *, UTC, 2026-12-31T23:59Z, 2027-12-31T23:59Z",
        // the clock goes back from 00:01, so that midnight comes twice
        "0 12 1 1 *, America/St_Johns, 2005-10-29T12:00-02:30, 2006-01-01T12:00-03:30",
        "0 * * * *, UTC, 2026-01-01T00:00:30Z, 2026-01-01T01:00Z"
    })
    void next(String cron, String zone, String after, String expected) {
        ZoneId id = ZoneId.of(zone);

        assertThat(CronSchedule.of(cron)
                        .next(ZonedDateTime.parse(after).withZoneSameInstant(id))
                        .map(ZonedDateTime::toInstant))
                .contains(ZonedDateTime.parse(expected).toInstant());
    }

    @Test
    @DisplayName("next is what a clock would find that looks each minute, over every change of the clock")
    void nextAgreesWithAClock() {
        long seed = 20261125;
        Random random = new Random(seed);
        String[] zones = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "UTC"};
        String[] starts = {"2026-03-27T00:00Z", "2026-10-23T00:00Z", "2026-04-03T00:00Z", "2026-09-04T00:00Z"};
        for (int round = 0; round < 400; round++) {
            CronSchedule schedule = CronSchedule.of(random.nextInt(60) + " " + some(random, 24, "1-3") + " "
                            + some(random, 28, "*") + " * " + some(random, 7, "*"))
                    .within(LocalTime.MIN, random.nextBoolean() ? LocalTime.MIN : LocalTime.of(23, 59));
            ZonedDateTime after = ZonedDateTime.parse(starts[random.nextInt(starts.length)])
                    .plusMinutes(random.nextInt(3 * 24 * 60))
                    .withZoneSameInstant(ZoneId.of(zones[random.nextInt(zones.length)]));

            Optional<ZonedDateTime> next = schedule.next(after);

            assertThat(next)
                    .as("seed %d, round %d: %s after %s", seed, round, schedule, after)
                    .contains(byLooking(schedule, after));
        }
    }

    @Test
    @DisplayName("where the clock goes back over midnight, what is left of the day before is due again")
    void backOverMidnight() {
        ZoneId newfoundland = ZoneId.of("America/St_Johns");
        CronSchedule schedule = CronSchedule.of("30 23 29 10 *");
        ZonedDateTime first = ZonedDateTime.of(LocalDateTime.parse("2005-10-29T23:30"), newfoundland);

        ZonedDateTime second = schedule.next(first).orElseThrow();

        assertThat(ChronoUnit.MINUTES.between(first, second)).isEqualTo(60);
        assertThat(second).isEqualTo(byLooking(schedule, first));
    }

    private static String some(Random random, int bound, String otherwise) {
        return random.nextInt(3) == 0 ? String.valueOf(1 + random.nextInt(bound - 1)) : otherwise;
    }

    private static ZonedDateTime byLooking(CronSchedule schedule, ZonedDateTime after) {
        ZonedDateTime at = after.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        while (!schedule.matches(at.toLocalDateTime())) {
            at = at.plusMinutes(1);
        }
        return at;
    }
}
