// SPDX-License-Identifier: Apache-2.0
/**
 * What is due when the clock reaches a minute, or when somebody asks for it, and its run: snapshots first, then replications,
 * then retention. Begin with {@link dev.zlineage.scheduler.tick.TickRun}.
 */
@NullMarked
package dev.zlineage.scheduler.tick;

import org.jspecify.annotations.NullMarked;
