// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.transport.ProcessSink;
import dev.zlineage.core.transport.ProcessSource;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.PoolFeature;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import dev.zlineage.core.zfs.ZfsVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands of the port as lines of the program, and what comes back; answers as OpenZFS 2.3.2 gave them. */
class CommandZfsTest {

    private static final DatasetName A = DatasetName.of("tank/a");
    private static final DatasetName B = DatasetName.of("tank/a/b");
    private static final DatasetName NOPE = DatasetName.of("tank/nope");
    private static final SnapshotName A1 = A.snapshot("1");
    private static final SnapshotName B1 = B.snapshot("1");
    private static final String NO_NOPE = "cannot open 'tank/nope': dataset does not exist\n";

    private final ScriptedRunner runner = new ScriptedRunner();
    private final CommandZfs zfs = new CommandZfs(runner);

    private <R> Answer<R> run(ZfsCommand<R> command, int exit, String stdout, String stderr) {
        runner.then(exit, stdout, stderr);
        return zfs.execute(command);
    }

    private void assertUnreadable(Answer<?> answer) {
        assertThat(answer).matches(a -> a.failedWith(Kind.UNREADABLE), "is unreadable: " + answer);
    }

    // versions

    @Test
    void asksForTheVersionOnce() {
        runner.then(0, "zfs-2.3.2-2~bpo12+2\nzfs-kmod-2.3.2-2~bpo12+2\n", "");

        assertThat(zfs.version()).isEqualTo(new ZfsVersion(2, 3, 2));
        assertThat(zfs.version()).isEqualTo(new ZfsVersion(2, 3, 2));
        assertThat(runner.lines()).containsExactly("version");
    }

    @Test
    void aVersionThatCouldNotBeReadIsAskedForAgain() {
        runner.then(new NotRun(Reason.UNREACHABLE, "no route"))
                .then(0, "gibberish\n", "")
                .then(0, "zfs-2.1.11-1\n", "");

        assertThatThrownBy(zfs::version).isInstanceOf(ZfsException.class).hasMessageContaining("no route");
        assertThatThrownBy(zfs::version).hasMessageContaining("gibberish");
        assertThat(zfs.version()).isEqualTo(new ZfsVersion(2, 1, 11));
    }

    // listings

    @Test
    void listsDatasets() {
        runner.then(0, "zfs-2.3.2-1\n", "");
        Answer<List<Dataset>> answer = run(
                new ZfsCommand.ListDatasets(List.of(A), Scope.SUBTREE),
                0,
                "tank/a\tfilesystem\t1952839744278624002\t50\t-\t-\t-\toff\tyes\t0\t24576\t49152\t3821783040\t-\t-\t1795432585\n"
                        + "tank/a/b c\tfilesystem\t17017374475670523889\t55\ttank/x@1\ttank/a\tunavailable\ton\tno\t24576\t2\t3\t4\t-\t1-abc-d\t-\n"
                        + "tank/a/v\tvolume\t12579803709541182600\t52\t-\ttank/a\tavailable\toff\t-\t0\t12288\t70266880\t3892037632\t67108864\t-\t-\n",
                "");

        assertThat(runner.lines().get(1))
                .isEqualTo(
                        "list -H -p -r -t filesystem,volume -o name,type,guid,createtxg,origin,encryptionroot,keystatus,"
                                + "readonly,mounted,written,referenced,used,available,volsize,receive_resume_token,"
                                + "snapshots_changed tank/a");
        List<Dataset> found = answer.orThrow();
        assertThat(found).extracting(d -> d.name().value()).containsExactly("tank/a", "tank/a/b c", "tank/a/v");
        Dataset clone = found.get(1);
        assertThat(clone.guid()).hasToString("17017374475670523889");
        assertThat(clone.origin()).contains(DatasetName.of("tank/x").snapshot("1"));
        assertThat(clone.encryption()).contains(new Dataset.Encryption(A, false));
        assertThat(clone.readonly()).isTrue();
        assertThat(clone.mounted()).isFalse();
        assertThat(clone.resumeToken()).map(Dataset.ResumeToken::value).contains("1-abc-d");
        assertThat(clone.snapshotsChanged()).isEmpty();
        assertThat(found.get(0).snapshotsChanged()).isEqualTo(OptionalLong.of(1795432585));
        assertThat(found.get(0).mounted()).isTrue();
        assertThat(found.get(2).kind()).isEqualTo(DatasetKind.VOLUME);
        assertThat(found.get(2).volumeSize()).isEqualTo(OptionalLong.of(67108864));
        assertThat(found.get(2).encryption()).contains(new Dataset.Encryption(A, true));
    }

