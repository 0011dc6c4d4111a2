// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.transport.ByteSource;
import dev.zlineage.core.verify.DatasetVerdict;
import dev.zlineage.core.verify.DatasetVerdict.Standing;
import dev.zlineage.core.verify.Depth;
import dev.zlineage.core.verify.Difference;
import dev.zlineage.core.verify.Difference.Aspect;
import dev.zlineage.core.verify.Side;
import dev.zlineage.core.verify.SnapshotVerdict;
import dev.zlineage.core.verify.SnapshotVerdict.Outcome;
import dev.zlineage.core.verify.SnapshotVerdict.Remedy;
import dev.zlineage.core.verify.Verification;
import dev.zlineage.core.verify.VerificationResult;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Both sides compared, by GUID and by what snapshots hold. */
class VerificationOnFakeTest extends TwoFakes {

    private static final Depth GUIDS = new Depth.Guids();
    private static final Depth NEWEST = new Depth.NewestCommon();
    private static final Depth EVERY = new Depth.EveryCommon();

    private VerificationResult verify(Depth depth) throws InterruptedException {
        return Verification.between(nas, vault)
                .with(new VirtualConcurrency(3))
                .verify(
                        ReplicationRequest.of("tank/data", "backup/data")
                                .recursive(true)
                                .build(),
                        depth);
    }

    private SnapshotVerdict onlySnapshot(Depth depth) throws InterruptedException {
        VerificationResult result = verify(depth);
        assertThat(result.datasets()).hasSize(1);
        assertThat(result.datasets().get(0).snapshots()).hasSize(1);
        return result.datasets().get(0).snapshots().get(0);
    }

    private static List<Difference> differences(SnapshotVerdict verdict) {
        assertThat(verdict.outcome()).isInstanceOf(Outcome.Different.class);
        return ((Outcome.Different) verdict.outcome()).differences();
    }

    private void one() throws InterruptedException {
        create(nas, "tank/data");
        write(nas, "tank/data", "dir/f", "one");
        write(nas, "tank/data", "g", "one");
        snapshot(nas, "tank/data@one");
        run();
    }

    /** What a replication would set right beside the snapshots makes no difference. */
    @Test
    void aWritableTargetHoldsTheSame() throws InterruptedException {
        one();
        vault.execute(new ZfsCommand.SetProperties(COPY, Map.of("readonly", "off")))
                .orThrow();
        assertThat(plan(r -> r).toString()).contains("make backup/data read-only");
        assertThat(verify(GUIDS).same()).isTrue();
        assertThat(verify(NEWEST).same()).isTrue();
    }

    /**
     * The third of three hosts goes on from a bookmark of the second, which was rolled back by a forced receive: it gets another
     * content under the right GUID.
     */
    private void corrupted() throws InterruptedException {
        FakeZfs first = FakeZfs.builder().host("first").seed(3).build();
        create(first, "tank/data");
        write(first, "tank/data", "f", "one");
        snapshot(first, "tank/data@one");
        nas.receiveForced(stream(first, new SendStream.Full(snap("tank/data@one"), StreamMode.DEFAULT)), DATA);
        write(nas, "tank/data", "own", "written in the middle");
        snapshot(nas, "tank/data@two");
        run();
        write(first, "tank/data", "f", "three");
        snapshot(first, "tank/data@three");
        nas.receiveForced(
                stream(
                        first,
                        new SendStream.Increment(snap("tank/data@one"), snap("tank/data@three"), StreamMode.DEFAULT)),
                DATA);
        assertThat(replication.run(plan(b -> b.trustBookmarks(true))).success()).isTrue();
        assertThat(labels(vault, "backup/data")).containsExactly("one", "two", "three");
    }

    private static SnapshotName snap(String name) {
        return (SnapshotName) PointName.of(name);
    }

