// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The rows of a listing of snapshots and bookmarks. Made for a million of them: a row costs its label and nothing else. */
final class HistoryRows {

    static final String COLUMNS = "name,guid,createtxg,creation";

    private final Predicate<DatasetName> expected;
    private final Map<String, History.Builder> found = new LinkedHashMap<>();

    /** Takes rows of expected datasets; one of another is an error. */
    HistoryRows(Predicate<DatasetName> expected) {
        this.expected = expected;
    }

    void read(String text) throws UnreadableException {
        Rows rows = new Rows(text);
        String dataset = "";
        History.Builder builder = new History.Builder();
        while (rows.next()) {
            int start = rows.start();
            int nameEnd = rows.tab(start);
            int guidEnd = nameEnd < 0 ? -1 : rows.tab(nameEnd + 1);
            int txgEnd = guidEnd < 0 ? -1 : rows.tab(guidEnd + 1);
            if (txgEnd < 0 || rows.tab(txgEnd + 1) >= 0) {
                throw rows.unreadable("a line has not 4 columns");
            }
            int sigil = sigil(text, start, nameEnd);
            if (sigil < 0 || sigil + 1 == nameEnd) {
                throw rows.unreadable("a line begins with neither a snapshot nor a bookmark");
            }
            if (sigil - start != dataset.length() || !text.startsWith(dataset, start)) {
                dataset = text.substring(start, sigil);
                History.Builder known = found.get(dataset);
                if (known == null) {
                    if (!expected.test(rows.dataset(dataset))) {
                        throw rows.unreadable("a line is about a dataset that was not asked for");
                    }
                    known = new History.Builder();
                    found.put(dataset, known);
                }
                builder = known;
            }
            try {
                builder.add(
                        text.charAt(sigil) == '#',
                        text.substring(sigil + 1, nameEnd),
                        Long.parseUnsignedLong(text, nameEnd + 1, guidEnd, 10),
                        Long.parseLong(text, guidEnd + 1, txgEnd, 10),
                        Long.parseLong(text, txgEnd + 1, rows.end(), 10));
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw rows.unreadable("a line holds a bad number");
            }
        }
    }

    /** What was read so far. */
    Map<DatasetName, History> histories() {
        Map<DatasetName, History> histories = new LinkedHashMap<>();
        found.forEach((name, builder) -> histories.put(DatasetName.of(name), builder.build()));
        return histories;
    }

    private static int sigil(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '@' || c == '#') {
                return i;
            }
        }
        return -1;
    }
}
