// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.DatasetName;

/** What is to be done with a dataset, and why. */
public sealed interface Decision {

    /**
     * The reason in a sentence.
     *
     * @return for a reader
     */
    String why();

    /**
     * Snapshots are sent.
     *
     * @param why why in full, or why from this base
     */
    record Send(String why) implements Decision {}

    /**
     * The target has everything that it should have.
     *
     * @param why what both sides end in
     */
    record UpToDate(String why) implements Decision {}

    /**
     * There is nothing to send, and that may be as it should be.
     *
     * @param why what is missing
     */
    record Skip(String why) implements Decision {}

    /**
     * Going on could do harm, or is bound to fail.
     *
     * @param reason the class of the reason, for programs
     * @param why what was found
     * @param wayOut what the user can do
     */
    record Refuse(Reason reason, String why, String wayOut) implements Decision {

        /**
         * What was agreed to when a plan was seen does not cover what it would take now.
         *
         * @param target what would lose more
         * @return a refusal
         */
        public static Refuse changed(DatasetName target) {
            return new Refuse(
                    Reason.CHANGED_SINCE_PLANNED,
                    target + " is not as it was when this was planned, and more would be destroyed now",
                    "plan again, and see what that is");
        }
    }

    /** Why a dataset is refused. */
    enum Reason {
        /** The target's name is longer than OpenZFS can receive into. */
        TARGET_NAME_TOO_LONG,
        /** Of a snapshot it can't be told whether the selection means it. */
        SELECTION_UNCLEAR,
        /** A filesystem on one side, a volume on the other. */
        KIND_MISMATCH,
        /** The target has no snapshots, but may hold data. */
        TARGET_HOLDS_DATA,
        /** The target has newer snapshots of its own that hold no changes. */
        TARGET_AHEAD,
        /** The target was written to since the base. */
        TARGET_WRITTEN,
        /** Both sides went on since the base. */
        DIVERGED,
        /** No snapshot in common. */
        UNRELATED,
        /** Another snapshot of a name that would be sent. */
        NAME_CLASH,
        /** An interrupted receive left its state on the target. */
        PARTIAL_RECEIVE,
        /** Only a bookmark is left of the base, and the source seems to be a replica. */
        BOOKMARK_OF_REPLICA,
        /** The source is encrypted, and its key is not loaded, where its data would have to be read. */
        KEY_NOT_LOADED,
        /** The source is encrypted and is not sent raw, where its properties are to go along. */
        PROPERTIES_OF_ENCRYPTED,
        /** The target was received by streams of another form, and OpenZFS would punish the change. */
        FORM_CHANGED,
        /** The target is there, and has to be new. */
        TARGET_EXISTS,
        /** The target can't be encrypted as it was asked for. */
        ENCRYPTION,
        /** The target is not read-only, which is required. */
        TARGET_WRITABLE,
        /** The target's parent will not exist. */
        PARENT_MISSING,
        /** What its source is a clone of can't be on the target. */
        ORIGIN_MISSING,
        /** The target can't be set aside safely. */
        CANNOT_BE_REPLACED,
        /** What is to be sent in full can't fit. */
        NO_ROOM,
        /** The target may not have so many snapshots or datasets. */
        LIMIT_REACHED,
        /** The target's pool lacks a feature that the stream needs. */
        FEATURE_MISSING,
        /** A dataset above is half way in the place of another. */
        SWAP_PENDING,
        /** The user of a host lacks a permission there. */
        NO_PERMISSION,
        /** More would be destroyed now than when it was planned. */
        CHANGED_SINCE_PLANNED
    }
}
