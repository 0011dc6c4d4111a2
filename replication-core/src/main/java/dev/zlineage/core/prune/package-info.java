// SPDX-License-Identifier: Apache-2.0
/** Copies of datasets that are gone on the source: which may go after a while, as a plan, and its run. */
@NullMarked
package dev.zlineage.core.prune;

import org.jspecify.annotations.NullMarked;
