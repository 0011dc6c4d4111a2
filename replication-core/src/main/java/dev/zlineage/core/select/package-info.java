// SPDX-License-Identifier: Apache-2.0
/** Which snapshots and which datasets a replication is about. Pure values. */
@NullMarked
package dev.zlineage.core.select;

import org.jspecify.annotations.NullMarked;
