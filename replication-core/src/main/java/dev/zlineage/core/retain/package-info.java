// SPDX-License-Identifier: Apache-2.0
/** Which snapshots may go, and why: a plan as a value, and its run. */
@NullMarked
package dev.zlineage.core.retain;

import org.jspecify.annotations.NullMarked;
