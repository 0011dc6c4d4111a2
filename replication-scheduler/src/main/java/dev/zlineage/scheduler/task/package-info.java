// SPDX-License-Identifier: Apache-2.0
/**
 * Tasks as values: what is replicated, which snapshots are taken, and whether all of it can be meant. Nothing here runs.
 * Begin with {@link dev.zlineage.scheduler.task.Definition}.
 */
@NullMarked
package dev.zlineage.scheduler.task;

import org.jspecify.annotations.NullMarked;
