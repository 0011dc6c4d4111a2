// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.mark;

import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.StreamMode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of the last stream that a target was received by, version 1 of {@code docs/on-pool-format.md}: OpenZFS tells of no
 * dataset in which form it came, and punishes a change of it. Set by the receive itself, so that it costs no command.
 */
public final class StreamMark {

    /**
     * The user property of a target: {@code 1 <GUID>[-<GUID>] <form>}, the snapshot that the stream ends in, the one that it
     * went on from, and the letters that {@code zfs send} was given.
     */
    public static final String PROPERTY = "zlineage:stream";

    private static final Pattern VALUE = Pattern.compile("1 ([0-9a-f]{16})(?:-([0-9a-f]{16}))? (-|L?c?e?w?)");

    private StreamMark() {}

    /**
     * The value of {@link #PROPERTY}.
     *
     * @param last the snapshot that the stream ends in
     * @param base the one that it goes on from, which the target holds already: it counts where the stream is cut
     * @param mode its form
     * @return the value
     */
    public static String value(Guid last, Optional<Guid> base, StreamMode mode) {
        return "1 " + last.hex() + base.map(guid -> "-" + guid.hex()).orElse("") + " " + letters(mode);
    }

    /**
     * Reads {@link #PROPERTY}.
     *
     * @param mark what was read on a target
     * @param held the snapshots of that target
     * @return the form of the last stream; empty where that is not known: the mark was inherited or came with a stream, speaks
     *     of snapshots that are not there, or is of another version
     */
    public static Optional<StreamMode> read(PropertyValue mark, History held) {
        Matcher value = VALUE.matcher(mark.value());
        if (!mark.source().equals("local") || !value.matches()) {
            return Optional.empty();
        }
        boolean counts = holds(held, value.group(1)) || value.group(2) != null && holds(held, value.group(2));
        String letters = value.group(3);
        return !counts || letters.isEmpty()
                ? Optional.empty()
                : Optional.of(new StreamMode(
                        letters.contains("L"),
                        letters.contains("c"),
                        letters.contains("e"),
                        letters.contains("w"),
                        false));
    }

    private static boolean holds(History held, String guid) {
        return held.holds(new Guid(Long.parseUnsignedLong(guid, 16)));
    }

    private static String letters(StreamMode mode) {
        String letters = (mode.largeBlocks() ? "L" : "")
                + (mode.compressed() ? "c" : "")
                + (mode.embedded() ? "e" : "")
                + (mode.raw() ? "w" : "");
        return letters.isEmpty() ? "-" : letters;
    }
}
