// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.lineage;

import dev.zlineage.core.zfs.Guid;

/**
 * Two snapshots of one name that are not the same snapshot.
 *
 * @param label their name
 * @param onSource the identity of the source's
 * @param onTarget the identity of the target's
 */
public record NameClash(String label, Guid onSource, Guid onTarget) {}
