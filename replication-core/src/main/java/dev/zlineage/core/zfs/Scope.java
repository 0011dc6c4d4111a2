// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/** How far down the tree a command reaches. */
public enum Scope {
    /** The named datasets alone. */
    SELF,
    /** The named datasets and everything below them. */
    SUBTREE
}
