// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.scheduler.cron.CronSchedule;
import java.time.Duration;

/**
 * How long a target keeps the snapshots that one schedule would have taken. Of several that match, the longest counts.
 *
 * @param schedule which snapshots, by the time in their name
 * @param keep how long, from that time on
 */
public record Lifetime(CronSchedule schedule, Duration keep) {}
