// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/** How a pool stands to a feature of its format. */
public enum PoolFeature {
    /** It does without, until somebody enables it; a stream that needs it is refused. */
    DISABLED,
    /** It may be used from now on. */
    ENABLED,
    /** Something in the pool uses it. */
    ACTIVE
}
