// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/**
 * How something grows.
 *
 * @param name what grows
 * @param xs how many there are
 * @param ys what each number costs
 */
record Curve(String name, List<Double> xs, List<Double> ys) {

    Curve(String name) {
        this(name, new ArrayList<>(), new ArrayList<>());
    }

    void add(double x, double y) {
        xs.add(x);
        ys.add(y);
    }

    /** The slope of a line through the upper half of the points, where both axes are logarithmic: 1 is linear, 0 constant. */
    double exponent() {
        int from = xs.size() / 2 - (xs.size() > 2 ? 1 : 0);
        int n = xs.size() - from;
        double sx = 0;
        double sy = 0;
        double sxx = 0;
        double sxy = 0;
        for (int i = from; i < xs.size(); i++) {
            double x = Math.log(xs.get(i));
            double y = Math.log(ys.get(i));
            sx += x;
            sy += y;
            sxx += x * x;
            sxy += x * y;
        }
        return (n * sxy - sx * sy) / (n * sxx - sx * sx);
    }
}
