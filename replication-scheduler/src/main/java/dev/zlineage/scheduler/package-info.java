// SPDX-License-Identifier: Apache-2.0
/**
 * Tasks that run by themselves. {@link dev.zlineage.scheduler.ReplicationService} is the door for a system that goes on for years,
 * {@link dev.zlineage.scheduler.ManualScheduler} the same with a clock that is set by hand. What became due is written into a
 * {@link dev.zlineage.scheduler.TaskStore} before it is begun and stays there until it has ended, so that a process that dies
 * forgets nothing. What a task is stands in {@link dev.zlineage.scheduler.task}, what one run of it does in
 * {@link dev.zlineage.scheduler.tick}.
 */
@NullMarked
package dev.zlineage.scheduler;

import org.jspecify.annotations.NullMarked;
