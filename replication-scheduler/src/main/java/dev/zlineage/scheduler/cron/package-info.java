// SPDX-License-Identifier: Apache-2.0
/** Schedules in the words of cron. */
@NullMarked
package dev.zlineage.scheduler.cron;

import org.jspecify.annotations.NullMarked;
