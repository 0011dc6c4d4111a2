// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.cron;

import dev.zlineage.core.select.Schedule;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.BitSet;
import java.util.Optional;

/**
 * A schedule in five fields of cron: minute, hour, day of the month, month, day of the week; {@code 0 22 * * mon-fri} is ten
 * in the evening of workdays. Fields hold numbers, names of months and days, lists, ranges and steps. Where both the day of
 * the month and the day of the week are restricted, a day that is one of them is enough, as cron has it.
 *
 * <p>It goes by the clock on the wall. A minute that the clock skips when summer begins is not due that day; one that it
 * shows twice when summer ends is due twice.
 *
 * <p>Immutable.
 */
public final class CronSchedule implements Schedule {

    private static final int MINUTES_A_DAY = 24 * 60;
    private static final int YEARS = 40;

    private final String expression;
    private final LocalTime begin;
    private final LocalTime end;
    private final CronFields fields;
    private final BitSet minutesOfDay;

    private CronSchedule(String expression, CronFields fields, LocalTime begin, LocalTime end) {
        this.expression = expression;
        this.fields = fields;
        this.begin = begin;
        this.end = end;
        this.minutesOfDay = new BitSet(MINUTES_A_DAY);
        for (int minute = 0; minute < MINUTES_A_DAY; minute++) {
            minutesOfDay.set(
                    minute, fields.hours().get(minute / 60) && fields.minutes().get(minute % 60) && inWindow(minute));
        }
    }

    /**
     * Reads a schedule that is due all around the clock.
     *
     * @param expression five fields, with blanks between
     * @return the schedule
     * @throws IllegalArgumentException saying what is wrong with it, also where it would never be due
     */
    public static CronSchedule of(String expression) {
        String[] words = expression.strip().split("\\s+", -1);
        if (words.length != 5) {
            throw refuse(
                    expression,
                    "it needs five fields: minute, hour, day of the month, month, day of the week, such as '0 22 * * *'");
        }
        String five = String.join(" ", words);
        CronFields fields;
        try {
            fields = CronFields.of(five);
        } catch (IllegalArgumentException e) {
            throw refuse(expression, String.valueOf(e.getMessage()));
        }
        if (fields.anyDayOfWeek() && !hasDate(fields)) {
            throw refuse(expression, "none of its months has such a day");
        }
        return new CronSchedule(five, fields, LocalTime.MIN, LocalTime.MIN);
    }

    /**
     * The same schedule within a part of the day alone.
     *
     * @param first the first minute of it
     * @param last the last minute of it, which belongs to it; one before the first is of the next day, and the same as the
     *     first is all around the clock
     * @return the restricted schedule
     * @throws IllegalArgumentException if it would never be due
     */
    public CronSchedule within(LocalTime first, LocalTime last) {
        CronSchedule restricted = new CronSchedule(
                expression, fields, first.truncatedTo(ChronoUnit.MINUTES), last.truncatedTo(ChronoUnit.MINUTES));
        if (restricted.minutesOfDay.isEmpty()) {
            throw refuse(expression, "it is never due between " + restricted.begin + " and " + restricted.end);
        }
        return restricted;
    }

    @Override
    public boolean matches(LocalDateTime minute) {
        return minutesOfDay.get(minute.getHour() * 60 + minute.getMinute()) && matches(minute.toLocalDate());
    }

    /**
     * When it is due next.
     *
     * @param after a moment, in the zone whose clock counts
     * @return the first minute that begins later; empty if there is none in forty years
     */
    public Optional<ZonedDateTime> next(ZonedDateTime after) {
        ZonedDateTime limit = after.plusYears(YEARS);
        ZonedDateTime at = after.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        while (at.isBefore(limit)) {
            int minute = minuteOf(at.toLocalTime());
            int due = matches(at.toLocalDate()) ? minutesOfDay.nextSetBit(minute) : -1;
            if (due == minute) {
                return Optional.of(at);
            }
            at = due < 0 ? nextDay(at) : noFurtherThanAChange(at, at.plusMinutes(due - minute));
        }
        return Optional.empty();
    }

    /**
     * When the part of the day ends to which it is restricted.
     *
     * @param at a moment, in the zone whose clock counts
     * @return the first end of it that is later, which is when the minute after its last one begins; empty if it is due all
     *     around the clock
     */
    public Optional<ZonedDateTime> windowEnd(ZonedDateTime at) {
        if (begin.equals(end)) {
            return Optional.empty();
        }
        LocalTime over = end.plusMinutes(1);
        ZonedDateTime today = at.toLocalDate().atTime(over).atZone(at.getZone());
        return Optional.of(
                today.isAfter(at)
                        ? today
                        : at.toLocalDate().plusDays(1).atTime(over).atZone(at.getZone()));
    }

    /**
     * Whether a time lies in the part of the day to which it is restricted.
     *
     * @param time what the clock shows
     * @return true also where it is due all around the clock
     */
    public boolean inWindow(LocalTime time) {
        return inWindow(minuteOf(time));
    }

    /** Where the next day begins, or the clock is changed before: it may go back into a day that was over. */
    private static ZonedDateTime nextDay(ZonedDateTime at) {
        ZonedDateTime start = at.toLocalDate().plusDays(1).atStartOfDay(at.getZone());
        ZonedDateTime next = start.isAfter(at) ? start : start.withLaterOffsetAtOverlap();
        return noFurtherThanAChange(at, next);
    }

    private static ZonedDateTime noFurtherThanAChange(ZonedDateTime at, ZonedDateTime next) {
        ZoneOffsetTransition change = at.getZone().getRules().nextTransition(at.toInstant());
        if (change == null) {
            return next;
        }
        Instant changed = change.getInstant();
        return changed.isBefore(next.toInstant()) ? changed.atZone(at.getZone()) : next;
    }

    private boolean matches(LocalDate day) {
        if (!fields.months().get(day.getMonthValue())) {
            return false;
        }
        boolean ofMonth = fields.daysOfMonth().get(day.getDayOfMonth());
        boolean ofWeek = fields.daysOfWeek().get(day.getDayOfWeek().getValue() % 7);
        return fields.anyDayOfMonth() || fields.anyDayOfWeek() ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    private boolean inWindow(int minuteOfDay) {
        int first = minuteOf(begin);
        int last = minuteOf(end);
        if (first <= last) {
            return first == last || minuteOfDay >= first && minuteOfDay <= last;
        }
        return minuteOfDay >= first || minuteOfDay <= last;
    }

    private static int minuteOf(LocalTime time) {
        return time.getHour() * 60 + time.getMinute();
    }

    private static boolean hasDate(CronFields fields) {
        int first = fields.daysOfMonth().nextSetBit(1);
        return fields.months().stream().anyMatch(month -> Month.of(month).maxLength() >= first);
    }

    private static IllegalArgumentException refuse(String expression, String why) {
        return new IllegalArgumentException("'" + expression + "' is no schedule: " + why);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronSchedule that
                && expression.equals(that.expression)
                && begin.equals(that.begin)
                && end.equals(that.end);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * expression.hashCode() + begin.hashCode()) + end.hashCode();
    }

    /** The five fields, and the part of the day if it is restricted to one. */
    @Override
    public String toString() {
        return begin.equals(end) ? expression : expression + " from " + begin + " to " + end;
    }
}