    @Test
    void anOldHostIsNotAskedForWhatItDoesNotKnow() {
        runner.then(0, "zfs-2.1.11-1\n", "");
        Answer<List<Dataset>> answer = run(
                new ZfsCommand.ListDatasets(List.of(A, NOPE, A), Scope.SELF),
                1,
                "tank/a\tfilesystem\t1\t50\t-\t-\t-\toff\tyes\t0\t1\t2\t3\t-\t-\n",
                NO_NOPE);

        assertThat(answer.orThrow()).hasSize(1);
        assertThat(runner.lines().get(1))
                .startsWith("list -H -p -d 0 -t filesystem,volume")
                .doesNotContain("snapshots_changed")
                .endsWith(" tank/a tank/nope");
    }

    @Test
    void aListingThatComplainsOfAnythingElseIsNone() {
        String row = "tank/a@1\t4053064463062878935\t57\t1767225600\n";
        ZfsCommand.ListHistories list = new ZfsCommand.ListHistories(List.of(A, NOPE), Scope.SELF);

        assertThat(run(list, 1, row, NO_NOPE).orThrow()).containsOnlyKeys(A);
        assertThat(run(list, 1, row, NO_NOPE + "cannot open 'tank/a': I/O error\n")
                        .failedWith(Kind.NO_SUCH_DATASET))
                .isTrue();
        assertThat(run(list, 1, row, "cannot open 'tank/a': I/O error\n").failedWith(Kind.UNKNOWN))
                .isTrue();
        assertThat(run(list, 1, row, "").failedWith(Kind.UNKNOWN)).isTrue();
        assertThat(run(list, 1, row, "cannot open 'tank/other': dataset does not exist\n")
                        .failedWith(Kind.NO_SUCH_DATASET))
                .isTrue();
        assertThat(run(list, 137, row, "").failedWith(Kind.UNKNOWN)).isTrue();
    }

    @Test
    void listsHistories() {
        Answer<Map<DatasetName, History>> answer = run(
                new ZfsCommand.ListHistories(List.of(A, NOPE), Scope.SELF),
                1,
                "tank/a@1\t4053064463062878935\t57\t1767225600\ntank/a@2\t18446744073709551615\t60\t1767225660\n"
                        + "tank/a#b1\t4053064463062878935\t57\t1767225600\n",
                NO_NOPE);

        assertThat(answer.orThrow())
                .containsOnly(Map.entry(
                        A,
                        History.parse("@1=4053064463062878935!57~1767225600 #b1=4053064463062878935!57~1767225600"
                                + " @2=18446744073709551615!60~1767225660")));
        assertThat(runner.lines())
                .containsExactly(
                        "list -H -p -d 1 -t snapshot,bookmark -o name,guid,createtxg,creation tank/a tank/nope");
    }

    @Test
    void aNameBelowAnotherIsListedOnce() {
        zfs.execute(new ZfsCommand.ListHistories(List.of(B, A, A, DatasetName.of("tank/ab")), Scope.SUBTREE));

        assertThat(runner.lines())
                .containsExactly("list -H -p -r -t snapshot,bookmark -o name,guid,createtxg,creation tank/a tank/ab");
    }

