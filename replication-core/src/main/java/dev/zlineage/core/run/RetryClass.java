// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.zfs.ZfsFailure;

/** When it is worth trying again after a failure. Whenever it is, the dataset is looked at and planned anew first. */
enum RetryClass {
    /** The link gave way while bytes were moving: at once, where that brought something, after a while otherwise. */
    AT_ONCE,
    /** Something is in the way that may go: a receiver that still writes what it got, a host that does not answer. */
    AFTER_A_WHILE,
    /** Things are not as they were planned: a snapshot is gone, a token died. There is nothing to wait for. */
    PLANNED_ANEW,
    /** Somebody has to do something about it. */
    NEVER;

    static RetryClass of(ZfsFailure.Kind kind) {
        return switch (kind) {
            case STREAM_CUT, STREAM_CUT_RESUMABLE -> AT_ONCE;
            case BUSY, PARTIAL_STATE, HOST_UNREACHABLE, POOL_UNAVAILABLE, TIMED_OUT, UNREADABLE, UNKNOWN ->
                AFTER_A_WHILE;
            case NO_SUCH_DATASET,
                    NO_SUCH_POINT,
                    ALREADY_EXISTS,
                    TARGET_MODIFIED,
                    NO_INCREMENTAL_BASE,
                    TARGET_EXISTS,
                    NO_PARTIAL_STATE,
                    TOKEN_CORRUPT,
                    TOKEN_STALE -> PLANNED_ANEW;
            case HELD,
                    HAS_CLONES,
                    HAS_CHILDREN,
                    NEWER_EXISTS,
                    NO_PERMISSION,
                    NO_SPACE,
                    QUOTA,
                    KEY_NOT_LOADED,
                    WRONG_KEY,
                    KEY_NOT_KEPT,
                    INCOMPATIBLE,
                    UNSUPPORTED,
                    HOST_REFUSED,
                    INVALID,
                    CANCELLED -> NEVER;
        };
    }
}
