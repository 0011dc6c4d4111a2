// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.select.NamingSchema.Reading;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamingSchemaTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auto-%Y-%m-%d_%H-%M",
                "auto-%Y%m%d%H%M",
                "%Y-%m-%d %H:%M:%S",
                "autosnap_%Y-%m-%d_%H:%M:%S_hourly",
                "x%z.%d.%m.%Y-%H.%M",
                "%Y-%m-%d_%H-%M-%z",
                "epoch-%s",
                "9%s5"
            })
    void whatItWritesItReadsBack(String pattern) {
        NamingSchema schema = NamingSchema.of(pattern);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            ZonedDateTime time = Instant.ofEpochSecond(60L * random.nextInt(1 << 26))
                    .atZone(random.nextBoolean() ? BERLIN : ZoneId.of("America/St_Johns"));
            String label = schema.label(time);
            for (Reading reading : Reading.values()) {
                Optional<NameTime> read = schema.read(label, reading);
                assertThat(read).as("%s by %s, seed %d", label, pattern, seed).isPresent();
                if (schema.tellsOffset()) {
                    assertThat(read.get().instant(ZoneOffset.UTC))
                            .as("%s, seed %d", label, seed)
                            .isEqualTo(time.toInstant());
                } else {
                    assertThat(read.get().local())
                            .as("%s, seed %d", label, seed)
                            .isEqualTo(time.toLocalDateTime());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "auto-%Y-%m-%d_%H-%M | auto-2026-03-29_02-00 | true | true",
                "auto-%Y-%m-%d_%H-%M | AUTO-2026-3-9_2-0 | false | true",
                "auto-%Y-%m-%d_%H-%M | auto-2026-02-30_02-00 | false | false",
                "auto-%Y-%m-%d_%H-%M | auto-2026-03-29_24-00 | false | false",
                "auto-%Y-%m-%d_%H-%M | auto-2026-03-29_02-00-x | false | false",
                "auto-%Y-%m-%d_%H-%M | xauto-2026-03-29_02-00 | false | false",
                "a.b-%s | a.b-1700000000 | true | true",
                "a.b-%s | axb-1700000000 | false | false",
                "%Y%m%d-%H%M | 20260329-0200 | true | true",
                "%Y-%m-%d_%H-%M%z | 2026-03-29_02-00:0130 | true | true",
                "%Y-%m-%d_%H-%M%z | 2026-03-29_02-00+0130 | false | false"
            })
    void strictAndLenientReading(String pattern, String label, boolean strict, boolean lenient) {
        NamingSchema schema = NamingSchema.of(pattern);

        assertThat(schema.read(label, Reading.STRICT).isPresent()).isEqualTo(strict);
        assertThat(schema.read(label, Reading.LENIENT).isPresent()).isEqualTo(lenient);
    }

    @Test
    void theOffsetIsReadWhicheverWayItIsWritten() {
        NamingSchema schema = NamingSchema.of("%Y-%m-%d_%H-%M_%z");

        assertThat(schema.read("2026-03-29_02-00_--0130", Reading.STRICT).flatMap(NameTime::offset))
                .contains(ZoneOffset.ofHoursMinutes(1, 30));
        assertThat(schema.read("2026-03-29_02-00_:0130", Reading.STRICT).flatMap(NameTime::offset))
                .contains(ZoneOffset.ofHoursMinutes(1, 30));
        assertThat(schema.read("2026-03-29_02-00_-0130", Reading.STRICT).flatMap(NameTime::offset))
                .contains(ZoneOffset.ofHoursMinutes(-1, -30));
    }

    @Test
    void theSecondsSince1970HaveNoZone() {
        NameTime time = NamingSchema.of("%s").read("1774746000", Reading.STRICT).orElseThrow();

        assertThat(time.instant(BERLIN)).isEqualTo(Instant.ofEpochSecond(1774746000));
        assertThat(time.instant(ZoneOffset.UTC)).isEqualTo(Instant.ofEpochSecond(1774746000));
        assertThat(time.wallClock(BERLIN)).isEqualTo(LocalDateTime.of(2026, 3, 29, 3, 0));
    }

    @Test
    void theHourThatTheClockShowsTwiceIsTheFirstAndThatWhichItSkipsIsLater() {
        NamingSchema schema = NamingSchema.of("%Y-%m-%d_%H-%M");

        assertThat(schema.read("2026-10-25_02-30", Reading.STRICT).orElseThrow().instant(BERLIN))
                .isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
        assertThat(schema.read("2026-03-29_02-30", Reading.STRICT).orElseThrow().instant(BERLIN))
                .isEqualTo(Instant.parse("2026-03-29T01:30:00Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "auto-%Y-%m-%d_%H | %M is missing",
                "auto | %Y is missing",
                "auto-%Y-%m-%d_%H-%M-%M | %M is there twice",
                "auto-%Y-%m-%d_%H-%M-%Z | %Z is none of the placeholders",
                "auto-%Y-%m-%d_%H-%M-%% | %% is none of the placeholders",
                "auto-%Y-%m-%d_%H-%M-% | % is none of the placeholders",
                "auto-%s-%Y | goes with no other placeholder",
                "auto--%Y-%m-%d_%H-%M%z | would be read as the plus",
                "auto/%Y-%m-%d_%H-%M | letters, digits, blanks"
            })
    void refusesWhatCouldNotBeReadBack(String pattern, String why) {
        assertThatThrownBy(() -> NamingSchema.of(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + pattern + "' is no naming schema")
                .hasMessageContaining(why);
    }
}
