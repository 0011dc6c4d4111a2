// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** Draws curves on logarithmic axes, as SVG. */
final class Plot {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int LEFT = 80;
    private static final int RIGHT = 190;
    private static final int TOP = 36;
    private static final int BOTTOM = 48;
    private static final String[] COLOURS = {"#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#b8860b", "#555555"};

    private final StringBuilder svg = new StringBuilder();
    private double lowX = Double.MAX_VALUE;
    private double highX = -Double.MAX_VALUE;
    private double lowY = Double.MAX_VALUE;
    private double highY = -Double.MAX_VALUE;

    private Plot() {}

    static String of(String title, String x, String y, List<Curve> curves) {
        return new Plot().draw(title, x, y, curves);
    }

    private String draw(String title, String x, String y, List<Curve> curves) {
        for (Curve curve : curves) {
            for (int i = 0; i < curve.xs().size(); i++) {
                lowX = Math.min(lowX, Math.floor(Math.log10(curve.xs().get(i))));
                highX = Math.max(highX, Math.ceil(Math.log10(curve.xs().get(i))));
                lowY = Math.min(lowY, Math.floor(Math.log10(curve.ys().get(i))));
                highY = Math.max(highY, Math.ceil(Math.log10(curve.ys().get(i))));
            }
        }
        highX = Math.max(highX, lowX + 1);
        highY = Math.max(highY, lowY + 1);
        put(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH, HEIGHT);
        put("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n");
        put("<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>%n", LEFT, title);
        for (double decade = lowX; decade <= highX; decade++) {
            put("<path d=\"M%.1f %d V%d\" stroke=\"#ddd\"/>%n", atX(decade), TOP, HEIGHT - BOTTOM);
            put(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    atX(decade), HEIGHT - BOTTOM + 16, number(decade));
        }
        for (double decade = lowY; decade <= highY; decade++) {
            put("<path d=\"M%d %.1f H%d\" stroke=\"#ddd\"/>%n", LEFT, atY(decade), WIDTH - RIGHT);
            put("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n", LEFT - 6, atY(decade) + 4, number(decade));
        }
        put("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x);
        put(
                "<text x=\"16\" y=\"%d\" text-anchor=\"middle\" transform=\"rotate(-90 16 %d)\">%s</text>%n",
                HEIGHT / 2, HEIGHT / 2, y);
        for (int c = 0; c < curves.size(); c++) {
            curve(curves.get(c), COLOURS[c % COLOURS.length], TOP + 14 + c * 18);
        }
        return svg.append("</svg>\n").toString();
    }

    private void curve(Curve curve, String colour, int labelY) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < curve.xs().size(); i++) {
            double px = atX(Math.log10(curve.xs().get(i)));
            double py = atY(Math.log10(curve.ys().get(i)));
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", px, py));
            put("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", px, py, colour);
        }
        put(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                points.toString().strip(), colour);
        put("<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n", WIDTH - RIGHT + 10, labelY, colour, curve.name());
    }

    private double atX(double log) {
        return LEFT + (log - lowX) / (highX - lowX) * (WIDTH - LEFT - RIGHT);
    }

    private double atY(double log) {
        return HEIGHT - BOTTOM - (log - lowY) / (highY - lowY) * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(double decade) {
        return decade >= 0 && decade <= 6
                ? String.format(Locale.ROOT, "%,d", (long) Math.pow(10, decade))
                : String.format(Locale.ROOT, "1e%d", (long) decade);
    }

    private void put(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
