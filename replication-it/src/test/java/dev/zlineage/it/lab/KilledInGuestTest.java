// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.testkit.lab.OpenZfsLab;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Processes killed with signal 9 when so many bytes of a stream went through, on real OpenZFS. Whoever it was, the next run (or
 * this one, where it is not the one that was killed) brings the rest, and leaves nothing behind.
 */
@Tag("lab")
class KilledInGuestTest {

    private static final long SIZE = 12_000_000;
    private static final OpenZfsLab GUEST = OpenZfsLab.shared();
    private static GuestApplication application = GuestApplication.deploy(GUEST);
    private static int number;

    @BeforeAll
    static void install() {
        CutProgram.install(GUEST);
    }

    /** Each of the three once, with one place of each kind of stream. */
    static Stream<Arguments> some() {
        return Stream.of(
                Arguments.of("send", true, 7_000_000L),
                Arguments.of("receive", false, 5_000_000L),
                Arguments.of("run", true, 9_000_000L));
    }

    /** Thirty: three victims, both kinds of stream, five places from the first bytes to the last. */
    static Stream<Arguments> thirty() {
        return Stream.of("send", "receive", "run")
                .flatMap(who -> Stream.of(true, false)
                        .flatMap(full -> Stream.of(100L, 1_000_003L, 4_700_000L, 8_388_608L, SIZE - 20_000)
                                .map(bytes -> Arguments.of(who, full, bytes))));
    }

    @ParameterizedTest(name = "{0}, full: {1}, after {2} bytes")
    @MethodSource("some")
    @DisplayName("a kill is survived")
    void killed(String who, boolean full, long bytes) {
        survives(who, full, bytes);
    }

    @ParameterizedTest(name = "{0}, full: {1}, after {2} bytes")
    @MethodSource("thirty")
    @Tag("long")
    @DisplayName("thirty kills are survived")
    void killedEverywhere(String who, boolean full, long bytes) {
        survives(who, full, bytes);
    }

    private static void survives(String who, boolean full, long bytes) {
        String source = "tank/kill" + ++number;
        String target = "backup/kill" + number;
        GUEST.sh("""
                zfs create "$1"; head -c "$2" /dev/urandom > "/$1/file"; zfs snapshot "$1@one"
                """, source, Long.toString(SIZE));
        if (!full) {
            GUEST.sh("""
                    zfs send "$1@one" | zfs receive -u -o readonly=on "$2"
                    head -c "$3" /dev/urandom > "/$1/file"; zfs snapshot "$1@two"
                    """, source, target, Long.toString(SIZE));
        }
        String[] run = {"run", "--source", source, "--target", target, "--json", "--zfs", CutProgram.PATH};

        GuestApplication.Run first = application.zlineage(List.of(CutProgram.armed(who, bytes)), run);
        assertThat(GUEST.sh("cat /run/cut-done 2> /dev/null || true").strip())
                .as("interfered: %s", first.output())
                .isEqualTo(who);
        GuestApplication.Run last = first;
        if (who.equals("run")) {
            assertThat(first.exit()).isEqualTo(137);
            // the streams of a run that was killed end by themselves: their reports have nobody who reads them
            GUEST.sh("for i in $(seq 300); do pgrep -x zfs > /dev/null || break; sleep 0.1; done; ! pgrep -x zfs");
            last = application.zlineage(run);
        }

        assertThat(last.exit()).as(last.output()).isZero();
        assertThat(GUEST.sh("pgrep -ax zfs || true")).as("orphans").isEmpty();
        long saved = number("savedBytes", last.output());
        long sent = number("bytes", last.output());
        // what was killed near its end may have had all of it on its way
        if (bytes > 4_000_000 && bytes < SIZE - 1_000_000 && !who.equals("run")) {
            assertThat(saved).as(last.output()).isGreaterThan(bytes - 3_000_000);
        }
        if (who.equals("run") && saved > 0) {
            assertThat(sent).isLessThan(SIZE + 200_000 - saved + 1_000_000);
        }
        assertThat(GUEST.sh("zfs list -H -p -r -t snapshot -o guid \"$1\"", target))
                .isEqualTo(GUEST.sh("zfs list -H -p -r -t snapshot -o guid \"$1\"", source));
        assertThat(GUEST.sh("zfs get -H -o value receive_resume_token \"$1\"", target)
                        .strip())
                .isEqualTo("-");
        assertThat(GUEST.sh("zfs list -H -r -t snapshot -o userrefs \"$1\" | sort -u", source)
                        .strip())
                .as("holds left behind")
                .isEqualTo("0");
        assertThat(GUEST.sh("zfs list -H -r -t bookmark -o name \"$1\" | wc -l", source)
                        .strip())
                .as("bookmarks")
                .isEqualTo("1");
        assertThat(GUEST.sh("""
                mkdir -p /mnt/peek; mount -t zfs "$1@$2" /mnt/peek; sha256sum < /mnt/peek/file; umount /mnt/peek
                """, target, full ? "one" : "two")).isEqualTo(GUEST.sh("sha256sum < \"/$1/file\"", source));
        GUEST.sh("zfs destroy -r \"$1\"; zfs destroy -r \"$2\"", source, target);
        System.out.println(who + (full ? ", full" : ", increment") + ", killed after " + bytes + " bytes: " + saved
                + " saved, " + sent + " sent");
    }

    /** The last number of that name: that of the result's only dataset, or its total. */
    private static long number(String name, String json) {
        Matcher matcher =
                Pattern.compile("\"" + name + "\": (\\d+)").matcher(json.substring(json.indexOf("\"result\"")));
        assertThat(matcher.find()).as(json).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
