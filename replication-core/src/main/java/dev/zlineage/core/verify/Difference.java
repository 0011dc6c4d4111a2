// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** Something in which two copies of a snapshot differ. */
public sealed interface Difference {

    /** What of a file, a folder or a link can differ. */
    enum Aspect {
        /** A file here, a folder there. */
        KIND,
        /** What a file holds. */
        CONTENTS,
        /** The length of a file. */
        SIZE,
        /** Where a link points to. */
        LINK,
        /** The permissions. */
        MODE,
        /** The user. */
        OWNER,
        /** The group. */
        GROUP,
        /** When it was changed last. */
        TIME
    }

    /**
     * A path that one side lacks.
     *
     * @param side the side that has it
     * @param path below the root of the filesystem
     */
    record OnlyOn(Side side, String path) implements Difference {}

    /**
     * A path that both have, and that is not the same.
     *
     * @param path below the root of the filesystem; empty for the root itself
     * @param aspects in what it differs
     */
    record Changed(String path, Set<Aspect> aspects) implements Difference {

        /** Copies the set, in order. */
        public Changed {
            aspects = Collections.unmodifiableSet(new TreeSet<>(aspects));
        }
    }

    /**
     * Something that can't be read, because it is damaged.
     *
     * @param side the side where it can't
     * @param path below the root of the filesystem
     */
    record Unreadable(Side side, String path) implements Difference {}

    /**
     * Bytes of a volume that are not the same.
     *
     * @param from the first
     * @param to behind the last
     */
    record Bytes(long from, long to) implements Difference {}

    /**
     * A volume that can't be read from some byte on, because blocks are damaged there. What lies behind was not compared.
     *
     * @param side the side where it can't
     * @param from the first byte of the piece
     */
    record UnreadableFrom(Side side, long from) implements Difference {}

    /**
     * Volumes of different length, which are not compared any further.
     *
     * @param source the length on the source in bytes
     * @param target the length on the target in bytes
     */
    record Lengths(long source, long target) implements Difference {}
}
