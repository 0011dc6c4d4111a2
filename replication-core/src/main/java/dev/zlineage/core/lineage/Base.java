// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.lineage;

import dev.zlineage.core.zfs.HistoryPoint;
import dev.zlineage.core.zfs.Snapshot;

/**
 * The incremental base: the newest snapshot of the target that the source still knows, as a snapshot or as a bookmark.
 *
 * @param onSource what the source has of it; a snapshot where there is one
 * @param sourceIndex the place of that point in the source's history
 * @param onTarget what the target has of it
 */
public record Base(HistoryPoint onSource, int sourceIndex, Snapshot onTarget) {}
