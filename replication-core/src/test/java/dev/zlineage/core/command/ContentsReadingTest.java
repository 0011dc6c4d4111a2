// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandLine.Manner;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.FileTree;
import dev.zlineage.core.zfs.FileTree.Entry;
import dev.zlineage.core.zfs.FileTree.Kind;
import dev.zlineage.core.zfs.SnapshotContents;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.VolumePieces;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading what a snapshot holds: which programs are run, and what they print; answers as those of Debian 12 gave them. */
class ContentsReadingTest {

    private static final SnapshotName A1 = DatasetName.of("tank/a").snapshot("1");
    private static final String AT = "/tmp/zl1-verify-Sk4V2tdQS7";
    private static final String FILESYSTEM = "volsize\t-\nkeystatus\t-\n";
    private static final String ONE = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
    private static final String TWO = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3";
    private static final String ROOT = "d 755 0 0 3 1795571072.1800000000 \0\0";
    private static final String FILE = "f 644 1000 4294967294 3 1795571071.7520000000 f\0\0";

    private final ScriptedRunner runner = new ScriptedRunner();
    private final CommandZfs zfs = new CommandZfs(runner, List.of("sudo", "-n", "zfs"));

    private Answer<SnapshotContents> read() {
        return zfs.execute(new ZfsCommand.ReadContents(A1));
    }

    private ScriptedRunner mounted() {
        return runner.then(0, FILESYSTEM, "").then(0, AT + "\n", "").then(0, "", "");
    }

    private List<Entry> entries() {
        FileTree tree = (FileTree) read().orThrow();
        return IntStream.range(0, tree.size()).mapToObj(tree::entry).toList();
    }

    private List<Manner> manners() {
        return runner.calls.get(runner.calls.size() - 1).stream()
                .map(CommandLine::manner)
                .toList();
    }

    @Test
    void aSnapshotIsMountedReadAndLeftByTheProgramsOfTheHost() {
        mounted()
                .then(0, "l 777 0 0 9 -1.5000000000 link\0tar\tget\nx\0" + ROOT + FILE, "")
                .then(0, ONE + "  " + AT + "/f\0", "");

        List<Entry> entries = entries();

        assertThat(entries).extracting(Entry::path).containsExactly("", "f", "link");
        Entry file = entries.get(1);
        assertThat(file.kind()).isEqualTo(Kind.FILE);
        assertThat(file.mode()).isEqualTo(0644);
        assertThat(file.owner()).isEqualTo(1000);
        assertThat(file.group()).isEqualTo(4294967294L);
        assertThat(file.modified()).isEqualTo(Instant.ofEpochSecond(1795571071, 752_000_000));
        assertThat(file.sha256()).contains(ONE);
        assertThat(entries.get(2).linkTarget()).isEqualTo("tar\tget\nx");
        assertThat(entries.get(2).modified()).isEqualTo(Instant.ofEpochSecond(-2, 500_000_000));
        assertThat(runner.lines())
                .containsExactly(
                        "-n zfs get -H -p -o property,value volsize,keystatus tank/a@1",
                        "-n mktemp -d -t zl1-verify-XXXXXXXXXX",
                        "-n mount -t zfs -o ro tank/a@1 " + AT,
                        "-n find " + AT + " -xdev -printf %y %m %U %G %s %T@ %P\\0%l\\0",
                        "-n find " + AT + " -xdev -type f -exec sha256sum -z {} +",
                        "-n umount " + AT,
                        "-n rmdir " + AT);
        assertThat(runner.calls)
                .as("what tidies up goes along with what it tidies")
                .hasSize(3);
        assertThat(manners())
                .containsExactly(Manner.ORDINARY, Manner.LONG, Manner.LONG, Manner.TIDYING, Manner.TIDYING);
    }

