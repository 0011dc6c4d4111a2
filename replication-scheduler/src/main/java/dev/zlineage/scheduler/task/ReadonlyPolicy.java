// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

/** What a task demands of {@code readonly} on its targets. */
public enum ReadonlyPolicy {
    /** New targets are set to it. */
    SET,
    /** Targets that are there must have it, and new ones are set to it. */
    REQUIRE,
    /** It is left as it is inherited. */
    IGNORE
}
