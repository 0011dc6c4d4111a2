// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import dev.zlineage.core.zfs.History;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/** What one snapshot is to a selection. */
enum Candidate {
    SELECTED,
    LEFT_OUT,
    OBSTACLE;

    /** Tells it by place. Made once for a history, so that an expression is compiled once. */
    static IntFunction<Candidate> of(SnapshotSelection selection, History history) {
        if (selection instanceof SnapshotSelection.Matching matching) {
            Pattern pattern = Pattern.compile(matching.regex());
            return at -> matching(pattern, history.label(at));
        }
        if (selection instanceof SnapshotSelection.Named named) {
            return at -> {
                NamingSchemas.Read read = named.schemas().read(history.label(at));
                return read instanceof NamingSchemas.Read.Ambiguous
                        ? OBSTACLE
                        : of(read instanceof NamingSchemas.Read.Named);
            };
        }
        if (selection instanceof SnapshotSelection.OnSchedule scheduled) {
            IntFunction<Candidate> unscheduled = of(scheduled.selection(), history);
            return at -> {
                Candidate candidate = unscheduled.apply(at);
                return candidate == SELECTED
                        ? of(scheduled.schedule().matches(wallClock(scheduled, history, at)))
                        : candidate;
            };
        }
        return at -> SELECTED;
    }

    private static Candidate matching(Pattern pattern, String label) {
        try {
            return of(BoundedText.matches(pattern, label));
        } catch (BoundedText.TooManyStepsException e) {
            return OBSTACLE;
        }
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
