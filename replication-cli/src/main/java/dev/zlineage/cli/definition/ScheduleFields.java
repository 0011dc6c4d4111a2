// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.scheduler.cron.CronSchedule;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** A schedule: five fields of cron, and a part of the day. */
final class ScheduleFields {

    private ScheduleFields() {}

    static Optional<CronSchedule> read(Fields above, String name) {
        return above.fields(name).flatMap(fields -> read(fields, above, name));
    }

    private static Optional<CronSchedule> read(Fields fields, Fields above, String name) {
        String cron = String.join(
                " ",
                fields.needed("minute"),
                fields.needed("hour"),
                fields.needed("day-of-month"),
                fields.needed("month"),
                fields.needed("day-of-week"));
        Optional<LocalTime> begin = fields.read("begin", ScheduleFields::time);
        Optional<LocalTime> end = fields.read("end", ScheduleFields::time);
        boolean window = fields.has("begin") || fields.has("end");
        try {
            CronSchedule schedule = CronSchedule.of(cron);
            return Optional.of(
                    window ? schedule.within(begin.orElse(LocalTime.MIN), end.orElse(LocalTime.of(23, 59))) : schedule);
        } catch (IllegalArgumentException e) {
            above.wrong(name, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text.length() == 4 ? "0" + text : text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no time of the day, such as 09:00", e);
        }
    }
}
