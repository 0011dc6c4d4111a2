// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

/** What a job does. */
public enum JobKind {

    /** Takes the snapshots of one or several periodic snapshot tasks at one moment, then lets go of what nobody wants. */
    SNAPSHOTS,

    /** Runs one replication task, then lets go of what its target need not keep. */
    REPLICATION
}
