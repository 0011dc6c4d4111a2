// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/** What a dataset holds. */
public enum DatasetKind {
    /** A filesystem. */
    FILESYSTEM,
    /** A block device, also called zvol. */
    VOLUME
}
