// SPDX-License-Identifier: Apache-2.0
/** Turns two hosts into immutable values by a constant number of commands; changes nothing. */
@NullMarked
package dev.zlineage.core.observe;

import org.jspecify.annotations.NullMarked;