    @Test
    void aRowThatIsNotUnderstoodIsAFailureAndNoGuess() {
        ZfsCommand.ListHistories self = new ZfsCommand.ListHistories(List.of(A), Scope.SELF);
        for (String row : List.of(
                "tank/a@1\t1\t57\t9", // cut off
                "tank/a@1\t1\t57\n",
                "tank/a@1\t1\t57\t9\t3\n",
                "tank/a@1\tx\t57\t9\n",
                "tank/a@1\t1\t\t9\n",
                "tank/a@1\t1\t57\t\n",
                "tank/a@1\t18446744073709551616\t57\t9\n",
                "tank/a@\t1\t57\t9\n",
                "tank/a\t1\t57\t9\n",
                "tank/a/b@1\t1\t57\t9\n",
                "tank/ab@1\t1\t57\t9\n",
                "\n")) {
            assertUnreadable(run(self, 0, row, ""));
        }
        runner.then(0, "zfs-2.3.2-1\n", "");
        String good = "tank/a\tfilesystem\t1\t50\t-\t-\t-\toff\tyes\t0\t1\t2\t3\t-\t-\t-\n";
        ZfsCommand.ListDatasets datasets = new ZfsCommand.ListDatasets(List.of(A), Scope.SELF);
        assertThat(run(datasets, 0, good, "").orThrow()).hasSize(1);
        for (String row : List.of(
                good.replace("tank/a", "tank/b"),
                good.replace("filesystem", "snapshot"),
                good.replace("off", "maybe"),
                good.replace("yes", "1"),
                good.replace("\t50\t", "\t-50\t"),
                good.replace("\t50\t", "\t5O\t"),
                good.replace("tank/a", "tank/%recv"),
                good.substring(0, good.length() - 1))) {
            assertUnreadable(run(datasets, 0, row, ""));
        }
    }

    @Test
    void listsWhatSnapshotsWrote() {
        SnapshotName gone = NOPE.snapshot("x");
        Answer<Map<SnapshotName, Long>> answer = run(
                new ZfsCommand.ListWritten(List.of(A1, gone)),
                1,
                "tank/a@1\t24576\n",
                "cannot open 'tank/nope@x': dataset does not exist\n");

        assertThat(answer.orThrow()).containsOnly(Map.entry(A1, 24576L));
        assertThat(runner.lines()).containsExactly("get -H -p -o name,value written tank/a@1 tank/nope@x");
    }

    @Test
    void listsHolds() {
        ZfsCommand.ListHolds list = new ZfsCommand.ListHolds(List.of(A1, B1));

        assertThat(run(list, 0, "tank/a@1\tk\tMon Nov 23 11:16 2026\ntank/a@1\tl m\tMon Nov 23 11:16 2026\n", "")
                        .orThrow())
                .containsOnly(Map.entry(A1, Set.of("k", "l m")), Map.entry(B1, Set.of()));
        assertThat(run(list, 1, "", "cannot open 'tank/a@1': dataset does not exist\nno datasets available\n")
                        .failedWith(Kind.NO_SUCH_POINT))
                .isTrue();
    }

    @Test
    void readsProperties() {
        ZfsCommand.GetProperties get = new ZfsCommand.GetProperties(List.of(A), List.of("readonly", "org.x:y"));

        assertThat(run(get, 0, "tank/a\treadonly\toff\tdefault\ntank/a\torg.x:y\t-\t-\n", "")
                        .orThrow())
                .hasSize(2);
        assertThat(runner.lines()).containsExactly("get -H -p -o name,property,value,source readonly,org.x:y tank/a");
        assertThat(run(get, 2, "", "bad property list: invalid property 'nosuch'\nusage:\n\tget\n")
                        .failedWith(Kind.INVALID))
                .isTrue();
    }

    /** The value of a user property can be made to look like rows. */
    @Test
    void aValueThatBreaksItsRowIsAFailure() {
        ZfsCommand.GetProperties get = new ZfsCommand.GetProperties(List.of(A), List.of("x:y", "readonly"));
        String readonly = "tank/a\treadonly\toff\tdefault\n";

        assertUnreadable(run(get, 0, "tank/a\tx:y\tline1\nline2\tx\tlocal\n" + readonly, ""));
        assertUnreadable(run(get, 0, "tank/a\tx:y\ta\tb\tlocal\n" + readonly, ""));
        assertUnreadable(run(get, 0, "tank/a\tx:y\tv\tlocal\ntank/a\treadonly\ton\tlocal\n" + readonly, ""));
        assertUnreadable(run(get, 0, readonly, ""));
    }

