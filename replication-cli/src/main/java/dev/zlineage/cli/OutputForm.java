// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.io.PrintWriter;
import java.util.List;

/** In which form results are printed. */
enum OutputForm {
    /** Texts for people. */
    TEXT,
    /** One JSON document over several lines. */
    DOCUMENT,
    /** A line of JSON for each event, then the document on one line. */
    LINES;

    /** What the arguments ask for, right or wrong: errors in them are told in this form too. */
    static OutputForm of(List<String> args) {
        return args.contains("--events") ? LINES : args.contains("--json") ? DOCUMENT : TEXT;
    }

    boolean json() {
        return this != TEXT;
    }

    /** Prints a document. No text in JSON holds a line break as such. */
    void print(PrintWriter out, String document) {
        out.println(this == LINES ? document.replaceAll("\n *", "") : document);
        out.flush();
    }
}
