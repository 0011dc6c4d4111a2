// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.TokenContents;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what the dry run of {@code zfs send -t} prints of a token: lines of {@code name = value}, numbers in hexadecimal,
 * a flag as {@code 1} or as its name alone.
 */
final class TokenReader {

    private static final String HEAD = "resume token contents:";

    private TokenReader() {}

    /** Empty when nothing of the kind was printed. */
    static Optional<TokenContents> read(String printed) throws UnreadableException {
        int head = printed.indexOf(HEAD);
        if (head < 0) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        for (String line : printed.substring(head + HEAD.length()).lines().toList()) {
            String entry = line.strip();
            int sign = entry.indexOf(" = ");
            if (line.startsWith("\t")) {
                values.put(sign < 0 ? entry : entry.substring(0, sign), sign < 0 ? "" : entry.substring(sign + 3));
            }
        }
        String toName = values.getOrDefault("toname", "");
        if (toName.isEmpty()) {
            throw new UnreadableException("a resume token without the name of its snapshot", printed);
        }
        return Optional.of(new TokenContents(
                toName,
                new Guid(number(values, "toguid")),
                values.containsKey("fromguid") ? Optional.of(new Guid(number(values, "fromguid"))) : Optional.empty(),
                values.containsKey("bytes") ? number(values, "bytes") : 0,
                values.containsKey("rawok")));
    }

    private static long number(Map<String, String> values, String name) throws UnreadableException {
        String text = values.getOrDefault(name, "");
        try {
            return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new UnreadableException("a resume token whose " + name + " is no number", text);
        }
    }
}
