// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.mark.CopyMark;
import dev.zlineage.core.prune.CopyFate;
import dev.zlineage.core.prune.CopyFate.Act;
import dev.zlineage.core.prune.PrunePlan;
import dev.zlineage.core.prune.PruneRequest;
import dev.zlineage.core.prune.PruneResult;
import dev.zlineage.core.prune.Pruning;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Copies of what is gone, and everything that looks like one. */
class PruningOnFakeTest extends TwoFakes {

    private static final Duration WEEK = Duration.ofDays(7);

    private final Pruning pruning = Pruning.between(nas, vault);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeEach
    void replicated() throws InterruptedException {
        tree();
        run();
        assertThat(prune().destroyed()).isEmpty();
    }

    private static ReplicationRequest replication(UnaryOperator<ReplicationRequest.Builder> how) {
        return how.apply(ReplicationRequest.of("tank/data", "backup/data").recursive(true))
                .build();
    }

    private PrunePlan look() {
        return pruning.plan(new PruneRequest(replication(b -> b), WEEK, now));
    }

    private PruneResult prune() {
        return pruning.run(look(), () -> false);
    }

    private Optional<CopyFate> fate(String copy) {
        return look().copies().stream()
                .filter(fate -> fate.dataset().equals(DatasetName.of(copy)))
                .findFirst();
    }

    private void left(String copy, String why) {
        assertThat(fate(copy)).as("%s", look()).hasValueSatisfying(fate -> {
            assertThat(fate.act()).isEqualTo(Act.LEAVE);
            assertThat(fate.why()).contains(why);
        });
    }

    private void gone(String... names) {
        for (String name : names) {
            nas.execute(new ZfsCommand.DestroyDataset(DatasetName.of(name), Scope.SUBTREE))
                    .orThrow();
        }
    }

    /** Notes what is gone, and lets the week pass. */
    private void aWeekLater() {
        assertThat(prune().failed()).isEmpty();
        now = now.plus(WEEK);
    }

    private List<String> copies() {
        return vault.execute(new ZfsCommand.ListDatasets(List.of(COPY), Scope.SUBTREE)).orThrow().stream()
                .map(d -> d.name().value())
                .sorted()
                .toList();
    }

    @Test
    void nothingIsToldOfCopiesThatAreAsTheyShouldBe() {
        assertThat(look().copies()).isEmpty();
        assertThat(copies()).hasSize(5);
    }

    @Test
    void aCopyGoesWhenItsSourceHasBeenGoneForAsLongAsItHasToBe() {
        gone("tank/data/a");

        assertThat(look().with(Act.NOTE)).hasSize(2);
        prune();
        now = now.plus(WEEK).minusSeconds(1);
        assertThat(look().with(Act.WAIT)).hasSize(2);
        assertThat(prune().destroyed()).isEmpty();
        now = now.plusSeconds(1);
        PrunePlan due = look();
        assertThat(due.toString())
                .contains(
                        "2 will be destroyed", "backup/data/a/deep: destroy, tank/data/a/deep is gone since 2026-01-01")
                .contains("      destroy @one");
        assertThat(pruning.run(due, () -> false).destroyed())
                .containsExactly(COPY.child("a").child("deep"), COPY.child("a"));
        assertThat(copies()).containsExactly("backup/data", "backup/data/b", "backup/data/vol");
        assertThat(look().copies()).isEmpty();
    }

    /** As a pool does that is rewound to a checkpoint. */
    @Test
    void aSourceThatComesBackIsForgottenAndTheTimeBeginsAnew() {
        noted("b");

        assertThat(fate("backup/data/b").orElseThrow().act()).isEqualTo(Act.FORGET);
        prune();
        assertThat(look().copies()).isEmpty();
        gone("tank/data/b");
        assertThat(fate("backup/data/b").orElseThrow().act()).isEqualTo(Act.NOTE);
    }