    @Test
    void countsObjectsAndEstimates() {
        assertThat(run(new ZfsCommand.CountObjects(A), 0, "0\t2\n65534\t1\n", "")
                        .orThrow())
                .isEqualTo(3);
        ZfsCommand.EstimateSend estimate =
                new ZfsCommand.EstimateSend(new SendStream.Increment(A.bookmark("b"), A1, StreamMode.RAW));
        assertThat(run(estimate, 0, "incremental\ttank/a#b\ttank/a@1\t624\nsize\t624\n", "")
                        .orThrow())
                .isEqualTo(624);
        assertThat(runner.lines())
                .containsExactly(
                        "userspace -H -p -n -o name,objused tank/a", "send -n -v -P -L -c -w -i tank/a#b tank/a@1");
        assertUnreadable(run(estimate, 0, "", ""));
    }

    // changes

    @Test
    void allChangesOfAListAreOneCall() {
        List<ZfsCommand<?>> commands = List.of(
                new ZfsCommand.TakeSnapshots(List.of(A1, B1), Scope.SUBTREE, Map.of("x:y", "z w")),
                new ZfsCommand.CreateBookmark(A1, A.bookmark("b")),
                new ZfsCommand.Hold("k", List.of(A1, B1)),
                new ZfsCommand.Release("-k", List.of(A1)),
                new ZfsCommand.DestroySnapshots(A, List.of("1", "2")),
                new ZfsCommand.DestroyBookmark(A.bookmark("b")),
                new ZfsCommand.DestroyDataset(A, Scope.SELF),
                new ZfsCommand.DestroyDataset(A, Scope.SUBTREE),
                new ZfsCommand.Rollback(A1, false),
                new ZfsCommand.Rollback(A1, true),
                new ZfsCommand.RenameSnapshot(A1, "2"),
                new ZfsCommand.CreateFilesystem(A, Map.of("canmount", "off", "a:b", "c=d")),
                new ZfsCommand.CreateVolume(A, 1048576, Map.of("volmode", "none")),
                new ZfsCommand.CloneSnapshot(A1, B, Map.of("readonly", "on")),
                new ZfsCommand.Promote(B),
                new ZfsCommand.SetProperties(A, Map.of("readonly", "on", "a:b", "")),
                new ZfsCommand.InheritProperty(A, "a:b"),
                new ZfsCommand.UnloadKey(A),
                new ZfsCommand.InheritKey(A),
                new ZfsCommand.AbortReceive(A),
                new ZfsCommand.RenameDataset(A, NOPE));

        assertThat(zfs.execute(commands)).allMatch(answer -> answer.equals(new Answer.Done<>(Effect.DONE)));
        assertThat(runner.calls).hasSize(1);
        assertThat(runner.lines())
                .containsExactly(
                        "snapshot -r -o x:y=z w tank/a@1 tank/a/b@1",
                        "bookmark tank/a@1 tank/a#b",
                        "hold k tank/a@1 tank/a/b@1",
                        "release -- -k tank/a@1",
                        "destroy tank/a@1,2",
                        "destroy tank/a#b",
                        "destroy tank/a",
                        "destroy -r tank/a",
                        "rollback tank/a@1",
                        "rollback -r tank/a@1",
                        "rename tank/a@1 tank/a@2",
                        "create -o a:b=c=d -o canmount=off tank/a",
                        "create -V 1048576 -o volmode=none tank/a",
                        "clone -o readonly=on tank/a@1 tank/a/b",
                        "promote tank/a/b",
                        "set a:b= readonly=on tank/a",
                        "inherit a:b tank/a",
                        "unload-key tank/a",
                        "change-key -i tank/a",
                        "receive -A tank/a",
                        "rename -u tank/a tank/nope");
    }

    @Test
    void eachAnswerIsThatOfItsCommand() {
        runner.then(1, "", "cannot promote 'tank/a': not a cloned filesystem\n")
                .then(0, "", "")
                .then(new NotRun(Reason.TIMED_OUT, "it took too long"));

        List<Answer<?>> answers = zfs.execute(
                List.of(new ZfsCommand.Promote(A), new ZfsCommand.Promote(B), new ZfsCommand.Promote(NOPE)));

        assertThat(answers.get(0).failedWith(Kind.INVALID)).isTrue();
        assertThat(answers.get(1)).isEqualTo(new Answer.Done<>(Effect.DONE));
        assertThat(answers.get(2).failedWith(Kind.TIMED_OUT)).isTrue();
    }

