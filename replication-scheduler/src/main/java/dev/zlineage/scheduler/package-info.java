/** Replication tasks, their schedules and their states. */
@NullMarked
package dev.zlineage.scheduler;

import org.jspecify.annotations.NullMarked;
