// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Small texts. */
final class Words {

    private Words() {}

    static boolean verbose(List<String> args) {
        return args.contains("-v") || args.contains("--verbose");
    }

    /** Such as {@code 0:07}, {@code 12:30} or {@code 3:00:00}. */
    static String time(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    /** NO_SPACE becomes no-space. */
    static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