    private void noted(String child) {
        DatasetName copy = COPY.child(child);
        vault.execute(new ZfsCommand.SetProperties(
                        copy,
                        Map.of(CopyMark.GONE, CopyMark.gone(dataset(vault, copy).guid(), now.getEpochSecond()))))
                .orThrow();
    }

    /** What lives on elsewhere in the pool is not gone, and its only copy is this one. */
    @Test
    void whatWasMovedOutOfTheTreeIsReportedAndStays() {
        nas.execute(new ZfsCommand.RenameDataset(DATA.child("b"), DatasetName.of("tank/archive")))
                .orThrow();

        left("backup/data/b", "its source is tank/archive now");
        aWeekLater();
        assertThat(prune().destroyed()).isEmpty();
    }

    /** The host was set up anew, or another dataset has got the name: what the old one had is not gone, it is lost. */
    @Test
    void aSourceOfTheSameNameThatIsAnotherOneTellsNothing() throws InterruptedException {
        nas.execute(new ZfsCommand.RenameDataset(DATA, DatasetName.of("tank/old")))
                .orThrow();
        create(nas, "tank/data", "tank/data/new");
        snapshot(nas, "tank/data@fresh");

        left("backup/data/a", "it is not known whether it ever was a copy");
        aWeekLater();
        assertThat(prune().destroyed()).isEmpty();
    }

    @Test
    void whatAnotherReplicationBroughtStays() {
        create(vault, "backup/data/theirs");
        snapshot(vault, "backup/data/theirs@one");
        DatasetName theirs = COPY.child("theirs");
        vault.execute(new ZfsCommand.SetProperties(
                        theirs,
                        Map.of(
                                CopyMark.COPY,
                                CopyMark.copy(dataset(vault, theirs).guid(), new Guid(7), new Guid(8)))))
                .orThrow();

        left("backup/data/theirs", "it is not known whether it ever was a copy");
        aWeekLater();
        assertThat(prune().destroyed()).isEmpty();
    }

    /** A host whose clock has lost its battery, and one that was wrong when it noted what is gone. */
    @Test
    void aClockThatIsBehindTheSnapshotsCountsForNothing() {
        gone("tank/data/b");
        now = Instant.parse("1970-01-02T00:00:00Z");
        left("backup/data/b", "the clock shows a time before that of snapshots that are there");
        noted("b");
        now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(fate("backup/data/b").orElseThrow().act()).isEqualTo(Act.NOTE);
    }

    /** Its snapshots went over to a clone that was promoted: the clone's copy in full does not have them. */
    @Test
    void whatHoldsSnapshotsThatTheSourceHasElsewhereStays() throws InterruptedException {
        nas.execute(new ZfsCommand.CloneSnapshot(DATA.child("b").snapshot("one"), DATA.child("z"), Map.of()))
                .orThrow();
        snapshot(nas, "tank/data@two");
        assertThat(replication
                        .run(plan(b -> b.recursive(true).keepClones(false)))
                        .success())
                .isTrue();
        prune();
        nas.execute(new ZfsCommand.Promote(DATA.child("z"))).orThrow();
        gone("tank/data/b");

        left("backup/data/b", "snapshots of it are there on the source, in another dataset");
    }

    @Test
    void aSourceThatIsMissingEmptyOrNotSeenTellsNothing() {
        gone("tank/data/a", "tank/data/b");
        aWeekLater();

        nas.execute(new ZfsCommand.RenameDataset(DATA, DatasetName.of("tank/elsewhere")))
                .orThrow();
        assertThat(look().copies()).isEmpty();
        create(nas, "tank/data");
        assertThat(look().copies()).isEmpty();
        nas.failNext(command -> command instanceof ZfsCommand.ListDatasets, ZfsFailure.Kind.UNKNOWN);
        assertThatThrownBy(this::look).isInstanceOf(ZfsException.class);
        assertThat(copies()).hasSize(5);
    }