    @Test
    void whatWasDoneBeforeIsASuccess() {
        String held = "cannot hold snapshot 'tank/a@1': tag already exists on this dataset\n";
        ZfsCommand.Hold hold = new ZfsCommand.Hold("k", List.of(A1, B1));
        assertThat(run(hold, 1, "", held + held).orThrow()).isEqualTo(Effect.ALREADY);
        assertThat(run(hold, 1, "", held).orThrow()).isEqualTo(Effect.DONE);
        assertThat(run(hold, 1, "", held + "cannot hold snapshot 'tank/a/b@1': dataset does not exist\n")
                        .failedWith(Kind.NO_SUCH_POINT))
                .isTrue();

        ZfsCommand.Release release = new ZfsCommand.Release("k", List.of(A1, NOPE.snapshot("x")));
        assertThat(run(
                                release,
                                1,
                                "",
                                "cannot release hold from snapshot 'tank/a@1': no such tag on this dataset\n" + NO_NOPE)
                        .orThrow())
                .isEqualTo(Effect.ALREADY);
        assertThat(run(release, 1, "", "cannot release: permission denied\n").failedWith(Kind.NO_PERMISSION))
                .isTrue();

        ZfsCommand.DestroySnapshots destroy = new ZfsCommand.DestroySnapshots(A, List.of("1"));
        String none = "could not find any snapshots to destroy; check snapshot names.\n";
        assertThat(run(destroy, 1, "", none).orThrow()).isEqualTo(Effect.ALREADY);
        assertThat(run(destroy, 0, "", none).orThrow()).isEqualTo(Effect.ALREADY);
        assertThat(run(destroy, 1, "", NO_NOPE).failedWith(Kind.NO_SUCH_DATASET))
                .isTrue();

        assertThat(run(new ZfsCommand.DestroyBookmark(A.bookmark("b")), 1, "", "bookmark 'tank/a#b' does not exist.\n")
                        .orThrow())
                .isEqualTo(Effect.ALREADY);
    }

    @Test
    void aVolumeIsRenamedWithoutTheFlagForMounts() {
        runner.then(1, "", "cannot open 'tank/a': operation not applicable to datasets of this type\n")
                .then(0, "", "")
                .then(0, "", "");

        List<Answer<?>> answers =
                zfs.execute(List.of(new ZfsCommand.RenameDataset(A, NOPE), new ZfsCommand.Promote(NOPE)));

        assertThat(answers).allMatch(answer -> answer.equals(new Answer.Done<>(Effect.DONE)));
        assertThat(runner.lines())
                .containsExactly("rename -u tank/a tank/nope", "rename tank/a tank/nope", "promote tank/nope");
    }

    @Test
    void aKeyTravelsOnStandardInputAlone() {
        Answer<Effect> answer = run(
                new ZfsCommand.LoadKey(A, new Secret("sesame open".getBytes(StandardCharsets.UTF_8))),
                255,
                "",
                "Key load error: Incorrect key provided for 'tank/a'.\n");

        assertThat(runner.lines()).containsExactly("load-key -L prompt tank/a");
        assertThat(runner.inputs).containsExactly("sesame open");
        assertThat(answer.failedWith(Kind.WRONG_KEY)).isTrue();
        assertThat(answer.toString()).doesNotContain("sesame");
        assertThat(runner.calls.get(0).get(0).input()).containsOnly(0);
    }

    // limits

    @Test
    void withoutNamesNothingIsRun() {
        List<Answer<?>> answers = zfs.execute(List.of(
                new ZfsCommand.ListHistories(List.of(), Scope.SUBTREE),
                new ZfsCommand.ListWritten(List.of()),
                new ZfsCommand.ListHolds(List.of()),
                new ZfsCommand.GetProperties(List.of(), List.of("x")),
                new ZfsCommand.Hold("k", List.of()),
                new ZfsCommand.Release("k", List.of()),
                new ZfsCommand.TakeSnapshots(List.of(), Scope.SELF, Map.of()),
                new ZfsCommand.DestroySnapshots(A, List.of()),
                new ZfsCommand.SetProperties(A, Map.of())));

        assertThat(answers).allMatch(answer -> answer instanceof Answer.Done<?>);
        assertThat(runner.calls).isEmpty();
    }

