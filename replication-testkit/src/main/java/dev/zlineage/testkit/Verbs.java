// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which code does what verb of the {@code zfs} program, and which options it knows. */
final class Verbs {

    /** A verb. */
    interface Verb {

        void run(Invocation call, Printer to);
    }

    private record Entry(String options, Verb verb) {}

    private final Map<String, Entry> entries = new HashMap<>();

    void on(String name, String options, Verb verb) {
        entries.put(name, new Entry(options, verb));
    }

    void run(List<String> arguments, byte[] input, Printer to) {
        String name = arguments.isEmpty() ? "" : arguments.get(0);
        @Nullable Entry entry = entries.get(name);
        if (entry == null) {
            throw new NotModelled("zfs " + name);
        }
        entry.verb().run(new Invocation(name, arguments.subList(1, arguments.size()), input, entry.options()), to);
    }
}
