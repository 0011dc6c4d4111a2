// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.SnapshotName;

/**
 * A bookmark to make on the source before anything is sent, so that the snapshot can still be a base when it is gone. Its
 * name carries the GUID; it counts once the target holds that GUID, and so needs no second step after the transfer.
 *
 * @param of the snapshot
 * @param bookmark the bookmark
 */
public record NewBookmark(SnapshotName of, BookmarkName bookmark) {}
