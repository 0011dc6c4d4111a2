// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import java.util.List;

/** What goes wrong in a run. */
enum Mishap {
    /** Nothing. */
    NONE,
    /** The process dies, before or after a command, or within a stream. */
    DEATH,
    /** The sending end breaks off. */
    CUT,
    /** The receiving end breaks off. */
    RECEIVER_CUT,
    /** A stream stands still, until somebody has had enough of that. */
    STALL,
    /** One of the hosts can't be reached for a while, and then can again. */
    AWAY,
    /** A command that changes something takes effect, and nobody hears of it. */
    LOST_ANSWER,
    /** A command fails and has no effect. */
    FAILURE,
    /** The target's pool is full. */
    FULL,
    /** People change the source while the run looks, decides and sends. */
    PEOPLE_AT_THE_SOURCE,
    /** People change the target meanwhile. */
    PEOPLE_AT_THE_TARGET;

    /** Those that end a stream before its time. */
    static final List<Mishap> CUTS = List.of(CUT, RECEIVER_CUT, STALL);

    /** Those that retention can meet. */
    static final List<Mishap> OF_RETENTION =
            List.of(NONE, DEATH, AWAY, LOST_ANSWER, FAILURE, PEOPLE_AT_THE_SOURCE, PEOPLE_AT_THE_TARGET);
}
