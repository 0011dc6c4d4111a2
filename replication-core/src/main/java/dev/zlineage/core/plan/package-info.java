// SPDX-License-Identifier: Apache-2.0
/**
 * From a request and what was seen of both sides to a plan: a value that can be printed, compared and run. Pure functions.
 */
@NullMarked
package dev.zlineage.core.plan;

import org.jspecify.annotations.NullMarked;
