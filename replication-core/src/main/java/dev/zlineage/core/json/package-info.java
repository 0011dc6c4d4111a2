// SPDX-License-Identifier: Apache-2.0
/** Writes JSON, which core never reads. For zlineage's own modules. */
@NullMarked
package dev.zlineage.core.json;

import org.jspecify.annotations.NullMarked;
