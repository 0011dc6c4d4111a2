// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

/**
 * What someone says about a snapshot.
 *
 * @param stance for or against it
 * @param by the name of the owner, or of the guard
 * @param why the reason, for a reader
 */
public record Opinion(Stance stance, String by, String why) {

    /** For or against. */
    public enum Stance {
        /** Its owner keeps it. */
        KEEPS,
        /** Its owner wants it destroyed. */
        RELEASES,
        /** No owner is asked: destroying it would break something. */
        GUARDS
    }

    @Override
    public String toString() {
        return by + (stance == Stance.RELEASES ? " lets it go: " : " keeps it: ") + why;
    }
}
