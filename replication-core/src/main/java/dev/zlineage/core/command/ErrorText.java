// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.List;
import java.util.Locale;

/**
 * Guesses the kind of a failure from what {@code zfs} printed. The texts differ between versions, so short fragments of
 * them are looked for; the first row that fits decides, so what is special comes before what is general.
 */
final class ErrorText {

    /** All fragments must be there. */
    private record Row(Kind kind, List<String> fragments) {}

    private static final List<Row> ROWS = List.of(
            // interrupted streams
            row(Kind.STREAM_CUT_RESUMABLE, "partially received snapshot is saved"),
            row(Kind.PARTIAL_STATE, "partially-complete state"),
            row(Kind.NO_PARTIAL_STATE, "does not have any resumable receive state"),
            row(Kind.TOKEN_CORRUPT, "resume token is corrupt"),
            row(Kind.TOKEN_STALE, "cannot resume send", "no longer"),
            row(Kind.TOKEN_STALE, "cannot resume send", "does not exist"),
            row(Kind.TARGET_EXISTS, "resuming recv on existing"),
            // keys and encryption
            row(Kind.INCOMPATIBLE, "cannot be used to destroy an encrypted"),
            row(Kind.INCOMPATIBLE, "raw receive on top of"),
            row(Kind.INCOMPATIBLE, "iv set guid"),
            row(Kind.INCOMPATIBLE, "ivset guid"),
            row(Kind.INCOMPATIBLE, "crypto parameters"),
            row(Kind.INCOMPATIBLE, "incompatible embedded data"),
            row(Kind.INCOMPATIBLE, "outside", "its encryption root"),
            row(Kind.INVALID, "without the raw flag"),
            row(Kind.INVALID, "cannot be set or excluded"),
            row(Kind.WRONG_KEY, "incorrect key provided"),
            row(Kind.WRONG_KEY, "key too short"),
            row(Kind.WRONG_KEY, "key too long"),
            row(Kind.WRONG_KEY, "passphrase too"),
            row(Kind.WRONG_KEY, "invalid hex"),
            row(Kind.WRONG_KEY, "key load error", "encryption failure"),
            row(Kind.INVALID, "for encryption root of"),
            row(Kind.INVALID, "is not encrypted"),
            row(Kind.KEY_NOT_LOADED, "key must be loaded"),
            row(Kind.KEY_NOT_LOADED, "key is not loaded"),
            row(Kind.KEY_NOT_LOADED, "key not loaded"),
            // what a receiver says
            row(Kind.INCOMPATIBLE, "requires -l"),
            row(Kind.INCOMPATIBLE, "large block"),
            row(Kind.NO_INCREMENTAL_BASE, "does not match incremental source"),
            row(Kind.TARGET_MODIFIED, "has been modified"),
            row(Kind.TARGET_EXISTS, "destination has snapshots"),
            row(Kind.TARGET_EXISTS, "must specify -f"),
            row(Kind.TARGET_EXISTS, "must destroy it to overwrite it"),
            row(Kind.TARGET_EXISTS, "must destroy them to overwrite it"),
            row(Kind.UNSUPPORTED, "unsupported feature"),
            row(Kind.UNSUPPORTED, "must be upgraded"),
            row(Kind.STREAM_CUT, "incomplete stream"),
            row(Kind.STREAM_CUT, "checksum mismatch"),
            row(Kind.STREAM_CUT, "failed to read from stream"),
            row(Kind.STREAM_CUT, "stream truncated"),
            row(Kind.STREAM_CUT, "invalid stream"),
            row(Kind.STREAM_CUT, "invalid backup stream"),
            row(Kind.STREAM_CUT, "broken pipe"),
            // what a sender says
            row(Kind.NO_SUCH_POINT, "incremental source", "does not exist"),
            row(Kind.NO_SUCH_POINT, "cannot send", "no such process"),
            row(Kind.NO_INCREMENTAL_BASE, "not an earlier snapshot"),
            row(Kind.NO_INCREMENTAL_BASE, "cannot send", "cross-device link"),
            row(Kind.NO_INCREMENTAL_BASE, "is not earlier than it"),
            row(Kind.INVALID, "cannot be sent from a bookmark"),
            // what stands in the way
            row(Kind.HELD, "being held"),
            row(Kind.HELD, "is held"),
            row(Kind.HELD, "has holds"),
            row(Kind.BUSY, "cannot destroy snapshot", "is busy"),
            row(Kind.HAS_CLONES, "dependent clone"),
            row(Kind.HAS_CLONES, "clones of previous snapshots"),
            row(Kind.HAS_CHILDREN, "has children"),
            row(Kind.NEWER_EXISTS, "more recent snapshots"),
            // ssh names the ways to log in that were tried
            row(Kind.HOST_REFUSED, "permission denied (publickey"),
            row(Kind.HOST_REFUSED, "permission denied (keyboard"),
            row(Kind.HOST_REFUSED, "permission denied (password"),
            row(Kind.HOST_REFUSED, "host key verification failed"),
            row(Kind.NO_PERMISSION, "permission denied"),
            row(Kind.NO_PERMISSION, "delegated administration is disabled"),
            row(Kind.NO_PERMISSION, "operation not permitted"),
            row(Kind.NO_PERMISSION, "insufficient privileges"),
            row(Kind.NO_PERMISSION, "must be root"),
            row(Kind.NO_PERMISSION, "run as root"),
            row(Kind.NO_PERMISSION, "a password is required"),
            row(Kind.NO_PERMISSION, "not in the sudoers"),
            row(Kind.NO_PERMISSION, "is not allowed to"),
            row(Kind.NO_PERMISSION, "pool is read-only"),
            row(Kind.NO_PERMISSION, "read-only file system"),
            row(Kind.QUOTA, "quota exceeded"),
            row(Kind.QUOTA, "exceeds quota"),
            row(Kind.QUOTA, "limit exceeded"),
            row(Kind.NO_SPACE, "out of space"),
            row(Kind.NO_SPACE, "no space left"),
            row(Kind.NO_SPACE, "greater than available space"),
            // the host and the pool
            row(Kind.UNSUPPORTED, "modules are not loaded"),
            row(Kind.UNSUPPORTED, "module is not loaded"),
            row(Kind.UNSUPPORTED, "zfs_version_kernel"),
            row(Kind.UNSUPPORTED, "unrecognized command"),
            row(Kind.UNSUPPORTED, "invalid option"),
            row(Kind.UNSUPPORTED, "not supported"),
            row(Kind.UNSUPPORTED, "unsupported"),
            row(Kind.POOL_UNAVAILABLE, "is currently suspended"),
            row(Kind.POOL_UNAVAILABLE, "pool is suspended"),
            row(Kind.POOL_UNAVAILABLE, "pool i/o is"),
            row(Kind.POOL_UNAVAILABLE, "is not imported"),
            row(Kind.HOST_UNREACHABLE, "command not found"),
            row(Kind.HOST_UNREACHABLE, "cannot run program"),
            // names
            row(Kind.ALREADY_EXISTS, "already exists"),
            row(Kind.ALREADY_EXISTS, "bookmark exists"),
            row(Kind.ALREADY_EXISTS, "conflicting snapshot"),
            row(Kind.BUSY, "is busy"),
            row(Kind.BUSY, "currently mounted"),
            row(Kind.HAS_CLONES, "snapshot is cloned"),
            row(Kind.NO_SUCH_POINT, "''@ does not exist"),
            row(Kind.NO_SUCH_POINT, "''@: dataset does not exist"),
            row(Kind.NO_SUCH_POINT, "''@: no such pool or dataset"),
            row(Kind.NO_SUCH_POINT, "could not find any snapshots"),
            row(Kind.NO_SUCH_DATASET, "does not exist"),
            row(Kind.NO_SUCH_DATASET, "no such pool or dataset"),
            row(Kind.POOL_UNAVAILABLE, "no such pool"),
            // refusals
            row(Kind.INVALID, "invalid"),
            row(Kind.INVALID, "must be"),
            row(Kind.INVALID, "cannot be inherited"),
            row(Kind.INVALID, "not a cloned filesystem"),
            row(Kind.INVALID, "pools differ"),
            row(Kind.INVALID, "may not start with"),
            row(Kind.INVALID, "too long"),
            row(Kind.INVALID, "too many"),
            row(Kind.INVALID, "size is less than"),
            row(Kind.INVALID, "not applicable to datasets of this type"),
            row(Kind.INVALID, "multiple snapshots of same fs"),
            row(Kind.INVALID, "is readonly"),
            row(Kind.INVALID, "read-only property"),
            row(Kind.INVALID, "readonly property"),
            row(Kind.INVALID, "can not be modified for"),
            row(Kind.INVALID, "does not apply to datasets of this type"),
            row(Kind.INVALID, "specified multiple times"),
            row(Kind.INVALID, "stdin is in use"),
            row(Kind.INVALID, "legacy mountpoint"),
            row(Kind.INVALID, "no mountpoint set"),
            row(Kind.INVALID, "property is set to ''"),
            row(Kind.INVALID, "is not a filesystem"),
            row(Kind.INVALID, "is not an ancestor"),
            row(Kind.INVALID, "cannot be a descendant"));

