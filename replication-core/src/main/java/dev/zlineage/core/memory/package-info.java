// SPDX-License-Identifier: Apache-2.0
/**
 * What is remembered between runs, so that histories are read only where something changed. For embedders: {@link
 * dev.zlineage.core.memory.ObservationStore}; the rest is for the planner.
 */
@NullMarked
package dev.zlineage.core.memory;

import org.jspecify.annotations.NullMarked;
