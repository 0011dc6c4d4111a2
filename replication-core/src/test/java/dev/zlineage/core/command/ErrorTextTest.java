// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What OpenZFS 2.3.2 printed, unless a line says otherwise, and what is made of it. */
class ErrorTextTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                of(Kind.NO_SUCH_DATASET, "cannot open 'tank/nope': dataset does not exist"),
                of(Kind.NO_SUCH_DATASET, "cannot create 'tank/no/x': parent does not exist"),
                of(Kind.NO_SUCH_DATASET, "cannot receive incremental stream: destination 'backup/neu' does not exist"),
                of(
                        Kind.NO_SUCH_DATASET,
                        "cannot open 'backup/no': dataset does not exist\n"
                                + "cannot receive new filesystem stream: unable to restore to destination"),
                of(Kind.NO_SUCH_POINT, "cannot open 'tank/a@none': dataset does not exist\nno datasets available"),
                of(Kind.NO_SUCH_POINT, "cannot hold snapshot 'tank/a@none': dataset does not exist"),
                of(
                        Kind.NO_SUCH_POINT,
                        "cannot open 'tank/a#no': no such pool or dataset\nusage:\n\tbookmark <snapshot>"),
                of(Kind.NO_SUCH_POINT, "bookmark 'tank/a#nope' does not exist."),
                of(
                        Kind.NO_SUCH_POINT,
                        "warning: cannot send 'tank/p@2': incremental source (tank/p#none) does not exist"),
                of(Kind.NO_SUCH_POINT, "warning: cannot send 'tank/p@1': No such process"),
                of(Kind.ALREADY_EXISTS, "cannot promote 'tank/cl': conflicting snapshot '1' from parent 'tank/q@1'"),
                of(
                        Kind.INCOMPATIBLE,
                        "cannot receive new filesystem stream: incompatible embedded data stream feature with encrypted receive."),
                of(Kind.ALREADY_EXISTS, "cannot create 'tank/a': dataset already exists"),
                of(
                        Kind.ALREADY_EXISTS,
                        "cannot create snapshot 'tank/v@1': dataset already exists\nno snapshots were created"),
                of(Kind.ALREADY_EXISTS, "cannot create bookmark 'tank/p#x': bookmark exists"),
                of(Kind.NO_INCREMENTAL_BASE, "warning: cannot send 'tank/a@1': Invalid cross-device link"),
                of(Kind.NO_PERMISSION, "cannot create bookmark 'ro/a#b': pool is read-only"),
                of(Kind.NO_PERMISSION, "cannot hold: pool is read-only"),
                // how OpenZFS answers to any option that it does not know
                of(Kind.UNSUPPORTED, "invalid option 'p'\nusage:\n\tholds [-rH] <snapshot> ..."),
                of(Kind.BUSY, "cannot unmount '/tank/busy': pool or dataset is busy"),
                of(Kind.BUSY, "cannot destroy 'backup/live': dataset is busy"),
                of(
                        Kind.HELD,
                        "cannot destroy snapshot tank/a/b@1: it's being held. Run 'zfs holds -r tank/a/b@1' to see holders."),
                of(
                        Kind.HAS_CLONES,
                        "cannot destroy 'tank/a@2': snapshot has dependent clones\n"
                                + "use '-R' to destroy the following datasets:\ntank/cl"),
                of(
                        Kind.HAS_CHILDREN,
                        "cannot destroy 'tank/a': filesystem has children\n"
                                + "use '-r' to destroy the following datasets:\ntank/a/b@1\ntank/a/b"),
                of(
                        Kind.NEWER_EXISTS,
                        "cannot rollback to 'tank/a@2': more recent snapshots or bookmarks exist\n"
                                + "use '-r' to force deletion of the following snapshots and bookmarks:\ntank/a@3"),
                of(
                        Kind.TARGET_MODIFIED,
                        "cannot receive incremental stream: destination backup/a has been modified\n"
                                + "since most recent snapshot"),
                of(
                        Kind.NO_INCREMENTAL_BASE,
                        "cannot receive incremental stream: most recent snapshot of backup/s does not\n"
                                + "match incremental source"),
                of(
                        Kind.NO_INCREMENTAL_BASE,
                        "warning: cannot send 'tank/p@2': not an earlier snapshot from the same fs"),
                of(
                        Kind.TARGET_EXISTS,
                        "cannot receive new filesystem stream: destination 'backup/s' exists\n"
                                + "must specify -F to overwrite it"),
                of(
                        Kind.TARGET_EXISTS,
                        "cannot receive new filesystem stream: destination has snapshots (eg. backup/s@1)\n"
                                + "must destroy them to overwrite it"),
                of(
                        Kind.PARTIAL_STATE,
                        "cannot receive incremental stream: destination backup/s contains partially-complete state"
                                + " from \"zfs receive -s\"."),
                of(Kind.NO_PARTIAL_STATE, "'tank/a' does not have any resumable receive state to abort"),
                of(Kind.TOKEN_CORRUPT, "cannot resume send: resume token is corrupt (incorrect checksum)"),
                of(Kind.TOKEN_STALE, "cannot resume send: incremental source 0x76e73c48987a67f2 no longer exists"),
                of(Kind.TOKEN_STALE, "cannot resume send: 'tank/p@1' used in the initial send no longer exists"),
                of(Kind.STREAM_CUT, "cannot receive new filesystem stream: incomplete stream"),
                of(Kind.STREAM_CUT, "cannot receive: failed to read from stream"),
                of(Kind.STREAM_CUT, "cannot receive: invalid stream (bad magic number)"),
                of(
                        Kind.STREAM_CUT_RESUMABLE,
                        "cannot receive incremental stream: checksum mismatch or incomplete stream.\n"
                                + "Partially received snapshot is saved.\n"
                                + "A resuming stream can be generated on the sending system by running:\n"
                                + "    zfs send -t 1-ac0a5b255-e0-789c63"),
                of(Kind.NO_PERMISSION, "cannot create snapshots : permission denied"),
                of(Kind.NO_PERMISSION, "warning: cannot send 'tank/s@2': permission denied"),
                of(Kind.NO_PERMISSION, "cannot unmount '/tank/s': permission denied"),
                of(Kind.NO_PERMISSION, "sudo: a password is required"),
                of(Kind.QUOTA, "cannot receive new filesystem stream: destination backup/q/n space quota exceeded."),
                of(Kind.NO_SPACE, "cannot create 'tank/x': out of space"),
                of(Kind.KEY_NOT_LOADED, "warning: cannot send 'tank/enc@1': dataset key must be loaded"),
                of(Kind.KEY_NOT_LOADED, "cannot mount 'tank/enc': encryption key not loaded"),
                of(Kind.KEY_NOT_LOADED, "cannot create 'tank/enc/x': encryption root's key is not loaded or provided"),
                of(
                        Kind.NO_INCREMENTAL_BASE,
                        "WARNING: could not send tank/a@2:\nincremental source (tank/a@2) is not earlier than it"),
                of(Kind.INCOMPATIBLE, "cannot promote 'tank/b': cannot promote dataset outside its encryption root"),
                of(
                        Kind.INCOMPATIBLE,
                        "cannot rename 'tank/e/c': cannot move encrypted child outside of its encryption root"),
                of(Kind.WRONG_KEY, "Key load error: Incorrect key provided for 'tank/enc'."),
                of(Kind.WRONG_KEY, "Key load error: Raw key too short (expected 32)."),
                of(Kind.WRONG_KEY, "Key load error: encryption failure"),
                of(Kind.INVALID, "Key load error: 'tank/s' is not encrypted."),
                of(
                        Kind.INCOMPATIBLE,
                        "cannot receive new filesystem stream: zfs receive -F cannot be used to destroy an encrypted"
                                + " filesystem or overwrite an unencrypted one with an encrypted one"),
                of(
                        Kind.INCOMPATIBLE,
                        "cannot receive incremental stream: cannot perform raw receive on top of existing unencrypted"
                                + " dataset"),
                of(
                        Kind.INCOMPATIBLE,
                        "cannot receive incremental stream: incremental send stream requires -L (--large-block), to match"
                                + " previous receive."),
                of(Kind.KEY_NOT_LOADED, "cannot receive new filesystem stream: inherited key must be loaded"),
                of(Kind.ALREADY_EXISTS, "cannot restore to backup/n3@2: destination already exists"),
                of(Kind.BUSY, "cannot receive incremental stream: dataset is busy"),
                of(Kind.HAS_CLONES, "cannot destroy snapshot tank/a@1: snapshot is cloned"),
                of(Kind.HAS_CLONES, "cannot rollback to 'tank/r@2': clones of previous snapshots exist"),
                of(
                        Kind.TOKEN_STALE,
                        "cannot resume send: 'tank/t@5' is no longer the same snapshot used in the initial send"),
                of(Kind.INVALID, "cannot set property for 'tank/l/fs': 'used' is readonly"),
                of(
                        Kind.INVALID,
                        "cannot receive new filesystem stream: property 'mountpoint' does not apply to datasets of this type"),
                of(
                        Kind.INVALID,
                        "cannot create bookmark 'tank/l#x': source is not an ancestor of the new bookmark's dataset"),
                of(
                        Kind.INVALID,
                        "cannot rename to 'tank/r/child': New dataset name cannot be a descendant of current dataset name"),
                of(Kind.INVALID, "cannot set property for 'tank/a': 'readonly' must be one of 'on | off'"),
                of(Kind.INVALID, "cannot receive: cannot receive: invalid property 'nosuch'"),
                of(
                        Kind.INVALID,
                        "cannot send tank/e@1: encrypted dataset tank/e may not be sent with properties without the raw"
                                + " flag\nwarning: cannot send 'tank/e@1': backup failed"),
                of(
                        Kind.INVALID,
                        "cannot receive new filesystem stream: encryption property 'encryption' cannot be set or excluded"
                                + " for raw streams.\ncannot open 'backup/e': dataset does not exist"),
                of(Kind.INVALID, "cannot promote 'tank/a': not a cloned filesystem"),
                of(Kind.INVALID, "'quota' property cannot be inherited\nuse 'zfs set quota=none' to clear"),
                of(Kind.INVALID, "cannot rename to 'backup/v': datasets must be within same pool"),
                of(Kind.INVALID, "Error: multiple snapshots cannot be sent from a bookmark."),
                of(Kind.UNSUPPORTED, "unrecognized command 'frob'\nusage: zfs command args ..."),
                of(Kind.UNKNOWN, "something new went wrong"));
    }

    private static Arguments of(Kind kind, String text) {
        return Arguments.of(kind, text);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void isOfKind(Kind kind, String text) {
        assertThat(ErrorText.kind(text)).isEqualTo(kind);
        assertThat(ErrorText.kind(text + "\n")).isEqualTo(kind);
    }

    /** Names may hold blanks, and so be called anything. */
    @Test
    void aQuotedNameDecidesNothing() {
        assertThat(ErrorText.kind("cannot open 'tank/permission denied': dataset does not exist"))
                .isEqualTo(Kind.NO_SUCH_DATASET);
        assertThat(ErrorText.kind("cannot create 'tank/x does not exist@1': out of space"))
                .isEqualTo(Kind.NO_SPACE);
    }

    @Test
    void thePageOfHelpDecidesNothing() {
        assertThat(ErrorText.kind("some refusal\nusage:\n\treceive ... permission denied quota exceeded\n"))
                .isEqualTo(Kind.UNKNOWN);
        assertThat(Failures.withoutUsage("some refusal\nusage:\n\treceive\n")).isEqualTo("some refusal\n");
    }

    @Test
    void theEndOfAStreamIsReadFromItsMessageFirst() {
        assertThat(StreamVerdict.of("zfs send", StreamExit.OK)).isEmpty();
        assertThat(verdict(141, "")).isEqualTo(Kind.STREAM_CUT);
        assertThat(verdict(143, "")).isEqualTo(Kind.STREAM_CUT);
        assertThat(verdict(1, "")).isEqualTo(Kind.UNKNOWN);
        assertThat(verdict(1, "cannot receive: failed to read from stream\n")).isEqualTo(Kind.STREAM_CUT);
        assertThat(verdict(255, "cannot resume send: resume token is corrupt (invalid format)"))
                .isEqualTo(Kind.TOKEN_CORRUPT);
        assertThat(verdict(StreamExit.LOST, "Cannot run program \"zfs\": error=2, No such file or directory"))
                .isEqualTo(Kind.HOST_UNREACHABLE);
        assertThat(verdict(127, "sh: 1: zfs: not found")).isEqualTo(Kind.HOST_UNREACHABLE);
        assertThat(verdict(255, "ssh: connect to host nas port 22: Connection refused"))
                .isEqualTo(Kind.HOST_UNREACHABLE);
        assertThat(verdict(255, "")).isEqualTo(Kind.HOST_UNREACHABLE);
        assertThat(verdict(255, "backup@nas: Permission denied (publickey).")).isEqualTo(Kind.HOST_REFUSED);
        assertThat(verdict(255, "Host key verification failed.")).isEqualTo(Kind.HOST_REFUSED);
    }

    @Test
    void aVerdictHasAtLeastASentence() {
        assertThat(StreamVerdict.of("zfs send", new StreamExit(141, ""))
                        .orElseThrow()
                        .text())
                .isEqualTo("exit code 141 without a message: the other end left");
        assertThat(StreamVerdict.of("zfs send", new StreamExit(255, ""))
                        .orElseThrow()
                        .text())
                .isEqualTo("exit code 255 without a message: the connection was lost");
    }

    private static Kind verdict(int code, String output) {
        return StreamVerdict.of("zfs", new StreamExit(code, output))
                .orElseThrow()
                .kind();
    }
}
