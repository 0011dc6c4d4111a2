// SPDX-License-Identifier: Apache-2.0
/**
 * How the histories of a source and its replica relate. Pure functions of values; for those who want to know more of a plan
 * than it says.
 */
@NullMarked
package dev.zlineage.core.lineage;

import org.jspecify.annotations.NullMarked;
