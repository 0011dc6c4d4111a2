// SPDX-License-Identifier: Apache-2.0
/** What zlineage writes on pools, and how it knows it again: the on-pool format. For the engine, not for embedders. */
@NullMarked
package dev.zlineage.core.mark;

import org.jspecify.annotations.NullMarked;
