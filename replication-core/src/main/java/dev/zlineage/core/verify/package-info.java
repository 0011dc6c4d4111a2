// SPDX-License-Identifier: Apache-2.0
/** Compares both sides of a replication, by GUID and on request by what snapshots hold; changes nothing. */
@NullMarked
package dev.zlineage.core.verify;

import org.jspecify.annotations.NullMarked;
