// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * Which of a source's snapshots the target is to have. The incremental base need not be among them, and their order is never
 * that of the times they are named after.
 */
public sealed interface SnapshotSelection {

    /** Every snapshot. */
    record All() implements SnapshotSelection {}

    /** The newest snapshot alone. */
    record Newest() implements SnapshotSelection {}

    /**
     * Snapshots whose label matches a regular expression as a whole. An expression that takes too long over a label is an
     * {@linkplain #obstacle obstacle}, so that one that was meant badly can't stop everything.
     *
     * @param regex in the syntax of {@link Pattern}
     */
    record Matching(String regex) implements SnapshotSelection {

        /**
         * Checks the expression.
         *
         * @throws java.util.regex.PatternSyntaxException if it is none
         */
        public Matching {
            Pattern.compile(regex);
        }
    }

    /**
     * Snapshots that are named after the time at which they were taken. A label that tells two times is an
     * {@linkplain #obstacle obstacle}.
     *
     * @param schemas how
     */
    record Named(NamingSchemas schemas) implements SnapshotSelection {}

    /**
     * Snapshots that carry a user property. It has to be set on the snapshot itself: what it inherits from its dataset, or came
     * with a stream, does not count. A {@linkplain History#isTagged history} has to know it.
     *
     * @param property its name, which has a colon
     * @param value the value that is meant; empty for any
     */
    record Tagged(String property, Optional<String> value) implements SnapshotSelection {

        private static final Pattern NAME = Pattern.compile("(?=[^:]*:)[a-z0-9:_.\\-]{1,255}");

        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if it is that of no user property
         */
        public Tagged {
            if (!NAME.matcher(property).matches()) {
                throw new IllegalArgumentException("'" + property
                        + "' is no user property: its name has a colon, and else only small letters, digits and any of"
                        + " - . _");
            }
        }

        /**
         * Reads {@code NAME} or {@code NAME=VALUE}.
         *
         * @param text one of the two
         * @return the selection
         * @throws IllegalArgumentException if the name is that of no user property
         */
        public static Tagged parse(String text) {
            int equals = text.indexOf('=');
            return equals < 0
                    ? new Tagged(text, Optional.empty())
                    : new Tagged(text.substring(0, equals), Optional.of(text.substring(equals + 1)));
        }

        /**
         * Whether a snapshot with a value is meant.
         *
         * @param given what it has
         * @return true for the value that is meant, or any
         */
        public boolean means(String given) {
            return value.isEmpty() || value.get().equals(given);
        }

        /** What {@link #parse} reads. */
        @Override
        public String toString() {
            return property + value.map(v -> "=" + v).orElse("");
        }
    }

    /**
     * Those of a selection that were taken when a schedule says so: by the time in their name, where the selection is by
     * names, and otherwise by the time at which they were taken.
     *
     * @param selection which
     * @param schedule the times
     * @param zone that of the clock which the schedule and the names were read from
     */
    record OnSchedule(SnapshotSelection selection, Schedule schedule, ZoneId zone) implements SnapshotSelection {}

    /**
     * Those of a selection that are not known to be of no use on the target.
     *
     * @param selection which
     * @param dropped which of them are left out
     */
    record Without(SnapshotSelection selection, Set<Guid> dropped) implements SnapshotSelection {

        /** Copies the set. */
        public Without {
            dropped = Set.copyOf(dropped);
        }
    }

    /**
     * Applies the selection.
     *
     * @param history the source's history
     * @return the places of the selected snapshots in it; never a bookmark's, nor that of a label which is an obstacle
     */
    default BitSet in(History history) {
        BitSet selected = new BitSet(history.size());
        IntFunction<Candidate> candidates = judge(history);
        for (int i = 0; i < history.size(); i++) {
            selected.set(i, !history.isBookmark(i) && candidates.apply(i) == Candidate.SELECTED);
        }
        return selected;
    }

    /**
     * The user property that a history has to know of its snapshots.
     *
     * @return empty unless they are selected by one
     */
    default Optional<Tagged> tagged() {
        if (this instanceof OnSchedule scheduled) {
            return scheduled.selection().tagged();
        }
        if (this instanceof Without without) {
            return without.selection().tagged();
        }
        return this instanceof Tagged tagged ? Optional.of(tagged) : Optional.empty();
    }

    /**
     * Tells of each snapshot what it is to the selection.
     *
     * @param history the source's history
     * @return by the place of a snapshot, which must not be a bookmark's
     */
    default IntFunction<Candidate> judge(History history) {
        return Candidate.of(this, history);
    }

    /**
     * Why the selection can't be applied to a history: a label that it can't tell whether it is meant.
     *
     * @param history the source's history
     * @return the reason, naming the label; empty nearly always
     */
    default Optional<String> obstacle(History history) {
        if (this instanceof OnSchedule scheduled) {
            return scheduled.selection().obstacle(history);
        }
        if (this instanceof Without without) {
            return without.selection().obstacle(history);
        }
        IntFunction<Candidate> candidates = judge(history);
        for (int i = 0; (this instanceof Named || this instanceof Matching) && i < history.size(); i++) {
            if (!history.isBookmark(i) && candidates.apply(i) == Candidate.OBSTACLE) {
                return Optional.of(Candidate.why(this, history.label(i)));
            }
        }
        return Optional.empty();
    }
}
