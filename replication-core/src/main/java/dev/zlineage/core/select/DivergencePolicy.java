// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

/**
 * What to do where the target has something of its own. From mild to strong. Only those that roll back give up anything,
 * and a plan lists what.
 */
public enum DivergencePolicy {
    /** Leave the dataset alone and say why. */
    REFUSE,
    /** Go on where the target's own newer snapshots hold no changes; they stay. Everything else is refused. */
    TOLERATE_HARMLESS,
    /** Destroy the target's own newer snapshots where they hold no changes. Everything else is refused. */
    ROLL_BACK_UNCHANGED,
    /** Take the target back to the newest snapshot that both sides have; what it has of its own since is lost. */
    ROLL_BACK,
    /**
     * Go on from the newest snapshot that both sides have, in a clone that takes the target's place. What the target has of
     * its own is set aside under another name, whole.
     */
    SET_ASIDE,
    /** As {@link #START_OVER}, where both sides have no snapshot in common. Everything else is refused. */
    START_OVER_UNRELATED,
    /**
     * Send everything anew, into a dataset that takes the target's place once it was verified. The target is set aside under
     * another name, whole. Needs room for both.
     */
    START_OVER;

    /**
     * Whether a target that is replaced is sent in full.
     *
     * @return true for the policies that start over
     */
    public boolean startsOver() {
        return this == START_OVER || this == START_OVER_UNRELATED;
    }

    /**
     * Whether harmless snapshots of the target are destroyed rather than tolerated.
     *
     * @return true for the policies that roll back
     */
    public boolean rollsBack() {
        return this == ROLL_BACK_UNCHANGED || this == ROLL_BACK;
    }
}
