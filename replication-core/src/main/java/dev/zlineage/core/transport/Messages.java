// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * What a program prints to standard error: reports are taken out, of the rest the last 16 KiB are kept. Not thread-safe: for
 * the one thread that reads it.
 */
public final class Messages {

    static final int KEPT = 16 * 1024;
    private static final int LONGEST_LINE = 4 * 1024;

    private final Predicate<String> isReport;
    private final StringBuilder kept = new StringBuilder();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean lineIsLong;

    /**
     * Nothing yet.
     *
     * @param isReport takes a line that is no message
     */
    public Messages(Predicate<String> isReport) {
        this.isReport = isReport;
    }

    /**
     * Adds what was read.
     *
     * @param bytes a buffer
     * @param length how much of it, from its start
     */
    public void add(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            line.write(bytes[i]);
            if (bytes[i] == '\n') {
                endLine();
            } else if (line.size() >= LONGEST_LINE) {
                lineIsLong = true;
                keep(line.toString(StandardCharsets.UTF_8));
                line.reset();
            }
        }
    }

    /**
     * Ends the last line, which may lack its line feed.
     *
     * @return the last of the messages
     */
    public String end() {
        if (line.size() > 0) {
            endLine();
        }
        int from = Math.max(0, kept.length() - KEPT);
        return kept.substring(from);
    }

    private void endLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (lineIsLong || !isReport.test(text.stripTrailing())) {
            keep(text);
        }
        lineIsLong = false;
    }

    private void keep(String text) {
        kept.append(text);
        if (kept.length() > 2 * KEPT) {
            kept.delete(0, kept.length() - KEPT);
        }
    }
}
