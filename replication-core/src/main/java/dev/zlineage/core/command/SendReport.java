// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.StreamProgress;
import java.util.Optional;
import java.util.function.Function;

/**
 * Understands what {@code zfs send -v -P} prints to standard error. A line that belongs to the report and says nothing new
 * repeats how far the stream is, so that it is not kept as a message. For one stream, called by one thread.
 */
final class SendReport implements Function<String, Optional<StreamProgress>> {

    private boolean estimated;
    private boolean token;
    private String step = "";
    private long before;
    private long inStep;

    @Override
    public Optional<StreamProgress> apply(String line) {
        int tab = line.indexOf('\t');
        if (tab > 0) {
            token = false;
            return tabbed(line, line.substring(0, tab), tab);
        }
        if (line.equals("resume token contents:")) {
            token = true;
            return moved();
        }
        // a list of name and value, indented, until the header of the stream comes
        if (token && (tab == 0 || line.startsWith("nvlist version"))) {
            return moved();
        }
        return Optional.empty();
    }

    private Optional<StreamProgress> tabbed(String line, String first, int tab) {
        int last = line.lastIndexOf('\t');
        switch (first) {
            case "full", "incremental" -> {
                return number(line, last + 1, line.length()) < 0 ? Optional.empty() : moved();
            }
            case "size" -> {
                long size = number(line, tab + 1, line.length());
                if (size < 0 || estimated) {
                    return size < 0 ? Optional.empty() : moved();
                }
                estimated = true;
                return Optional.of(new StreamProgress.Estimated(size));
            }
            default -> {
                long bytes = isTime(first) && last > tab ? number(line, tab + 1, line.indexOf('\t', tab + 1)) : -1;
                if (bytes < 0) {
                    return Optional.empty();
                }
                String now = line.substring(last + 1);
                if (!now.equals(step) || bytes < inStep) {
                    // the counter starts again with each snapshot of a series
                    before += inStep;
                    step = now;
                }
                inStep = bytes;
                return moved();
            }
        }
    }

    private Optional<StreamProgress> moved() {
        return Optional.of(new StreamProgress.Moved(before + inStep));
    }

    private static boolean isTime(String word) {
        return word.length() == 8 && word.charAt(2) == ':' && word.charAt(5) == ':';
    }

    private static long number(String line, int from, int to) {
        try {
            return from < to ? Long.parseLong(line, from, to, 10) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
