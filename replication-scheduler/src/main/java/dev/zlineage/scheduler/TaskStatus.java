// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a task stands.
 *
 * @param task its id
 * @param kind what it does
 * @param state in one word, with what belongs to it
 * @param paused whether it begins nothing until it is let go on
 * @param next when its schedule makes it due next
 * @param lastSnapshot the newest snapshot that it took or brought, as {@code dataset@name}
 * @param last its last run that ended
 */
public record TaskStatus(
        String task,
        JobKind kind,
        TaskState state,
        boolean paused,
        Optional<Instant> next,
        Optional<String> lastSnapshot,
        Optional<JobRecord> last) {}
