// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import dev.zlineage.core.zfs.History;
import java.util.BitSet;
import java.util.regex.Pattern;

/** Which of a source's snapshots the target is to have. The incremental base need not be among them. */
public sealed interface SnapshotSelection {

    /** Every snapshot. */
    record All() implements SnapshotSelection {}

    /** The newest snapshot alone. */
    record Newest() implements SnapshotSelection {}

    /**
     * Snapshots whose label matches a regular expression as a whole.
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
     * Applies the selection.
     *
     * @param history the source's history
     * @return the places of the selected snapshots in it; never a bookmark's
     */
    default BitSet in(History history) {
        BitSet selected = new BitSet(history.size());
        if (this instanceof Newest) {
            for (int i = history.size() - 1; i >= 0 && selected.isEmpty(); i--) {
                selected.set(i, !history.isBookmark(i));
            }
            return selected;
        }
        Pattern pattern = this instanceof Matching matching ? Pattern.compile(matching.regex()) : null;
        for (int i = 0; i < history.size(); i++) {
            if (!history.isBookmark(i)) {
                selected.set(
                        i, pattern == null || pattern.matcher(history.label(i)).matches());
            }
        }
        return selected;
    }
}
