// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import java.util.Locale;

/** Numbers of bytes for people. */
public final class Bytes {

    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Bytes() {}

    /**
     * Such as {@code 512 B}, {@code 1.5 KiB} or {@code 27 GiB}.
     *
     * @param bytes not negative
     * @return two digits or more, and a unit by powers of 1024
     */
    public static String words(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }
}
