// SPDX-License-Identifier: Apache-2.0
/**
 * Tasks that run by themselves. So far this module holds its public contract alone: what a task is, and where it stands.
 */
@NullMarked
package dev.zlineage.scheduler;

import org.jspecify.annotations.NullMarked;
