// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * How many bytes a second may move by the time of the day. Streams under way go by it too.
 *
 * @param zone whose clock on the wall counts
 * @param windows parts of the day; of two that overlap the first counts
 */
public record DailyRates(ZoneId zone, List<Window> windows) {

    /** Copies the list. */
    public DailyRates {
        windows = List.copyOf(windows);
    }

    /**
     * A part of the day.
     *
     * @param begin when it begins
     * @param end when it is over; at or before its beginning means on the next day
     * @param bytesPerSecond how many bytes may move in a second; empty for as many as there are
     */
    public record Window(LocalTime begin, LocalTime end, Optional<Long> bytesPerSecond) {

        boolean has(LocalTime time) {
            return begin.isBefore(end)
                    ? !time.isBefore(begin) && time.isBefore(end)
                    : !time.isBefore(begin) || time.isBefore(end);
        }

        /**
         * Whether two windows have a moment in common.
         *
         * @param other another one
         * @return true if they do
         */
        public boolean overlaps(Window other) {
            return has(other.begin) || other.has(begin);
        }
    }

    /**
     * How many bytes may move in a second.
     *
     * @param moment when
     * @param otherwise what holds outside of all windows
     * @return empty for as many as there are
     */
    public Optional<Long> at(Instant moment, Optional<Long> otherwise) {
        LocalTime time = moment.atZone(zone).toLocalTime();
        return windows.stream()
                .filter(window -> window.has(time))
                .findFirst()
                .map(Window::bytesPerSecond)
                .orElse(otherwise);
    }
}
