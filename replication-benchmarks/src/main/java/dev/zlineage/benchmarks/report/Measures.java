// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.report;

import java.util.Arrays;
import java.util.Locale;

/**
 * Several measures of one thing.
 *
 * @param median the middle one
 * @param least the least
 * @param most the most
 */
record Measures(double median, double least, double most) {

    static Measures of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Measures(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** As in {@code 12.3 (11.9 to 14.0)}. */
    String text(String format) {
        return String.format(Locale.ROOT, format + " (" + format + " to " + format + ")", median, least, most);
    }
}
