// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import java.util.ArrayList;
import java.util.List;

/** What is read and has no effect, or another than its name says. */
final class Notes {

    private final List<String> notes = new ArrayList<>();

    void add(Fields fields, String name, String note) {
        notes.add(fields.at(name) + ": " + note);
    }

    List<String> all() {
        return List.copyOf(notes);
    }
}
