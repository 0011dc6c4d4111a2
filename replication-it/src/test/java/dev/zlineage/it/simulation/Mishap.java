// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

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
    /** A command that changes something takes effect, and nobody hears of it. */
    LOST_ANSWER,
    /** A command fails and has no effect. */
    FAILURE,
    /** The target's pool is full. */
    FULL,
    /** People change the source while the run looks, decides and sends. */
    PEOPLE_AT_THE_SOURCE,
    /** People change the target meanwhile. */
    PEOPLE_AT_THE_TARGET
}
