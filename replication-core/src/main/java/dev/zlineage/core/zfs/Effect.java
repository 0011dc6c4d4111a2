// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/** What a command that changes something did. Either way the state that it was to bring about is there. */
public enum Effect {
    /** It made the change. */
    DONE,
    /** There was nothing to change: it had been done before. */
    ALREADY
}
