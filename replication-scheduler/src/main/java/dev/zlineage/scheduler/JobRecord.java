// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Instant;
import java.util.Optional;

/**
 * A job that has ended.
 *
 * @param job what it was
 * @param began when it was begun last; empty for one that was skipped
 * @param ended when it ended
 * @param outcome how
 */
public record JobRecord(Job job, Optional<Instant> began, Instant ended, JobOutcome outcome) {}