    @Test
    void whatWasRenamedOrReplacedOnTheSourceIsReportedAndStays() {
        nas.execute(new ZfsCommand.RenameDataset(DATA.child("b"), DATA.child("moved")))
                .orThrow();
        left("backup/data/b", "its source is tank/data/moved now");
        gone("tank/data/a");
        create(nas, "tank/data/a");
        left("backup/data/a", "another dataset has its name");
        aWeekLater();
        assertThat(prune().destroyed()).containsExactly(COPY.child("a").child("deep"));
        assertThat(copies()).contains("backup/data/a", "backup/data/b");
    }

    @Test
    void whatIsNotKnownAsACopyIsNeverTouched() {
        create(vault, "backup/data/own");
        snapshot(vault, "backup/data/own@mine");
        vault.execute(new ZfsCommand.SetProperties(
                        COPY.child("own"),
                        Map.of(
                                CopyMark.COPY,
                                CopyMark.copy(
                                        dataset(vault, COPY).guid(),
                                        dataset(nas, DATA).guid(),
                                        dataset(nas, DATA).guid()))))
                .orThrow();

        left("backup/data/own", "it is not known whether it ever was a copy");
        aWeekLater();
        assertThat(prune().destroyed()).isEmpty();
        assertThat(labels(vault, "backup/data/own")).containsExactly("mine");
    }

    @Test
    void whatSomebodyWorksWithStays() {
        gone("tank/data/a", "tank/data/b");
        aWeekLater();
        vault.execute(new ZfsCommand.SetProperties(COPY.child("b"), Map.of("readonly", "off")))
                .orThrow();
        write(vault, "backup/data/b", "own", "precious");
        left("backup/data/b", "it was written to");

        SnapshotName held = COPY.child("a").child("deep").snapshot("one");
        vault.execute(new ZfsCommand.Hold("mine", List.of(held))).orThrow();
        left("backup/data/a/deep", "'mine' holds one of its snapshots");
        left("backup/data/a", "backup/data/a/deep below it stays");
        vault.execute(new ZfsCommand.Release("mine", List.of(held))).orThrow();
        vault.execute(new ZfsCommand.CloneSnapshot(held, DatasetName.of("backup/clone"), Map.of()))
                .orThrow();
        left("backup/data/a/deep", "backup/clone is a clone of it");
        vault.execute(new ZfsCommand.DestroyDataset(DatasetName.of("backup/clone"), Scope.SELF))
                .orThrow();
        vault.execute(new ZfsCommand.CreateBookmark(
                        held, COPY.child("a").child("deep").bookmark("zl1-abcdefgh-open")))
                .orThrow();
        left("backup/data/a/deep", "it is replicated on from here");

        assertThat(prune().destroyed()).isEmpty();
        assertThat(copies()).hasSize(5);
    }

    @Test
    void whatAnApprovedCopyIsTheOriginOfStaysWithAClone() throws InterruptedException {
        nas.execute(new ZfsCommand.CloneSnapshot(DATA.child("b").snapshot("one"), DATA.child("z"), Map.of()))
                .orThrow();
        snapshot(nas, "tank/data@two");
        assertThat(run().success()).isTrue();
        prune();
        gone("tank/data/z");
        gone("tank/data/b");
        aWeekLater();
        PrunePlan plan = look();
        assertThat(plan.destroys()).hasSize(2);

        PrunePlan seen = plan.within(entry -> !entry.contains("backup/data/z"));

        assertThat(seen.destroys()).isEmpty();
        assertThat(plan.within(entry -> !entry.contains("backup/data/b")).destroys())
                .singleElement()
                .asString()
                .contains("backup/data/z");
    }

    @Test
    void whatChangesBetweenThePlanAndTheRunStays() {
        gone("tank/data/b");
        aWeekLater();
        PrunePlan plan = look();
        snapshot(vault, "backup/data/b@late");

        PruneResult result = pruning.run(plan, () -> false);

        assertThat(result.destroyed()).isEmpty();
        assertThat(result.failed().get(COPY.child("b"))).contains("not what it was");
        assertThat(labels(vault, "backup/data/b")).containsExactly("one", "late");
    }

