// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clones whose origin is in trouble, or who are. */
class ClonesOnFakeTest extends TwoFakes {

    private static final DatasetName ORIGIN = DATA.child("z");
    private static final DatasetName CLONE = DATA.child("clone");
    private static final DatasetName OF_CLONE = DATA.child("another");

    /** A clone, and a clone of that one; both sort before what they are clones of. */
    private void clones() {
        create(nas, "tank/data", "tank/data/z");
        nas.write(ORIGIN, "big", new byte[200_000]);
        snapshot(nas, "tank/data@one");
        cloneOf(ORIGIN.snapshot("one"), CLONE);
        nas.write(CLONE, "own", new byte[100_000]);
        snapshot(nas, "tank/data@two");
        cloneOf(CLONE.snapshot("two"), OF_CLONE);
        nas.write(OF_CLONE, "own too", new byte[100_000]);
        snapshot(nas, "tank/data@three");
    }

    private void cloneOf(SnapshotName origin, DatasetName name) {
        nas.execute(new ZfsCommand.CloneSnapshot(origin, name, Map.of())).orThrow();
    }

    private void bothAreClones() {
        assertThat(dataset(vault, COPY.child("clone")).origin())
                .contains(COPY.child("z").snapshot("one"));
        assertThat(dataset(vault, COPY.child("another")).origin())
                .contains(COPY.child("clone").snapshot("two"));
    }

    private static DatasetResult of(ReplicationResult result, DatasetName source) {
        return result.datasets().stream()
                .filter(d -> d.source().equals(source))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theyGoOverAsClonesAndThenByIncrement() throws InterruptedException {
        clones();

        assertThat(run().success()).isTrue();

        bothAreClones();
        same();
        nothingLeftOver();
        snapshot(nas, "tank/data@four");
        assertThat(run().success()).isTrue();
        same();
        nothingLeftOver();
        assertThat(plan().hasWork()).isFalse();
    }

    @Test
    void aCloneIsNotTriedAfterItsOriginFailedAndNeverSentInFullInstead() throws InterruptedException {
        clones();
        nas.beforeEachSend(stream -> {
            if (stream instanceof SendStream.Full full && full.to().dataset().equals(ORIGIN)) {
                nas.cutNextStream(1000);
            }
        });

        ReplicationResult result = impatient.run(plan(b -> b.parallelism(3)));

        for (DatasetName clone : List.of(CLONE, OF_CLONE)) {
            assertThat(of(result, clone).outcome())
                    .isInstanceOfSatisfying(
                            DatasetResult.Outcome.Failed.class,
                            failed -> assertThat(failed.failure().text())
                                    .contains("not tried, because ")
                                    .contains("which it is a clone of, did not arrive"));
        }
        nas.beforeEachSend(stream -> {});
        assertThat(run().success()).isTrue();
        bothAreClones();
        same();
        nothingLeftOver();
    }

    @Test
    void aCloneThatIsPlannedAnewWithoutItsOriginIsRefusedThen() throws InterruptedException {
        clones();
        AtomicBoolean cut = new AtomicBoolean();
        nas.beforeEachSend(stream -> {
            if (stream instanceof SendStream.Increment increment
                    && increment.to().dataset().equals(CLONE)) {
                vault.cutNextReceive(1);
                cut.set(true);
            }
        });
        nas.beforeEach(command -> {
            if (command instanceof ZfsCommand.ListDatasets && cut.getAndSet(false)) {
                vault.execute(new ZfsCommand.DestroyDataset(COPY.child("z"), Scope.SUBTREE))
                        .orThrow();
            }
        });

        ReplicationResult result = replication.run(plan(b -> b.parallelism(1)));

        assertThat(of(result, CLONE).outcome())
                .isInstanceOfSatisfying(
                        DatasetResult.Outcome.Refused.class,
                        refused -> assertThat(refused.refusal().reason()).isEqualTo(Decision.Reason.ORIGIN_MISSING));
        assertThat(of(result, OF_CLONE).outcome()).isInstanceOf(DatasetResult.Outcome.Failed.class);
        assertThat(nas.count(SendStream.Full.class)).isEqualTo(2);
    }

    /** With properties and without, whichever stream is cut: nothing is begun twice, and clones stay clones. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void w19ATreeWithClonesIsCutAgainAndAgainAndEachDatasetGoesOnAlone(boolean properties) throws InterruptedException {
        clones();
        nas.execute(new ZfsCommand.SetProperties(CLONE, Map.of("my:note", "x"))).orThrow();
        PropertyChoice choice = new PropertyChoice(properties, Set.of(), Map.of());
        int resumed = 0;
        ReplicationResult result;
        int runs = 0;
        do {
            nas.cutStreams(60_000);
            nas.forgetLog();
            result = impatient.run(plan(b -> b.properties(choice)));
            resumed += nas.count(SendStream.Resume.class);
        } while (!result.success() && ++runs < 60);

        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(runs).isGreaterThan(4);
        assertThat(resumed).isGreaterThan(4);
        bothAreClones();
        same();
        if (properties) {
            assertThat(vault.execute(new ZfsCommand.GetProperties(List.of(COPY.child("clone")), List.of("my:note")))
                            .orThrow()
                            .get(0)
                            .value())
                    .isEqualTo("x");
        }
    }

    @Test
    void whatIsSentInFullGoesOnInFullAfterACut() throws InterruptedException {
        clones();
        create(nas, "tank/other");
        snapshot(nas, "tank/other@x");
        cloneOf(DatasetName.of("tank/other").snapshot("x"), DATA.child("far"));
        snapshot(nas, "tank/data@four");
        nas.cutNextStream(0);

        assertThat(replication
                        .run(plan(b -> b.snapshotsMatching("two|three|four")))
                        .success())
                .isTrue();

        assertThat(dataset(vault, COPY.child("clone")).origin())
                .as("its origin is not selected")
                .isEmpty();
        assertThat(dataset(vault, COPY.child("far")).origin()).isEmpty();
    }

    @Test
    void clonesThatAreNotToBeKeptAreDatasetsOfTheirOwn() throws InterruptedException {
        clones();

        assertThat(replication.run(plan(b -> b.keepClones(false))).success()).isTrue();

        assertThat(dataset(vault, COPY.child("clone")).origin()).isEmpty();
        assertThat(dataset(vault, COPY.child("another")).origin()).isEmpty();
        same();
        snapshot(nas, "tank/data@four");
        assertThat(run().success()).isTrue();
        same();
    }

    @Test
    void whatTheTargetHasOfItsOwnStays() throws InterruptedException {
        clones();
        run();
        create(vault, "backup/data/own");
        snapshot(vault, "backup/data/own@mine");

        assertThat(run().success()).isTrue();

        assertThat(labels(vault, "backup/data/own")).containsExactly("mine");
    }
}
