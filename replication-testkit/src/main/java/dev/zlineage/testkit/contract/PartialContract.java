// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.TokenContents;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Streams that end early, and what they leave. */
abstract class PartialContract extends ContractCase {

    @Test
    @DisplayName("of a full stream that is cut nothing is kept")
    void cutFull() {
        DatasetName a = source("1");
        DatasetName b = there().child("b");
        ZfsFailure failure =
                receive(cut(capture(full(a.snapshot("1"))), 0.5), into(b)).orElseThrow();
        assertThat(failure.kind()).isEqualTo(ZfsFailure.Kind.STREAM_CUT);
        assertThat(exists(b)).isFalse();
    }

    @Test
    @DisplayName("of an increment that is cut nothing is kept, and the target is as before")
    void cutIncrement() {
        DatasetName a = source("1", "2");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), into(b));
        byte[] stream = capture(increment(a.snapshot("1"), a.snapshot("2")));
        assertThat(receive(cut(stream, 0.5), into(b)).orElseThrow().kind()).isEqualTo(ZfsFailure.Kind.STREAM_CUT);
        assertThat(points(b)).containsExactly("@1");
        assertThat(written(b)).isZero();
        assertThat(dataset(b).resumeToken()).isEmpty();
        assertThat(receive(stream, into(b))).isEmpty(); // nothing stands in the way of the next attempt
        assertThat(points(b)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName("a stream that lacks only its last bytes is cut too")
    void cutAtTheEnd() {
        DatasetName a = source("1");
        DatasetName b = there().child("b");
        byte[] stream = capture(full(a.snapshot("1")));
        byte[] short1 = java.util.Arrays.copyOf(stream, stream.length - 8);
        assertThat(receive(short1, into(b))).isPresent();
        assertThat(exists(b)).isFalse();
    }

    @Test
    @DisplayName(
            "a resumable full stream that is cut leaves a dataset with a token, and goes on from there") // 6.2, 6.8
    void resumeFull() {
        DatasetName a = source("1");
        DatasetName b = there().child("b");
        byte[] stream = capture(full(a.snapshot("1")));
        assertThat(receive(cut(stream, 0.7), resumable(b).with("readonly", "on"))
                        .orElseThrow()
                        .kind())
                .isEqualTo(ZfsFailure.Kind.STREAM_CUT_RESUMABLE);
        assertThat(points(b)).isEmpty();
        assertThat(property(b, "readonly").value()).isEqualTo("on"); // 6.9.12
        byte[] rest = capture(resume(b));
        assertThat(rest.length).isLessThan(stream.length);
        assertThat(receive(rest, resumable(b))).isEmpty();
        assertThat(points(b)).containsExactly("@1");
        assertThat(guid(b.snapshot("1"))).isEqualTo(guid(a.snapshot("1")));
        assertThat(dataset(b).resumeToken()).isEmpty();
        assertThat(world().contents(b.snapshot("1"))).isEqualTo(world().contents(a.snapshot("1")));
    }

    @Test
    @DisplayName(
            "objects are not counted in what a first receive that was cut has made, but where a filesystem was there before")
    void countInPartial() {
        DatasetName a = source("1");
        DatasetName made = there().child("b");
        DatasetName before = unmounted(there().child("c"));
        byte[] stream = capture(full(a.snapshot("1")));
        assertThat(receive(cut(stream, 0.5), resumable(made))).isPresent();
        assertThat(receive(
                        cut(stream, 0.5),
                        new ReceiveStream(before, true, false, Map.of(), Set.of(), Optional.empty(), true)))
                .isPresent();
        assertThat(refused(new ZfsCommand.CountObjects(made)).kind()).isEqualTo(ZfsFailure.Kind.BUSY);
        assertThat(run(new ZfsCommand.CountObjects(before))).isEqualTo(1);
    }

    @Test
    @DisplayName("a resumable increment that is cut twice goes on twice")
    void resumeIncrementTwice() {
        DatasetName a = source("1", "2");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), into(b));
        byte[] stream = capture(increment(a.snapshot("1"), a.snapshot("2")));
        assertThat(receive(cut(stream, 0.4), resumable(b))).isPresent();
        assertThat(points(b)).containsExactly("@1");
        byte[] second = capture(resume(b));
        assertThat(receive(cut(second, 0.5), resumable(b))).isPresent();
        byte[] third = capture(resume(b));
        assertThat(receive(third, resumable(b))).isEmpty();
        assertThat(points(b)).containsExactly("@1", "@2");
        assertThat(world().contents(b.snapshot("2"))).isEqualTo(world().contents(a.snapshot("2")));
    }

    @Test
    @DisplayName("a token finds its snapshots by GUID: renaming them does not matter") // 6.2
    void resumeAfterRename() {
        DatasetName a = source("1");
        DatasetName b = there().child("b");
        assertThat(receive(cut(capture(full(a.snapshot("1"))), 0.5), resumable(b)))
                .isPresent();
        run(new ZfsCommand.RenameSnapshot(a.snapshot("1"), "renamed"));
        assertThat(receive(capture(resume(b)), resumable(b))).isEmpty();
        assertThat(guid(b.snapshot(history(b).snapshots().get(0).label()))).isEqualTo(guid(a.snapshot("renamed")));
    }

    @Test
    @DisplayName("a series that is cut leaves the snapshots before the cut, and a token for one snapshot") // 6.9.5
    void cutSeries() {
        DatasetName a = source("1", "2", "3", "4", "5");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), into(b));
        byte[] stream = capture(series(a.snapshot("1"), a.snapshot("5")));
        assertThat(receive(cut(stream, 0.625), resumable(b)).orElseThrow().kind())
                .isEqualTo(ZfsFailure.Kind.STREAM_CUT_RESUMABLE);
        assertThat(points(b)).containsExactly("@1", "@2", "@3");
        assertThat(receive(capture(resume(b)), resumable(b))).isEmpty();
        assertThat(points(b)).containsExactly("@1", "@2", "@3", "@4"); // not @5: the token covers one snapshot
    }

    @Test
    @DisplayName("a series that is cut without a token leaves the snapshots before the cut")
    void cutSeriesNotResumable() {
        DatasetName a = source("1", "2", "3", "4");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), into(b));
        byte[] stream = capture(series(a.snapshot("1"), a.snapshot("4")));
        assertThat(receive(cut(stream, 0.5), into(b)).orElseThrow().kind()).isEqualTo(ZfsFailure.Kind.STREAM_CUT);
        assertThat(points(b)).containsExactly("@1", "@2");
        assertThat(dataset(b).resumeToken()).isEmpty();
    }

    @Test
    @DisplayName("after a cut series, snapshots destroyed on the source kill the token, and an old bookmark is no base")
    void cutSeriesAndSourcePruned() { // 6.9.5
        DatasetName a = source("1", "2", "3", "4", "5");
        bookmark(a, "1", "1");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), into(b));
        byte[] stream = capture(series(a.snapshot("1"), a.snapshot("5")));
        assertThat(receive(cut(stream, 0.625), resumable(b))).isPresent();
        destroy(a, "3", "4");
        assertThat(refusedSend(resume(b)).kind()).isEqualTo(ZfsFailure.Kind.TOKEN_STALE);
        run(new ZfsCommand.AbortReceive(b));
        assertThat(points(b)).containsExactly("@1", "@2", "@3");
        SendStream fromOldBookmark = new SendStream.Increment(a.bookmark("1"), a.snapshot("5"), StreamMode.DEFAULT);
        assertThat(refusedReceive(fromOldBookmark, into(b)).kind()).isEqualTo(ZfsFailure.Kind.TARGET_MODIFIED);
        assertThat(points(b)).containsExactly("@1", "@2", "@3");
    }

    @Test
    @DisplayName("the state of an interrupted increment stops other streams until it is aborted") // 6.1, 6.2
    void partialBlocksOthers() {
        DatasetName a = source("1", "2");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), into(b));
        byte[] stream = capture(increment(a.snapshot("1"), a.snapshot("2")));
        assertThat(receive(cut(stream, 0.5), resumable(b))).isPresent();
        assertThat(receive(stream, into(b)).orElseThrow().kind()).isEqualTo(ZfsFailure.Kind.PARTIAL_STATE);
        assertThat(receive(stream, resumable(b)).orElseThrow().kind()).isEqualTo(ZfsFailure.Kind.PARTIAL_STATE);
        assertThat(run(new ZfsCommand.AbortReceive(b))).isEqualTo(Effect.DONE);
        assertThat(dataset(b).resumeToken()).isEmpty();
        assertThat(points(b)).containsExactly("@1");
        assertThat(receive(stream, into(b))).isEmpty();
        assertThat(points(b)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName("aborting the receive of a new dataset takes the dataset away")
    void abortNewDataset() {
        DatasetName a = source("1");
        DatasetName b = there().child("b");
        assertThat(receive(cut(capture(full(a.snapshot("1"))), 0.5), resumable(b)))
                .isPresent();
        assertThat(exists(b)).isTrue();
        assertThat(refusedReceive(full(a.snapshot("1")), into(b)).kind()).isEqualTo(ZfsFailure.Kind.TARGET_EXISTS);
        assertThat(refusedReceive(full(a.snapshot("1")), overwriting(b)).kind())
                .isEqualTo(ZfsFailure.Kind.PARTIAL_STATE);
        run(new ZfsCommand.AbortReceive(b));
        assertThat(exists(b)).isFalse();
    }

    @Test
    @DisplayName("there is nothing to abort where no receive was interrupted")
    void abortNothing() {
        DatasetName b = unmounted(there().child("b"));
        assertThat(refused(new ZfsCommand.AbortReceive(b)).kind()).isEqualTo(ZfsFailure.Kind.NO_PARTIAL_STATE);
        refused(new ZfsCommand.AbortReceive(there().child("missing")));
        assertThat(exists(b)).isTrue();
    }

    @Test
    @DisplayName("a raw stream without data that lacks its last bytes is cut, before anything else is said of it")
    void cutRaw() {
        DatasetName e = here().child("e");
        world().createEncrypted(e, "correct horse");
        SnapshotName one = snap(e, "1");
        DatasetName b = there().child("b");
        replicate(raw(one), into(b));
        SnapshotName two = snap(e, "2");
        snap(b, "2");
        byte[] stream = capture(rawIncrement(one, two));
        assertThat(receive(stream, into(b)).orElseThrow().kind()).isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        byte[] shorter = java.util.Arrays.copyOf(stream, stream.length - 8);
        assertThat(receive(shorter, into(b)).orElseThrow().kind()).isEqualTo(ZfsFailure.Kind.STREAM_CUT);
        assertThat(points(b)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName("a token that cannot be read is refused") // 6.2
    void corruptToken() {
        DatasetName a = source("1");
        DatasetName b = there().child("b");
        assertThat(receive(cut(capture(full(a.snapshot("1"))), 0.5), resumable(b)))
                .isPresent();
        String value = token(b).value();
        String damaged = value.substring(0, value.length() - 8) + "00000000";
        assertThat(refusedSend(new SendStream.Resume(new Dataset.ResumeToken(damaged)))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.TOKEN_CORRUPT);
        assertThat(refusedSend(new SendStream.Resume(new Dataset.ResumeToken("no token")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.TOKEN_CORRUPT);
    }

    @Test
    @DisplayName("a token is worth nothing when its snapshot is gone, also when another has its name") // 6.2
    void staleToken() {
        DatasetName a = source("1");
        DatasetName b = there().child("b");
        assertThat(receive(cut(capture(full(a.snapshot("1"))), 0.5), resumable(b)))
                .isPresent();
        SendStream resume = resume(b);
        destroy(a, "1");
        assertThat(refusedSend(resume).kind()).isEqualTo(ZfsFailure.Kind.TOKEN_STALE);
        snap(a, "1");
        assertThat(refusedSend(resume).kind()).isEqualTo(ZfsFailure.Kind.TOKEN_STALE);
    }

    @Test
    @DisplayName("a token whose base is gone is worth nothing") // 6.2
    void staleBase() {
        DatasetName a = source("1", "2");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), into(b));
        assertThat(receive(cut(capture(increment(a.snapshot("1"), a.snapshot("2"))), 0.5), resumable(b)))
                .isPresent();
        destroy(a, "1");
        assertThat(refusedSend(resume(b)).kind()).isEqualTo(ZfsFailure.Kind.TOKEN_STALE);
    }

    @Test
    @DisplayName("a token goes on from a bookmark of its base") // 6.9.7, there read in the source
    void tokenFromBookmark() {
        DatasetName a = source("1", "2");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), into(b));
        bookmark(a, "1", "m");
        assertThat(receive(cut(capture(increment(a.snapshot("1"), a.snapshot("2"))), 0.5), resumable(b)))
                .isPresent();
        destroy(a, "1");
        assertThat(receive(capture(resume(b)), resumable(b))).isEmpty();
        assertThat(points(b)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName("a dataset that is being received is destroyed with the state of its receive")
    void destroyPartial() {
        DatasetName a = source("1", "2");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), into(b));
        assertThat(receive(cut(capture(increment(a.snapshot("1"), a.snapshot("2"))), 0.5), resumable(b)))
                .isPresent();
        run(new ZfsCommand.DestroyDataset(b, Scope.SUBTREE));
        assertThat(exists(b)).isFalse();
    }

    @Test
    @DisplayName("a rollback to the newest snapshot leaves the state of an interrupted receive") // 6.2
    void rollbackWithPartial() {
        DatasetName a = source("1", "2");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), into(b));
        assertThat(receive(cut(capture(increment(a.snapshot("1"), a.snapshot("2"))), 0.5), resumable(b)))
                .isPresent();
        run(new ZfsCommand.Rollback(b.snapshot("1"), false));
        assertThat(receive(capture(resume(b)), resumable(b))).isEmpty();
        assertThat(points(b)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName(
            "what was to replace an empty target and was cut goes on when it may replace it again, on 2.1 unless it was refused") // 6.2
    void resumeOverwriting() {
        DatasetName a = source("1");
        DatasetName b = unmounted(there().child("b"));
        ReceiveStream replacing = new ReceiveStream(b, true, false, Map.of(), Set.of(), Optional.empty(), true);
        assertThat(receive(cut(capture(full(a.snapshot("1"))), 0.5), replacing)).isPresent();
        byte[] rest = capture(resume(b));
        assertThat(receive(rest, resumable(b))).isPresent();
        assertThat(points(b)).isEmpty();
        if (!zfs().version().atLeast(2, 2)) {
            assertThat(receive(rest, replacing).orElseThrow().kind()).isEqualTo(ZfsFailure.Kind.UNSUPPORTED);
            return;
        }
        assertThat(receive(rest, replacing)).isEmpty();
        assertThat(points(b)).containsExactly("@1");
        assertThat(world().contents(b.snapshot("1"))).isEqualTo(world().contents(a.snapshot("1")));
    }

    @Test
    @DisplayName("the state of an interrupted receive is not listed as a dataset or snapshot")
    void partialIsHidden() {
        DatasetName a = source("1", "2");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), into(b));
        assertThat(receive(cut(capture(increment(a.snapshot("1"), a.snapshot("2"))), 0.5), resumable(b)))
                .isPresent();
        assertThat(run(new ZfsCommand.ListDatasets(List.of(b), Scope.SUBTREE)))
                .extracting(Dataset::name)
                .containsExactly(b);
        assertThat(run(new ZfsCommand.ListHistories(List.of(b), Scope.SUBTREE))).containsOnlyKeys(b);
        assertThat(points(b)).containsExactly("@1");
    }

    @Test
    @DisplayName("a token tells what it is for, wherever it is asked, also when the snapshot is gone")
    void tokenContents() {
        DatasetName a = source("1", "2");
        DatasetName b = there().child("b");
        Guid one = guid(a.snapshot("1"));
        Guid two = guid(a.snapshot("2"));
        receive(cut(capture(full(a.snapshot("1"))), 0.5), resumable(b));
        TokenContents contents = run(new ZfsCommand.ReadToken(token(b)));
        assertThat(contents.toName()).isEqualTo(a.snapshot("1").toString());
        assertThat(contents.to()).isEqualTo(one);
        assertThat(contents.from()).isEmpty();
        assertThat(contents.raw()).isFalse();
        assertThat(contents.bytes()).isBetween(32L << 10, 200L << 10);
        replicate(resume(b), resumable(b));

        receive(cut(capture(increment(a.snapshot("1"), a.snapshot("2"))), 0.5), resumable(b));
        Dataset.ResumeToken token = token(b);
        run(new ZfsCommand.DestroyDataset(a, Scope.SUBTREE));
        TokenContents gone = run(new ZfsCommand.ReadToken(token));
        assertThat(gone.to()).isEqualTo(two);
        assertThat(gone.from()).contains(one);
        assertThat(refused(new ZfsCommand.ReadToken(new Dataset.ResumeToken("1-abc-e0-789c")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.TOKEN_CORRUPT);
    }

    @Test
    @DisplayName("a token is found by its GUID in the pool, so it survives a rename of the source")
    void renamedSource() {
        DatasetName a = source("1");
        DatasetName b = there().child("b");
        receive(cut(capture(full(a.snapshot("1"))), 0.5), resumable(b));
        DatasetName renamed = here().child("renamed");
        run(new ZfsCommand.RenameDataset(a, renamed));
        replicate(resume(b), resumable(b));
        assertThat(guid(b.snapshot("1"))).isEqualTo(guid(renamed.snapshot("1")));
    }

    @Test
    @DisplayName("what an interrupted receive left tells since when it is there, in full and by increment")
    void since() {
        DatasetName a = source("1", "2");
        DatasetName b = there().child("b");
        receive(cut(capture(full(a.snapshot("1"))), 0.5), resumable(b));
        assertThat(run(new ZfsCommand.PartialSince(b))).isBetween(1_000_000_000L, 10_000_000_000L);
        replicate(resume(b), resumable(b));
        receive(cut(capture(increment(a.snapshot("1"), a.snapshot("2"))), 0.5), resumable(b));
        assertThat(run(new ZfsCommand.PartialSince(b))).isBetween(1_000_000_000L, 10_000_000_000L);
    }
}