    private static byte[] stream(FakeZfs from, SendStream what) {
        ByteSource end = (ByteSource) from.send(what).end();
        try (InputStream bytes = end.open()) {
            return bytes.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aTreeThatWasReplicatedIsTheSame() throws InterruptedException {
        tree();
        run();
        nas.forgetLog();
        vault.forgetLog();

        assertThat(verify(GUIDS).same()).isTrue();
        assertThat(nas.count(ZfsCommand.ReadContents.class)).isZero();
        assertThat(nas.roundTrips()).as("the same as planning").isEqualTo(2);

        VerificationResult result = verify(NEWEST);

        assertThat(result.same()).isTrue();
        assertThat(result.datasets())
                .hasSize(5)
                .allSatisfy(d -> assertThat(d.snapshots())
                        .singleElement()
                        .satisfies(s -> assertThat(s.same()).isTrue()));
        assertThat(vault.count(ZfsCommand.ReadContents.class)).isEqualTo(5);
        assertThat(result.toString())
                .contains("tank/data on nas -> backup/data on vault", "result: 5 same")
                .doesNotContain("way out");
    }

    @Test
    void whatIsMissingIsNamed() throws InterruptedException {
        one();
        snapshot(nas, "tank/data@two");
        snapshot(nas, "tank/data@three");
        destroy(nas, "tank/data", "one");
        vault.forgetLog();

        VerificationResult result = verify(GUIDS);

        DatasetVerdict verdict = result.datasets().get(0);
        assertThat(verdict.standing()).isEqualTo(Standing.DIFFERENT);
        assertThat(verdict.missing()).extracting(Object::toString).containsExactly("@two", "@three");
        assertThat(verdict.common()).isZero();
        assertThat(result.toString()).contains("DIFFERENT, the target lacks 2 snapshots: @two @three");
        assertThat(labels(vault, "backup/data")).containsExactly("one");
        assertThat(vault.commandsRun())
                .noneMatch(c -> c instanceof ZfsCommand.SetProperties || c instanceof ZfsCommand.Hold);
    }

    @Test
    void aTargetThatIsNotThereIsDifferent() throws InterruptedException {
        tree();

        VerificationResult result = verify(NEWEST);

        assertThat(result.count(Standing.DIFFERENT)).isEqualTo(5);
        assertThat(result.datasets()).allSatisfy(d -> assertThat(d.snapshots()).isEmpty());
    }

    @Test
    void olderSnapshotsThatTheTargetHasGivenUpAreNotMissing() throws InterruptedException {
        one();
        snapshot(nas, "tank/data@two");
        run();
        destroy(vault, "backup/data", "one");

        assertThat(verify(GUIDS).same()).isTrue();
    }

    @Test
    void otherContentsUnderTheSameGuidAreFoundByFile() throws InterruptedException {
        corrupted();

        assertThat(verify(GUIDS).same()).as("by GUID alone nothing is wrong").isTrue();
        VerificationResult result = verify(NEWEST);

        SnapshotVerdict verdict = result.datasets().get(0).snapshots().get(0);
        assertThat(verdict.source()).hasToString("tank/data@three");
        assertThat(differences(verdict)).containsExactly(new Difference.OnlyOn(Side.TARGET, "own"));
        assertThat(verdict.remedy()).isEqualTo(Remedy.NEW_BASE);
        assertThat(result.toString())
                .contains("@three: 1 difference", "only on the target: own", "zfs rename backup/data backup/data.old");
        assertThat(result.toJson())
                .contains("\"format\": \"zlineage.verify/1\"", "\"kind\": \"only-on\"", "\"remedy\": \"new-base\"");
    }

    @Test
    void theWayOutOfOtherContentsLeadsOutThere() throws InterruptedException {
        corrupted();
        SnapshotVerdict verdict = verify(EVERY).datasets().get(0).snapshots().get(1);
        assertThat(verdict.remedy()).isEqualTo(Remedy.ROLL_BACK);
        assertThat(verify(EVERY).toString()).contains("zfs rollback -r backup/data@one");

        vault.execute(new ZfsCommand.Rollback(COPY.snapshot("one"), true)).orThrow();
        assertThat(run().success()).isTrue();

        assertThat(verify(EVERY).same()).isTrue();
    }

    @Test
    void soDoesPuttingTheTargetAside() throws InterruptedException {
        corrupted();
        vault.execute(new ZfsCommand.RenameDataset(COPY, DatasetName.of("backup/data.old")))
                .orThrow();
        assertThat(run().success()).isTrue();

        assertThat(verify(EVERY).same()).isTrue();
    }

    @Test
    void damagedBlocksAreFoundOnEitherSide() throws InterruptedException {
        one();
        vault.damage(COPY, "dir/f");
        SnapshotVerdict onTarget = onlySnapshot(NEWEST);
        assertThat(differences(onTarget)).containsExactly(new Difference.Unreadable(Side.TARGET, "dir/f"));
        assertThat(onTarget.remedy()).isEqualTo(Remedy.HEAL_TARGET);
        assertThat(verify(NEWEST).toString())
                .contains("is damaged on the target and can't be read: dir/f")
                .contains("zfs send tank/data@one | zfs receive -c backup/data@one");

        nas.damage(DATA, "g");
        SnapshotVerdict onBoth = onlySnapshot(NEWEST);
        assertThat(differences(onBoth))
                .containsExactly(
                        new Difference.Unreadable(Side.TARGET, "dir/f"), new Difference.Unreadable(Side.SOURCE, "g"));
        assertThat(onBoth.remedy()).isEqualTo(Remedy.HEAL_SOURCE);
    }

    @Test
    void aVolumeIsToldApartByBytes() throws InterruptedException {
        DatasetName volume = DATA.child("vol");
        DatasetName copy = COPY.child("vol");
        create(nas, "tank/data");
        nas.execute(new ZfsCommand.CreateVolume(volume, 8 << 20, Map.of())).orThrow();
        write(nas, "tank/data/vol", Integer.toString(5 << 20), "here");
        write(nas, "tank/data/vol", "0", "boot");
        snapshot(nas, "tank/data@one");
        run();
        assertThat(verify(NEWEST).same()).isTrue();

        vault.damage(copy, Integer.toString(5 << 20));

        SnapshotVerdict verdict = verify(NEWEST).datasets().get(1).snapshots().get(0);
        assertThat(differences(verdict)).containsExactly(new Difference.UnreadableFrom(Side.TARGET, 5 << 20));
        assertThat(verdict.remedy()).isEqualTo(Remedy.HEAL_TARGET);
    }

    @Test
    void oneSnapshotByItsName() throws InterruptedException {
        one();
        write(nas, "tank/data", "g", "two");
        snapshot(nas, "tank/data@two");
        run();
        vault.execute(new ZfsCommand.RenameSnapshot(COPY.snapshot("one"), "renamed"))
                .orThrow();

        SnapshotVerdict verdict = onlySnapshot(new Depth.Labelled("one"));

        assertThat(verdict.same()).isTrue();
        assertThat(verdict.target()).isEqualTo(COPY.snapshot("renamed"));
        VerificationResult none = verify(new Depth.Labelled("none"));
        assertThat(none.count(Standing.NOT_COMPARED)).isEqualTo(1);
        assertThat(none.toString()).contains("the snapshot that was to be read is not on both sides");
    }

    @Test
    void aSideThatCannotBeReadIsNotTheSame() throws InterruptedException {
        nas.createEncrypted(DATA, "correct horse");
        write(nas, "tank/data", "f", "secret");
        snapshot(nas, "tank/data@one");
        run();

        SnapshotVerdict verdict = onlySnapshot(NEWEST);

        Outcome.NotCompared not = (Outcome.NotCompared) verdict.outcome();
        assertThat(not.side()).isEqualTo(Side.TARGET);
        assertThat(not.failure().kind()).isEqualTo(ZfsFailure.Kind.KEY_NOT_LOADED);
        VerificationResult result = verify(NEWEST);
        assertThat(result.same()).isFalse();
        assertThat(result.count(Standing.NOT_COMPARED)).isEqualTo(1);
        assertThat(result.toString()).contains("NOT COMPARED", "the target could not be read: ");
    }

    @Test
    void aspectsAreToldApart() {
        assertThat(new Difference.Changed("f", Set.of(Aspect.TIME, Aspect.CONTENTS)).aspects())
                .containsExactly(Aspect.CONTENTS, Aspect.TIME);
    }
}
