// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The time that the name of a snapshot tells.
 *
 * @param local the date and time as they are written
 * @param offset the offset from UTC, where the name tells it
 */
public record NameTime(LocalDateTime local, Optional<ZoneOffset> offset) {

    /**
     * The moment that is meant.
     *
     * @param zone the zone of the clock that names without an offset were read from. Where that clock showed the time twice,
     *     the first is meant; a time that it never showed is as much later as the clock jumped
     * @return the moment
     */
    public Instant instant(ZoneId zone) {
        return offset.map(local::toInstant).orElseGet(() -> local.atZone(zone).toInstant());
    }

    /**
     * What a clock on the wall showed then.
     *
     * @param zone its zone
     * @return the time as it is written, or converted where the name tells its offset
     */
    public LocalDateTime wallClock(ZoneId zone) {
        return offset.map(o -> local.toInstant(o).atZone(zone).toLocalDateTime())
                .orElse(local);
    }
}