    @Test
    void whatCouldBeTakenForSomethingElseIsRefused() {
        List<Answer<?>> answers = zfs.execute(List.of(
                new ZfsCommand.DestroySnapshots(A, List.of("1%9")),
                new ZfsCommand.DestroySnapshots(A, List.of("1,2")),
                new ZfsCommand.DestroySnapshots(A, List.of("")),
                new ZfsCommand.RenameSnapshot(A1, "x@y"),
                new ZfsCommand.SetProperties(A, Map.of("-r", "x")),
                new ZfsCommand.SetProperties(A, Map.of("a:b", "x\0y")),
                new ZfsCommand.InheritProperty(A, "-r"),
                new ZfsCommand.GetProperties(List.of(A), List.of("a,b")),
                new ZfsCommand.CreateFilesystem(A, Map.of("a=b", "c")),
                new ZfsCommand.Hold("", List.of(A1))));

        assertThat(answers).allMatch(answer -> answer.failedWith(Kind.INVALID));
        assertThat(runner.calls).isEmpty();
    }

    @Test
    void manyNamesAreSpreadOverSeveralLinesOfOneCall() {
        List<SnapshotName> many = IntStream.range(0, 5000)
                .mapToObj(i -> DatasetName.of("tank/a/quite/a/long/name/of/a/dataset/" + i)
                        .snapshot("1"))
                .toList();

        assertThat(zfs.execute(new ZfsCommand.Hold("k", many)).orThrow()).isEqualTo(Effect.DONE);
        assertThat(runner.calls).hasSize(1);
        List<List<String>> argvs =
                runner.calls.get(0).stream().map(line -> line.argv()).toList();
        assertThat(argvs).hasSizeBetween(3, 6);
        List<String> held = new ArrayList<>();
        for (List<String> argv : argvs) {
            assertThat(argv.subList(0, 3)).containsExactly("zfs", "hold", "k");
            assertThat(String.join(" ", argv).length()).isLessThan(Argv.MAX_BYTES);
            held.addAll(argv.subList(3, argv.size()));
        }
        assertThat(held)
                .containsExactlyElementsOf(
                        many.stream().map(SnapshotName::toString).toList());
    }

    @Test
    void whatIsAllOrNothingIsNeverSpread() {
        List<String> labels =
                IntStream.range(0, 20_000).mapToObj(i -> "auto-daily-" + i).toList();

        assertThat(zfs.execute(new ZfsCommand.DestroySnapshots(A, labels)).failedWith(Kind.INVALID))
                .isTrue();
        assertThat(runner.calls).isEmpty();
        assertThat(zfs.execute(new ZfsCommand.TakeSnapshots(
                                labels.stream().map(A::snapshot).toList(), Scope.SELF, Map.of()))
                        .orThrow())
                .isEqualTo(Effect.DONE);
        assertThat(runner.calls.get(0)).hasSize(1);
    }

    /** sudo puts the line into one variable, which may have 128 KiB. */
    @Test
    void snapshotsThatDoNotFitIntoOneCommandAreRefusedBeforeOneIsTaken() {
        List<SnapshotName> many = IntStream.range(0, 20_000)
                .mapToObj(i -> A.snapshot("auto-" + i))
                .toList();
        ZfsCommand.TakeSnapshots take = new ZfsCommand.TakeSnapshots(many, Scope.SELF, Map.of());
        Answer<Effect> refused = new CommandZfs(runner, List.of("sudo", "-n", "zfs")).execute(take);

        assertThat(refused.failedWith(Kind.INVALID)).isTrue();
        assertThat(refused.toString()).contains("20000 snapshots", "behind sudo", "zfs allow snapshot");
        assertThat(runner.calls).isEmpty();
    }

