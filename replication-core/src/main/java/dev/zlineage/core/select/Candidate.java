// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import dev.zlineage.core.zfs.History;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.regex.Pattern;

/** What one snapshot is to a selection. */
enum Candidate {
    SELECTED,
    LEFT_OUT,
    OBSTACLE;

    static Candidate of(SnapshotSelection selection, History history, int at) {
        String label = history.label(at);
        if (selection instanceof SnapshotSelection.Matching matching) {
            try {
                return of(BoundedText.matches(Pattern.compile(matching.regex()), label));
            } catch (BoundedText.TooManyStepsException e) {
                return OBSTACLE;
            }
        }
        if (selection instanceof SnapshotSelection.Named named) {
            NamingSchemas.Read read = named.schemas().read(label);
            return read instanceof NamingSchemas.Read.Ambiguous
                    ? OBSTACLE
                    : of(read instanceof NamingSchemas.Read.Named);
        }
        if (selection instanceof SnapshotSelection.OnSchedule scheduled) {
            Candidate candidate = of(scheduled.selection(), history, at);
            return candidate == SELECTED
                    ? of(scheduled.schedule().matches(wallClock(scheduled, history, at)))
                    : candidate;
        }
        return SELECTED;
    }

    private static Candidate of(boolean selected) {
        return selected ? SELECTED : LEFT_OUT;
    }

    private static LocalDateTime wallClock(SnapshotSelection.OnSchedule scheduled, History history, int at) {
        if (scheduled.selection() instanceof SnapshotSelection.Named named
                && named.schemas().read(history.label(at)) instanceof NamingSchemas.Read.Named read) {
            return read.time().wallClock(scheduled.zone());
        }
        return LocalDateTime.ofInstant(Instant.ofEpochSecond(history.creation(at)), scheduled.zone());
    }

    static String why(SnapshotSelection selection, String label) {
        if (selection instanceof SnapshotSelection.Named named
                && named.schemas().read(label) instanceof NamingSchemas.Read.Ambiguous ambiguous) {
            return ambiguous.why(label);
        }
        return "the regular expression takes too long over @" + label;
    }
}
