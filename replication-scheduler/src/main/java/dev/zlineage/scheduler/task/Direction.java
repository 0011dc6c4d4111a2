// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

/** Which side of a task is this host. */
public enum Direction {
    /** The sources are here. */
    PUSH,
    /** The target is here. */
    PULL
}
