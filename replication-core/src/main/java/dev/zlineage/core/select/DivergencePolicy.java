// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

/** What to do where the target has something of its own. Nothing here destroys anything. */
public enum DivergencePolicy {
    /** Leave the dataset alone and say why. */
    REFUSE,
    /** Go on where the target's own newer snapshots hold no changes; they stay. Everything else is refused. */
    TOLERATE_HARMLESS
}
