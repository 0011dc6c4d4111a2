// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/** What one snapshot is to a selection. */
public enum Candidate {
    /** The target is to have it. */
    SELECTED,
    /** It has another name than those that are meant. */
    OTHER_NAME,
    /** The schedule does not mean its time. */
    OTHER_TIME,
    /** It does not carry the user property that is meant. */
    NOT_TAGGED,
    /** A newer one is meant alone. */
    NOT_NEWEST,
    /** It is known to be of no use on the target. */
    NO_USE,
    /** Its label does not tell whether it is meant. */
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
                        : of(read instanceof NamingSchemas.Read.Named, OTHER_NAME);
            };
        }
        if (selection instanceof SnapshotSelection.OnSchedule scheduled) {
            IntFunction<Candidate> unscheduled = of(scheduled.selection(), history);
            return at -> {
                Candidate candidate = unscheduled.apply(at);
                return candidate == SELECTED
                        ? of(scheduled.schedule().matches(wallClock(scheduled, history, at)), OTHER_TIME)
                        : candidate;
            };
        }
        if (selection instanceof SnapshotSelection.Without without) {
            IntFunction<Candidate> all = of(without.selection(), history);
            return at -> without.dropped().contains(new Guid(history.guidBits(at))) ? NO_USE : all.apply(at);
        }
        if (selection instanceof SnapshotSelection.Tagged) {
            return at -> of(history.isTagged(at), NOT_TAGGED);
        }
        if (selection instanceof SnapshotSelection.Newest) {
            int newest = history.newestPlace();
            return at -> of(at == newest, NOT_NEWEST);
        }
        return at -> SELECTED;
    }

    private static Candidate matching(Pattern pattern, String label) {
        try {
            return of(BoundedText.matches(pattern, label), OTHER_NAME);
        } catch (BoundedText.TooManyStepsException e) {
            return OBSTACLE;
        }
    }

    private static Candidate of(boolean selected, Candidate otherwise) {
        return selected ? SELECTED : otherwise;
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
