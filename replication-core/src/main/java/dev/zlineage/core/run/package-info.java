// SPDX-License-Identifier: Apache-2.0
/** Carries a plan out: the one part that changes anything. */
@NullMarked
package dev.zlineage.core.run;

import org.jspecify.annotations.NullMarked;
