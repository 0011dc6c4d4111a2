// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/**
 * What a snapshot holds, as digests: enough to tell from that of another host whether both hold the same, and where they do
 * not. Extended attributes and access control lists are not in it.
 */
public sealed interface SnapshotContents permits FileTree, VolumePieces {}