    /** A crash, or a child that came in between. */
    @Test
    void whatARunLeftWithoutSnapshotsGoesWithTheNextUnlessSomebodyWroteThere() {
        gone("tank/data/a/deep", "tank/data/b");
        aWeekLater();
        for (int i = 0; i < 2; i++) {
            vault.failNext(command -> command instanceof ZfsCommand.DestroyDataset, ZfsFailure.Kind.BUSY);
        }
        assertThat(prune().failed()).hasSize(2);
        assertThat(labels(vault, "backup/data/b")).isEmpty();
        vault.execute(new ZfsCommand.SetProperties(COPY.child("b"), Map.of("readonly", "off")))
                .orThrow();
        write(vault, "backup/data/b", "new", "mine");
        vault.execute(new ZfsCommand.SetProperties(COPY.child("b"), Map.of("readonly", "on")))
                .orThrow();

        assertThat(prune().destroyed()).containsExactly(DatasetName.of("backup/data/a/deep"));
        left("backup/data/b", "written to");
    }

    @Test
    void aSourceThatComesBackUnderWayKeepsItsCopy() {
        gone("tank/data/a/deep", "tank/data/b");
        aWeekLater();
        vault.beforeEach(command -> {
            if (command instanceof ZfsCommand.DestroyDataset destroy
                    && destroy.dataset().equals(DatasetName.of("backup/data/a/deep"))) {
                create(nas, "tank/data/b");
            }
        });

        PruneResult result = prune();

        assertThat(result.destroyed()).containsExactly(DatasetName.of("backup/data/a/deep"));
        assertThat(result.failed().toString()).contains("its source tank/data/b is there again");
        assertThat(labels(vault, "backup/data/b")).containsExactly("one");
    }

    @Test
    void moreThanHalfOfThemNeedsConsent() {
        gone("tank/data/a", "tank/data/b");
        aWeekLater();

        assertThat(prune().destroyed()).isEmpty();
        left("backup/data/b", "3 of 5 copies would go at once, more than maximumShare=0.5 allows");
        PruneRequest consent = new PruneRequest(replication(b -> b), List.of(), Optional.of(WEEK), now, 0.6);
        assertThat(pruning.run(pruning.plan(consent), () -> false).destroyed()).hasSize(3);
    }

    @Test
    void clonesGoBeforeWhatTheyAreClonesOf() throws InterruptedException {
        nas.execute(new ZfsCommand.CloneSnapshot(DATA.child("b").snapshot("one"), DATA.child("z"), Map.of()))
                .orThrow();
        snapshot(nas, "tank/data@two");
        run();
        prune();
        gone("tank/data/z", "tank/data/b");
        aWeekLater();

        assertThat(prune().destroyed()).containsExactly(COPY.child("z"), COPY.child("b"));
    }

    @Test
    void whatIsExcludedOrAnotherOnesIsNotLookedAt() {
        gone("tank/data/b");
        aWeekLater();

        ReplicationRequest without = replication(b -> b.exclude(List.of("tank/data/b")));
        assertThat(pruning.plan(new PruneRequest(without, WEEK, now)).copies()).isEmpty();
        PruneRequest others =
                new PruneRequest(replication(b -> b), List.of(COPY.child("b")), Optional.of(WEEK), now, 0.5);
        assertThat(pruning.plan(others).copies()).isEmpty();
        assertThat(look().with(Act.DESTROY)).hasSize(1);
    }

    @Test
    void withoutAGraceItIsOnlyTold() {
        gone("tank/data/b");
        PruneRequest told = new PruneRequest(replication(b -> b), List.of(), Optional.empty(), now, 0.5);

        PrunePlan plan = pruning.plan(told);

        assertThat(plan.copies()).singleElement().satisfies(copy -> {
            assertThat(copy.act()).isEqualTo(Act.LEAVE);
            assertThat(copy.why()).isEqualTo("tank/data/b is gone");
        });
    }
}
