// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/**
 * Why a command did not do what it was asked for.
 *
 * <p>The kind is read from what {@code zfs} printed, and such texts change between versions: it is a hint. Whoever decides
 * something that matters looks at the state of the datasets again.
 *
 * @param kind what went wrong, as far as it is understood
 * @param command what was tried, in one line, without secrets
 * @param text what was printed, kept whole; at the least a sentence
 */
public record ZfsFailure(Kind kind, String command, String text) {

    /** The classes of failure that a caller may want to tell apart. */
    public enum Kind {
        /** The dataset does not exist. */
        NO_SUCH_DATASET,
        /** The snapshot or bookmark does not exist. */
        NO_SUCH_POINT,
        /** A dataset, snapshot or bookmark of that name exists. */
        ALREADY_EXISTS,
        /** Something uses it: a mount, an open volume, a receive under way. */
        BUSY,
        /** A snapshot is held. */
        HELD,
        /** Clones depend on a snapshot. */
        HAS_CLONES,
        /** A dataset has children, or snapshots. */
        HAS_CHILDREN,
        /** Newer snapshots or bookmarks stand in the way of a rollback. */
        NEWER_EXISTS,
        /**
         * The target was changed since the base of the increment. A raw increment says so too when its base is not the
         * newest snapshot of the target.
         */
        TARGET_MODIFIED,
        /** The target does not have the base of the increment, or, for some streams, not as its newest snapshot. */
        NO_INCREMENTAL_BASE,
        /** A full stream met a target that exists. */
        TARGET_EXISTS,
        /** The target holds the state of an interrupted receive, and this stream does not carry it on. */
        PARTIAL_STATE,
        /** There is no state of an interrupted receive. */
        NO_PARTIAL_STATE,
        /** A resume token that cannot be read. */
        TOKEN_CORRUPT,
        /** A resume token whose snapshot, base or dataset is gone. */
        TOKEN_STALE,
        /** The stream ended early or was damaged; nothing of it was kept. */
        STREAM_CUT,
        /** The stream ended early; a resume token tells where to go on. */
        STREAM_CUT_RESUMABLE,
        /** The user may not do this, or nobody, since the pool is imported read-only. */
        NO_PERMISSION,
        /** The pool is full. */
        NO_SPACE,
        /** A quota or limit is reached. */
        QUOTA,
        /** An encrypted dataset whose key is not loaded. */
        KEY_NOT_LOADED,
        /** The key does not fit, or is of the wrong form. */
        WRONG_KEY,
        /** The key of a target could not be handed over to whoever is to keep it. */
        KEY_NOT_KEPT,
        /** The stream and the target do not fit each other: encryption, IV sets, large blocks, types. */
        INCOMPATIBLE,
        /** The pool or the program lacks a feature. */
        UNSUPPORTED,
        /** The pool is suspended or not imported. */
        POOL_UNAVAILABLE,
        /** A name, property or option that {@code zfs} refuses. */
        INVALID,
        /** The program could not be started, or the host not be reached. */
        HOST_UNREACHABLE,
        /** The host did not let us in, or could not prove which it is. */
        HOST_REFUSED,
        /** The command took longer than it may and was ended; whether it took effect is not known. */
        TIMED_OUT,
        /** It was cancelled. */
        CANCELLED,
        /** The program printed something that cannot be relied on. */
        UNREADABLE,
        /** Something else; the text tells. */
        UNKNOWN
    }

    @Override
    public String toString() {
        return kind + ": " + text.strip() + " [" + command + "]";
    }
}
