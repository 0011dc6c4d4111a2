// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsFailure.Kind;

/** What OpenZFS says when a command fails in a certain way, for failures that a test planned. */
final class FaultWords {

    private FaultWords() {}

    static ZfsFailure failure(Kind kind, String command) {
        return new ZfsFailure(kind, command, "the test wants it to fail: " + words(kind));
    }

    private static String words(Kind kind) {
        return switch (kind) {
            case NO_SUCH_DATASET -> "cannot open 'it': dataset does not exist";
            case NO_SUCH_POINT -> "cannot open 'it@it': dataset does not exist";
            case ALREADY_EXISTS -> "cannot create 'it': dataset already exists";
            case BUSY -> "cannot destroy 'it': dataset is busy";
            case HELD -> "cannot destroy snapshot it@it: it's being held. Run 'zfs holds -r it@it' to see holders.";
            case HAS_CLONES -> "cannot destroy 'it@it': snapshot has dependent clones";
            case HAS_CHILDREN -> "cannot destroy 'it': filesystem has children";
            case NEWER_EXISTS -> "cannot rollback to 'it@it': more recent snapshots or bookmarks exist";
            case TARGET_MODIFIED ->
                "cannot receive incremental stream: destination it has been modified\nsince most recent snapshot";
            case NO_INCREMENTAL_BASE ->
                "cannot receive incremental stream: most recent snapshot of it does not\nmatch incremental source";
            case TARGET_EXISTS ->
                "cannot receive new filesystem stream: destination 'it' exists\nmust specify -F to overwrite it";
            case PARTIAL_STATE ->
                "cannot receive incremental stream: destination it contains partially-complete state from"
                        + " \"zfs receive -s\".";
            case NO_PARTIAL_STATE -> "'it' does not have any resumable receive state to abort";
            case TOKEN_CORRUPT -> "cannot resume send: resume token is corrupt (incorrect checksum)";
            case TOKEN_STALE -> "cannot resume send: 'it@it' used in the initial send no longer exists";
            case STREAM_CUT -> "cannot receive new filesystem stream: incomplete stream";
            case STREAM_CUT_RESUMABLE ->
                "cannot receive new filesystem stream: checksum mismatch or incomplete stream.\n"
                        + "Partially received snapshot is saved.";
            case NO_PERMISSION -> "cannot change it: permission denied";
            case NO_SPACE -> "cannot create 'it': out of space";
            case QUOTA -> "cannot receive new filesystem stream: destination it space quota exceeded.";
            case KEY_NOT_LOADED -> "warning: cannot send 'it@it': dataset key must be loaded";
            case WRONG_KEY -> "Key load error: Incorrect key provided for 'it'.";
            case KEY_NOT_KEPT -> "the key is not kept";
            case INCOMPATIBLE ->
                "cannot receive incremental stream: cannot perform raw receive on top of existing unencrypted dataset";
            case UNSUPPORTED -> "The ZFS modules are not loaded.\nTry running 'modprobe zfs' as root to load them.";
            case POOL_UNAVAILABLE -> "cannot open 'it': pool I/O is currently suspended";
            case INVALID -> "cannot set property for 'it': invalid property value";
            case HOST_UNREACHABLE -> "the host can't be reached";
            case HOST_REFUSED -> "the host does not let us in";
            case TIMED_OUT -> "it takes too long";
            case CANCELLED -> "it is cancelled";
            case UNREADABLE -> "its output can't be read";
            case UNKNOWN -> "for no reason";
        };
    }

    /** Some failures are not told by {@code zfs} but happen to those who run it. */
    static void requirePrintable(ZfsFailure failure) {
        switch (failure.kind()) {
            case HOST_UNREACHABLE, HOST_REFUSED, TIMED_OUT, CANCELLED, UNREADABLE -> throw new NotPrinted(failure);
            default -> {}
        }
    }

    /** A command failed in a way of which the program itself knows nothing. */
    static final class NotPrinted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient ZfsFailure failure;

        NotPrinted(ZfsFailure failure) {
            super(failure.text(), null, false, false);
            this.failure = failure;
        }

        ZfsFailure failure() {
            return failure;
        }
    }
}
