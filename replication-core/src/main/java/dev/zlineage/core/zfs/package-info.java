// SPDX-License-Identifier: Apache-2.0
/**
 * What ZFS is: names, identities, snapshots, bookmarks, histories, and the port {@link dev.zlineage.core.zfs.Zfs} of one
 * host with its commands, streams and typed failures. For everyone.
 */
@NullMarked
package dev.zlineage.core.zfs;

import org.jspecify.annotations.NullMarked;
