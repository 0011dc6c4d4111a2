// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.memory;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A memory as a text: a head, a line a dataset, and a digest of all that, so that half a text is none. What is not understood
 * counts as never written.
 *
 * @param clock whose times they are
 * @param destination the id of the target on its pool
 * @param pairs by the dataset of the source
 */
record MemoryText(String clock, String destination, Map<DatasetName, Known> pairs) {

    private static final String FORMAT = "zlineage.memory/1";
    private static final String NEVER = "-";
    private static final int COLUMNS = 7;
    private static final Pattern DESTINATION = Pattern.compile("[a-z2-7]{8}");

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, FORMAT, clock, destination);
        new TreeMap<>(pairs)
                .forEach((name, known) -> line(
                        text,
                        name.value(),
                        known.source().digest(),
                        Long.toString(known.sourceSeen()),
                        known.target().digest(),
                        Long.toString(known.targetSeen()),
                        known.settled().isPresent()
                                ? Long.toString(known.settled().getAsLong())
                                : NEVER,
                        known.warning()));
        return Digest.sealed(text.toString());
    }

    private static void line(StringBuilder text, String... columns) {
        text.append(String.join("\t", columns)).append('\n');
    }

    static Optional<MemoryText> read(String text) {
        return Digest.opened(text).flatMap(MemoryText::opened);
    }

    private static Optional<MemoryText> opened(String text) {
        List<String> lines = text.lines().toList();
        String[] head = lines.get(0).split("\t", -1);
        if (head.length != 3
                || !head[0].equals(FORMAT)
                || !DESTINATION.matcher(head[2]).matches()) {
            return Optional.empty();
        }
        Map<DatasetName, Known> pairs = new HashMap<>();
        try {
            for (String line : lines.subList(1, lines.size())) {
                String[] c = line.split("\t", -1);
                if (c.length != COLUMNS) {
                    return Optional.empty();
                }
                pairs.put(
                        DatasetName.of(c[0]),
                        new Known(
                                new Fingerprint(c[1]),
                                Long.parseLong(c[2]),
                                new Fingerprint(c[3]),
                                Long.parseLong(c[4]),
                                c[5].equals(NEVER) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(c[5])),
                                c[6]));
            }
        } catch (NumberFormatException | InvalidNameException e) {
            return Optional.empty();
        }
        return Optional.of(new MemoryText(head[1], head[2], pairs));
    }
}
