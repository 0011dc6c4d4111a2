// SPDX-License-Identifier: Apache-2.0
/** Finds what zlineage has left on a pool, tells what of it a task still needs, and cleans the rest. For administrators' tools. */
@NullMarked
package dev.zlineage.core.doctor;

import org.jspecify.annotations.NullMarked;