    private ErrorText() {}

    static Kind kind(String printed) {
        String text = plain(Failures.withoutUsage(printed));
        for (Row row : ROWS) {
            if (row.fragments().stream().allMatch(text::contains)) {
                return row.kind();
            }
        }
        return Kind.UNKNOWN;
    }

    /**
     * In lower case and one line, and without the quoted names, which may hold any words: {@code ''} for one of a dataset,
     * {@code ''@} for one of a snapshot or bookmark. The apostrophe of {@code it's} opens no name.
     */
    private static String plain(String printed) {
        StringBuilder text = new StringBuilder(printed.length());
        int i = 0;
        while (i < printed.length()) {
            char c = printed.charAt(i);
            if (c == '\'' && (i == 0 || !Character.isLetterOrDigit(printed.charAt(i - 1)))) {
                int end = printed.indexOf('\'', i + 1);
                if (end > 0) {
                    String quoted = printed.substring(i + 1, end);
                    text.append(quoted.indexOf('@') >= 0 || quoted.indexOf('#') >= 0 ? "''@" : "''");
                    i = end + 1;
                    continue;
                }
            }
            text.append(Character.isWhitespace(c) ? ' ' : c);
            i++;
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    private static Row row(Kind kind, String... fragments) {
        return new Row(kind, List.of(fragments));
    }
}
