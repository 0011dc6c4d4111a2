// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;

/** Walks over the rows of {@code -H} output without making a list of them. A row that is cut off is an error. */
final class Rows {

    private final String text;
    private int start;
    private int end = -1;

    Rows(String text) {
        this.text = text;
    }

    boolean next() throws UnreadableException {
        start = end + 1;
        if (start >= text.length()) {
            return false;
        }
        end = text.indexOf('\n', start);
        if (end < 0) {
            throw new UnreadableException("the last line is cut off", text.substring(start));
        }
        return true;
    }

    /** Where the row begins. */
    int start() {
        return start;
    }

    /** Behind the last character of the row. */
    int end() {
        return end;
    }

    /** The place of a tab, or -1 when there is none before the end of the row. */
    int tab(int from) {
        for (int i = from; i < end; i++) {
            if (text.charAt(i) == '\t') {
                return i;
            }
        }
        return -1;
    }

    String row() {
        return text.substring(start, end);
    }

    /** The columns, exactly as many as are expected. */
    String[] columns(int expected) throws UnreadableException {
        String[] columns = new String[expected];
        int from = start;
        for (int i = 0; i < expected; i++) {
            int tab = tab(from);
            boolean last = i == expected - 1;
            if (last != tab < 0) {
                throw new UnreadableException("a line has not " + expected + " columns", row());
            }
            columns[i] = text.substring(from, last ? end : tab);
            from = tab + 1;
        }
        return columns;
    }

    UnreadableException unreadable(String what) {
        return new UnreadableException(what, row());
    }

    DatasetName dataset(String name) throws UnreadableException {
        try {
            return DatasetName.of(name);
        } catch (InvalidNameException e) {
            throw unreadable("a line begins with no name of a dataset");
        }
    }

    long bytes(String number) throws UnreadableException {
        try {
            long bytes = Long.parseLong(number);
            if (bytes >= 0) {
                return bytes;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw unreadable("'" + number + "' is no number of bytes");
    }
}
