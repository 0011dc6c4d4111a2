// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.doctor;

import dev.zlineage.core.zfs.ZfsCommand;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that zlineage left on a pool.
 *
 * @param kind what it is
 * @param name its full name; of a hold, that of the snapshot
 * @param destination the id of the target that it was made for; empty where it carries none
 * @param since when it was made, as far as ZFS remembers. It does not for bookmarks
 * @param bytes how much space it keeps from being freed: of a hold, what would be free if its snapshot alone were destroyed; 0 for
 *     a bookmark; empty where ZFS does not tell
 * @param standing whether it is of use
 * @param why for what, or why not
 * @param cure what removes it
 */
public record Finding(
        Kind kind,
        String name,
        Optional<String> destination,
        Optional<Instant> since,
        Optional<Long> bytes,
        Standing standing,
        String why,
        List<ZfsCommand<?>> cure) {

    /** Copies the list. */
    public Finding {
        cure = List.copyOf(cure);
    }

    /** What can be left. */
    public enum Kind {
        /** A bookmark from which an increment can be sent. */
        BOOKMARK,
        /** A hold of a snapshot that was to be sent. */
        HOLD,
        /** What an interrupted receive left. */
        PARTIAL_RECEIVE,
        /** A dataset that is to take a target's place. */
        INCOMING,
        /** A dataset whose place was taken. */
        SET_ASIDE,
        /** A clone by which the snapshot of a volume was read. */
        VERIFY_CLONE
    }

    /** Whether it is of use. */
    public enum Standing {
        /** A task goes on from it. */
        NEEDED,
        /** It may belong to a run under way, or to a task that was not named. It is left alone. */
        UNDECIDED,
        /** No task needs it: it can be cleaned away. */
        SUPERFLUOUS,
        /** It holds data of someone's: it goes only when that is asked for by name. */
        KEPT
    }

    Finding standing(Standing other, String reason) {
        return new Finding(kind, name, destination, since, bytes, other, reason, cure);
    }
}
