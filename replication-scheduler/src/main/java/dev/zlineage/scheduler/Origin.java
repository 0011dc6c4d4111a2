// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

/** Why a job is there. */
public enum Origin {

    /** The schedule of its tasks had this minute. */
    SCHEDULE,

    /** Somebody asked for it. */
    BY_HAND,

    /** Its task sends what a snapshot task has taken. */
    AFTER_SNAPSHOTS,

    /** A replication task has ended after which its task runs. */
    AFTER_REPLICATIONS
}
