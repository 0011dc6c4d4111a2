// SPDX-License-Identifier: Apache-2.0
/**
 * Tasks that run by themselves: {@link dev.zlineage.scheduler.task what they are}, {@link dev.zlineage.scheduler.tick what is due
 * and its run}, and here where one stands.
 */
@NullMarked
package dev.zlineage.scheduler;

import org.jspecify.annotations.NullMarked;
