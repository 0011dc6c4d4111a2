// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.cli.definition.Shape.Named;
import dev.zlineage.cli.definition.Shape.Text;
import dev.zlineage.core.select.DailyRates.Window;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How fast streams may be by the time of the day: {@code 08:00-18:00: 10M}. */
final class SpeedLimitFields {

    static final Named SHAPE = new Named(new Text(Optional.empty(), false));

    private static final Pattern WINDOW = Pattern.compile("(\\d{1,2}:\\d{2})\\s*-\\s*(\\d{1,2}:\\d{2})");
    private static final Pattern RATE = Pattern.compile("(\\d{1,9})([KMG]?)");

    private SpeedLimitFields() {}

    static List<Window> read(Fields above, String name) {
        List<Window> windows = new ArrayList<>();
        above.fields(name)
                .ifPresent(fields -> fields.eachText().forEach((when, limit) -> {
                    try {
                        windows.add(window(when, limit));
                    } catch (IllegalArgumentException e) {
                        fields.wrong(when, String.valueOf(e.getMessage()));
                    }
                }));
        return windows;
    }

    private static Window window(String when, String limit) {
        Matcher times = WINDOW.matcher(when);
        if (!times.matches()) {
            throw new IllegalArgumentException("'" + when + "' is no part of the day, such as 08:00-18:00");
        }
        return new Window(time(times.group(1)), time(times.group(2)), rate(limit));
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text.length() == 4 ? "0" + text : text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no time of the day, such as 09:00", e);
        }
    }

    private static Optional<Long> rate(String text) {
        if (text.equals("none")) {
            return Optional.empty();
        }
        Matcher matcher = RATE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no rate; write bytes a second, with K, M or G for more, such as 20M, or none");
        }
        int shift = matcher.group(2).isEmpty() ? 0 : 10 * ("KMG".indexOf(matcher.group(2)) + 1);
        return Optional.of(Long.parseLong(matcher.group(1)) << shift);
    }
}