    @Test
    void featuresAreAskedOfTheProgramBesideZfsAndWithoutSudo() {
        runner.then(
                0, "comment\tfeature@x\tdisabled\nfeature@lz4_compress\tactive\nfeature@encryption\tdisabled\n", "");
        Map<String, PoolFeature> features = new CommandZfs(runner, List.of("sudo", "-n", "/sbin/zfs"))
                .execute(new ZfsCommand.ListFeatures(B))
                .orThrow();

        assertThat(features)
                .containsOnly(
                        Map.entry("encryption", PoolFeature.DISABLED), Map.entry("lz4_compress", PoolFeature.ACTIVE));
        assertThat(runner.calls.get(0).get(0).argv())
                .containsExactly("/sbin/zpool", "get", "-H", "-p", "-o", "property,value", "all", "tank");
    }

    @Test
    @Timeout(60)
    void aMillionSnapshotsAreReadInOneGo() {
        StringBuilder text = new StringBuilder(80_000_000);
        for (int i = 0; i < 1_000_000; i++) {
            text.append("tank/a/some/dataset")
                    .append(i / 1000)
                    .append("@auto-")
                    .append(i)
                    .append('\t')
                    .append(Long.toUnsignedString(i * 0x9e3779b97f4a7c15L))
                    .append('\t')
                    .append(i + 1)
                    .append("\t1767225600\n");
        }

        Map<DatasetName, History> found = run(
                        new ZfsCommand.ListHistories(List.of(A), Scope.SUBTREE), 0, text.toString(), "")
                .orThrow();

        assertThat(found).hasSize(1000);
        assertThat(found.get(DatasetName.of("tank/a/some/dataset999")).size()).isEqualTo(1000);
    }

    // streams

    @Test
    void preparesStreams() {
        ReceiveStream plain = ReceiveStream.into(A);
        ReceiveStream all = new ReceiveStream(
                A, true, true, Map.of("readonly", "on", "a:b", "c d"), Set.of("y:z", "quota"), Optional.of(B1), true);

        assertThat(sent(new SendStream.Full(A1, new StreamMode(true, true, true, true, true))))
                .isEqualTo("zfs send -v -P -L -c -e -w -p tank/a@1");
        assertThat(sent(new SendStream.Increment(A.bookmark("b"), A1, StreamMode.RAW.withProperties())))
                .isEqualTo("zfs send -v -P -L -c -w -p -i tank/a#b tank/a@1");
        assertThat(sent(new SendStream.Series(A1, A.snapshot("2"), StreamMode.DEFAULT)))
                .isEqualTo("zfs send -v -P -L -c -I tank/a@1 tank/a@2");
        assertThat(sent(new SendStream.Resume(new Dataset.ResumeToken("1-abc"))))
                .isEqualTo("zfs send -v -P -t 1-abc");
        assertThat(received(plain)).isEqualTo("zfs receive -u tank/a");
        assertThat(received(all))
                .isEqualTo("zfs receive -s -F -o origin=tank/a/b@1 -o a:b=c d -o readonly=on -x quota -x y:z tank/a");
    }

    @Test
    void aPropertyIsNotSetAndExcludedAtOnce() {
        ReceiveStream set = ReceiveStream.into(A).with("atime", "off");
        assertThatThrownBy(() -> set.without(Set.of("atime", "exec")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("atime");
        assertThat(received(set.without(Set.of("exec")))).isEqualTo("zfs receive -u -o atime=off -x exec tank/a");
    }

    @Test
    void theProgramMayHaveWordsBeforeIt() {
        CommandZfs sudo = new CommandZfs(runner, List.of("sudo", "-n", "/sbin/zfs"));
        sudo.execute(new ZfsCommand.Promote(A));

        assertThat(runner.calls.get(0).get(0).argv()).containsExactly("sudo", "-n", "/sbin/zfs", "promote", "tank/a");
        assertThatThrownBy(() -> new CommandZfs(runner, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private String sent(SendStream stream) {
        return String.join(" ", ((ProcessSource) zfs.send(stream).end()).argv());
    }

    private String received(ReceiveStream stream) {
        return String.join(" ", ((ProcessSink) zfs.receive(stream).end()).argv());
    }
}
