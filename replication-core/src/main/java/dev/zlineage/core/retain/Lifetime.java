// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a snapshot is to live: calendar years, months and days, and hours, minutes and seconds. It is over at the very
 * moment at which the snapshot is that old, not after it.
 *
 * @param calendar the part that depends on the calendar: a month is as long as that month is, a day is from one time on the
 *     clock to the same of the next day
 * @param exact the part that does not
 */
public record Lifetime(Period calendar, Duration exact) {

    private static final Pattern ISO = Pattern.compile("(P(?!$)[^T]*)(?:T(.+))?");

    /**
     * Checks both parts.
     *
     * @throws IllegalArgumentException if one is negative, or both are nothing
     */
    public Lifetime {
        if (calendar.isNegative() || exact.isNegative() || calendar.isZero() && exact.isZero()) {
            throw new IllegalArgumentException(
                    "a lifetime is longer than nothing, and " + calendar + " and " + exact + " is not");
        }
    }

    /**
     * Reads a lifetime.
     *
     * @param iso such as {@code P2W}, {@code P1Y6M} or {@code P1DT12H}
     * @return the lifetime
     * @throws IllegalArgumentException if it is none
     */
    public static Lifetime parse(String iso) {
        Matcher parts = ISO.matcher(iso);
        try {
            if (parts.matches()) {
                String date = parts.group(1);
                String time = parts.group(2);
                return new Lifetime(
                        date.equals("P") ? Period.ZERO : Period.parse(date),
                        time == null ? Duration.ZERO : Duration.parse("PT" + time));
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(refusal(iso), e);
        }
        throw new IllegalArgumentException(refusal(iso));
    }

    private static String refusal(String iso) {
        return "'" + iso + "' is no lifetime: write it as ISO 8601 does, such as P2W, P1Y6M or P1DT12H";
    }

    /**
     * When it is over.
     *
     * @param taken when the snapshot was taken
     * @param zone whose calendar
     * @return the first moment at which the snapshot is not kept by it any more
     */
    public Instant end(Instant taken, ZoneId zone) {
        try {
            return taken.atZone(zone).plus(calendar).plus(exact).toInstant();
        } catch (DateTimeException | ArithmeticException e) {
            return Instant.MAX; // beyond all calendars
        }
    }

    /** As ISO 8601 writes it. */
    @Override
    public String toString() {
        return calendar.isZero()
                ? exact.toString()
                : calendar + (exact.isZero() ? "" : exact.toString().substring(1));
    }
}