    @Test
    void whatIsDamagedIsAnEntry() {
        mounted()
                .then(
                        1,
                        ROOT + FILE + FILE.replace("f\0\0", "g\0\0") + "d 755 0 0 2 1.0 dir\0\0",
                        "find: '" + AT + "/dir': Input/output error\n")
                .then(
                        1,
                        ONE + "  " + AT + "/g\0",
                        "sha256sum: " + AT + "/f: Input/output error\nfind: '" + AT + "/dir': Input/output error\n");

        List<Entry> entries = entries();

        assertThat(entries).extracting(Entry::path).containsExactly("", "dir", "f", "g");
        assertThat(entries).extracting(Entry::readable).containsExactly(true, false, false, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256sum: /tmp/zl1-verify-Sk4V2tdQS7/f: Permission denied\n",
                "find: 'sha256sum': No such file or directory\n",
                "find: '/tmp/other/f': Input/output error\n",
                ""
            })
    void anyOtherComplaintIsAFailure(String complaint) {
        mounted().then(0, ROOT + FILE, "").then(1, "", complaint);

        assertThat(read().failedWith(ZfsFailure.Kind.UNREADABLE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"f 644 0 0 3 1.0 f", "f 644 0\0\0", "f x 0 0 3 1.0 f\0\0", "f 644 0 0 3 1 f\0\0"})
    void aListingThatIsNotWholeIsAFailure(String listing) {
        mounted().then(0, listing, "").then(0, "", "");

        assertThat(read().failedWith(ZfsFailure.Kind.UNREADABLE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7692",
                "!!92c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  /tmp/zl1-verify-Sk4V2tdQS7/f\0"
            })
    void aFileWithoutADigestThatNobodyComplainedOfIsAFailure(String digests) {
        mounted().then(0, ROOT + FILE, "").then(0, digests, "");

        assertThat(read().failedWith(ZfsFailure.Kind.UNREADABLE)).isTrue();
    }

    @Test
    void aNameThatLeadsNowhereIsAnEntry() {
        String nowhere = "find: '" + AT + "/own': No such file or directory\n";
        mounted()
                .then(1, FILE + ROOT, nowhere)
                .then(1, ONE + "  " + AT + "/f\0", "sha256sum: " + AT + "/own: No such file or directory\n");

        List<Entry> entries = entries();

        assertThat(entries).extracting(Entry::path).containsExactly("", "f", "own");
        assertThat(entries).extracting(Entry::readable).containsExactly(true, true, false);
        assertThat(entries.get(2).kind()).isEqualTo(Kind.OTHER);
    }

    @Test
    void whatCannotBeMountedIsToldAndTheFolderGoes() {
        runner.then(0, FILESYSTEM, "")
                .then(0, AT + "\n", "")
                .then(2, "", "zfs_mount_at() failed: Insufficient privileges");

        assertThat(read().failedWith(ZfsFailure.Kind.NO_PERMISSION)).isTrue();
        assertThat(runner.lines()).last().isEqualTo("-n rmdir " + AT);
    }

    @Test
    void whatCannotBeUnmountedIsTold() {
        mounted().then(0, ROOT, "").then(0, "", "").then(32, "", "umount: " + AT + ": target is busy.\n");

        assertThat(read().failedWith(ZfsFailure.Kind.BUSY)).isTrue();
    }

    @Test
    void withoutTheKeyNothingIsTried() {
        runner.then(0, "volsize\t-\nkeystatus\tunavailable\n", "");

        assertThat(read().failedWith(ZfsFailure.Kind.KEY_NOT_LOADED)).isTrue();
        assertThat(runner.calls).hasSize(1);
    }

    @Test
    void aFolderOfAnotherNameIsNotUsed() {
        runner.then(0, FILESYSTEM, "").then(0, "/home\n", "");

        assertThat(read().failedWith(ZfsFailure.Kind.UNREADABLE)).isTrue();
        assertThat(runner.calls).hasSize(2);
    }

    private ScriptedRunner cloned(long size) {
        return runner.then(0, "volsize\t" + size + "\nkeystatus\tavailable\n", "")
                .then(0, "zl1-verify-Sk4V2tdQS7\n", "")
                .then(0, "", "")
                .then(0, "", "");
    }

    @Test
    void aVolumeIsClonedCutUpAndTheCloneDestroyed() {
        cloned((1 << 20) + 1).then(0, ONE + "  -\n" + TWO + "  -\n", "");

        assertThat(read().orThrow())
                .isEqualTo(new VolumePieces((1 << 20) + 1, List.of(ONE, TWO), OptionalLong.empty()));
        assertThat(runner.lines().subList(1, 7))
                .containsExactly(
                        "-n mktemp -u zl1-verify-XXXXXXXXXX",
                        "-n zfs clone -o readonly=on -o volmode=dev tank/a@1 tank/zl1-verify-Sk4V2tdQS7",
                        "-n udevadm settle",
                        "-n env SHELL=/bin/sh split -a 8 --filter=sha256sum -b 1048576"
                                + " /dev/zvol/tank/zl1-verify-Sk4V2tdQS7",
                        "-n udevadm settle",
                        "-n zfs destroy tank/zl1-verify-Sk4V2tdQS7");
        assertThat(manners()).containsExactly(Manner.ORDINARY, Manner.LONG, Manner.TIDYING, Manner.TIDYING);
    }

    @Test
    void theDigestBeforeADamagedBlockIsOfAPartOnly() {
        cloned(4 << 20).then(1, ONE + "  -\n" + TWO + "  -\n", "split: /dev/zvol/tank/x: Input/output error\n");

        assertThat(read().orThrow()).isEqualTo(new VolumePieces(4 << 20, List.of(ONE), OptionalLong.of(1 << 20)));
    }

    @Test
    void anotherComplaintOfSplitIsAFailureAndTheCloneGoes() {
        cloned(4 << 20).then(1, "", "split: cannot open '/dev/zvol/x' for reading: No such file or directory\n");

        assertThat(read()).isInstanceOf(Answer.Failed.class);
        assertThat(runner.lines()).last().isEqualTo("-n zfs destroy tank/zl1-verify-Sk4V2tdQS7");
    }

    @Test
    void tooFewPiecesAreAFailure() {
        cloned(4 << 20).then(0, ONE + "  -\n", "");

        assertThat(read().failedWith(ZfsFailure.Kind.UNREADABLE)).isTrue();
    }

    @Test
    void aCloneThatIsInUseIsDestroyedByASecondTry() {
        cloned(1 << 20)
                .then(0, ONE + "  -\n", "")
                .then(0, "", "")
                .then(1, "", "cannot destroy 'tank/zl1-verify-Sk4V2tdQS7': dataset is busy\n");

        assertThat(read()).isInstanceOf(Answer.Done.class);
        assertThat(runner.lines().stream().filter(l -> l.contains("zfs destroy")))
                .hasSize(2);
    }

    @Test
    void whatIsNotOurCloneIsNeverDestroyed() {
        runner.then(0, "volsize\t1048576\nkeystatus\t-\n", "")
                .then(0, "zl1-verify-Sk4V2tdQS7\n", "")
                .then(1, "", "cannot create 'tank/zl1-verify-Sk4V2tdQS7': dataset already exists\n");

        assertThat(read().failedWith(ZfsFailure.Kind.ALREADY_EXISTS)).isTrue();
        assertThat(runner.lines()).noneMatch(l -> l.contains("destroy"));
    }

    @Test
    void aCloneOfWhichNothingIsKnownIsDestroyedIfItIsThere() {
        runner.then(0, "volsize\t1048576\nkeystatus\t-\n", "")
                .then(0, "zl1-verify-Sk4V2tdQS7\n", "")
                .then(new NotRun(Reason.CANCELLED, "it was ended"));

        assertThat(read().failedWith(ZfsFailure.Kind.CANCELLED)).isTrue();
        assertThat(runner.lines()).last().isEqualTo("-n zfs destroy tank/zl1-verify-Sk4V2tdQS7");
    }
}
