// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Lists in one column of a table: each text without blanks, one blank between two. An empty text is a dash. */
final class Words {

    private Words() {}

    static String of(List<String> texts) {
        return texts.stream().map(Words::one).collect(Collectors.joining(" "));
    }

    private static String one(String text) {
        // URLEncoder writes a dash as it is
        return text.isEmpty()
                ? "-"
                : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("-", "%2D");
    }

    static List<String> read(String column) {
        return column.isEmpty()
                ? List.of()
                : Arrays.stream(column.split(" ", -1))
                        .map(word -> word.equals("-") ? "" : URLDecoder.decode(word, StandardCharsets.UTF_8))
                        .toList();
    }
}
