// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

/** How closely a verification looks. Equal GUIDs prove the same origin; only reading proves the same contents. */
public sealed interface Depth {

    /** GUIDs alone: a few commands, whatever the datasets hold. */
    record Guids() implements Depth {}

    /** GUIDs, and the contents of the newest snapshot of each dataset that both sides have. */
    record NewestCommon() implements Depth {}

    /** GUIDs, and the contents of every snapshot that both sides have. */
    record EveryCommon() implements Depth {}

    /**
     * GUIDs, and the contents of the snapshot of one name, where both sides have it. The name is that on the source.
     *
     * @param label the part of its name after the {@code @}
     */
    record Labelled(String label) implements Depth {}
}
