// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.select.Candidate;

/** What becomes of one snapshot of a source. */
public enum Fate {
    /** A stream of the plan brings it. */
    SENT("sent", "sent"),
    /** The target holds it, by GUID. */
    THERE("there already", "there already"),
    /** It is selected and the target lacks it, but it is older than what the target goes on from, so that no stream can bring it any more. */
    GAP("can't be sent any more: it is older than what the target holds", "can't be sent any more"),
    /** It would be sent, if its dataset were not refused. */
    REFUSED("not sent, because its dataset is refused", "not sent, because the dataset is refused"),
    /** The selection means other names. */
    OTHER_NAME("left out by its name", "by name"),
    /** The schedule does not mean its time. */
    OTHER_TIME("left out by the schedule", "by the schedule"),
    /** The user property that is meant is not set on it. */
    NOT_TAGGED("left out, because it does not carry the property", "without the property"),
    /** The newest alone is sent. */
    NOT_NEWEST("left out, because only the newest is sent", "because only the newest is sent"),
    /** The retention of the target would destroy it as soon as it arrived. */
    SHORT_LIVED(
            "left out, because the target's retention would destroy it at once",
            "that retention would destroy at once");

    private final String words;
    private final String counted;

    Fate(String words, String counted) {
        this.words = words;
        this.counted = counted;
    }

    static Fate leftOut(Candidate candidate) {
        return switch (candidate) {
            case SELECTED -> GAP;
            case OTHER_NAME -> OTHER_NAME;
            case OTHER_TIME -> OTHER_TIME;
            case NOT_TAGGED -> NOT_TAGGED;
            case NOT_NEWEST -> NOT_NEWEST;
            case NO_USE -> SHORT_LIVED;
            case OBSTACLE -> REFUSED;
        };
    }

    /**
     * Whether the selection does not mean it.
     *
     * @return true for a reason that the user gave
     */
    public boolean isLeftOut() {
        return compareTo(REFUSED) > 0;
    }

    /**
     * The reason in a few words.
     *
     * @return for a reader, said of one snapshot
     */
    public String words() {
        return words;
    }

    /** The reason after a number. */
    String counted() {
        return counted;
    }
}
