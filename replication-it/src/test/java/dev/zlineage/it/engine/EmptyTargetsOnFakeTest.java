// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult.Outcome;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Targets that were there and empty before anything was sent: the one case in which a receive overwrites something. */
class EmptyTargetsOnFakeTest extends TwoFakes {

    @BeforeEach
    void emptyTarget() {
        create(nas, "tank/data");
        nas.write(DATA, "f", new byte[200_000]);
        snapshot(nas, "tank/data@one");
        create(vault, "backup/data");
    }

    private static void holdsDataIn(ReplicationResult result) {
        assertThat(result.datasets().get(0).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.refusal().reason()).isEqualTo(Decision.Reason.TARGET_HOLDS_DATA));
    }

    @Test
    void oneThatIsEmptyIsOverwritten() throws InterruptedException {
        assertThat(run().success()).isTrue();
        same();
    }

    /** Between a plan and the stream of a dataset, others may be sent for hours. */
    @Test
    void whatIsWrittenAfterThePlanIsNotOverwritten() throws InterruptedException {
        ReplicationPlan plan = plan();
        write(vault, "backup/data", "mine", "precious");

        holdsDataIn(replication.run(plan));

        assertThat(vault.contents(COPY)).containsEntry("mine", "precious");
    }

    @Test
    void whatIsWrittenAfterThePlanIsSetAsideWhereThatWasAskedFor() throws InterruptedException {
        ReplicationPlan plan = plan(b -> b.onDivergence(DivergencePolicy.START_OVER));
        write(vault, "backup/data", "mine", "precious");

        assertThat(replication.run(plan).success()).isTrue();

        same();
        assertThat(vault.execute(new ZfsCommand.ListDatasets(List.of(DatasetName.of("backup")), Scope.SUBTREE))
                        .orThrow())
                .filteredOn(d -> d.name().value().contains("aside"))
                .singleElement()
                .satisfies(d -> assertThat(vault.contents(d.name())).containsEntry("mine", "precious"));
    }

    @Test
    void whatWasPlannedUnderWayAndCutStaysHeldAndIsCarriedOn() throws InterruptedException {
        ReplicationPlan plan = plan(b -> b.onDivergence(DivergencePolicy.START_OVER));
        write(vault, "backup/data", "mine", "precious");
        nas.cutNextStream(100_000);

        ReplicationResult cut = impatient.run(plan);

        assertThat(cut.success()).isFalse();
        assertThat(cut.toString()).contains("backup/data.zl1-incoming");
        assertThat(nas.execute(new ZfsCommand.ListHolds(List.of(DATA.snapshot("one"))))
                        .orThrow()
                        .values())
                .as("nobody destroys what it is carried on with")
                .anySatisfy(tags -> assertThat(tags).isNotEmpty());
        ReplicationResult next = replication.run(plan(b -> b.onDivergence(DivergencePolicy.START_OVER)));
        assertThat(next.success()).isTrue();
        assertThat(next.saved()).isPositive();
        same();
        nothingLeftOver();
    }

    /** What a cut has left there looks like what a receive has made itself, and is no reason to overwrite anything. */
    @Test
    void whatIsWrittenAfterTheFirstStreamWasCutIsNotOverwritten() throws InterruptedException {
        nas.cutNextStream(100_000);
        assertThat(impatient.run(plan()).success()).isFalse();
        write(vault, "backup/data", "mine", "precious");

        holdsDataIn(run());
        assertThat(plan().hasWork()).isFalse();
        assertThat(vault.contents(COPY)).containsEntry("mine", "precious");

        assertThat(replication
                        .run(plan(b -> b.onDivergence(DivergencePolicy.START_OVER)))
                        .success())
                .isTrue();
        same();
    }

    @Test
    void whatWasCutIsCarriedOnWhereNobodyWrote() throws InterruptedException {
        nas.cutNextStream(100_000);
        assertThat(impatient.run(plan()).success()).isFalse();

        ReplicationResult result = run();

        assertThat(result.success()).isTrue();
        assertThat(result.saved()).isPositive();
        same();
    }

    @Test
    void nothingIsPlannedBelowAVolume() {
        vault.execute(new ZfsCommand.CreateVolume(DatasetName.of("backup/vol"), 1 << 20, Map.of()))
                .orThrow();
        create(nas, "tank/vol", "tank/vol/a");
        snapshot(nas, "tank/vol@one");

        ReplicationPlan plan = replication.plan(
                ReplicationRequest.of("tank/vol", "backup/vol").recursive(true).build());

        assertThat(plan.hasWork()).isFalse();
        assertThat(plan.datasets().get(1).decision())
                .isInstanceOfSatisfying(
                        Decision.Refuse.class,
                        refuse -> assertThat(refuse.why()).startsWith("backup/vol above it is a volume on the target"));
    }

    /** That of the goal could not be made, and its snapshot is gone: what is left is the only base. */
    @Test
    void theMarkOfAFirstStreamStaysWhereItIsAllThatIsLeft() throws InterruptedException {
        nas.failNext(
                command -> command instanceof ZfsCommand.CreateBookmark mark
                        && !mark.bookmark().label().endsWith("-open"),
                ZfsFailure.Kind.BUSY);
        assertThat(run().success()).isTrue();
        destroy(nas, "tank/data", "one");

        run();

        assertThat(history(nas, DATA).bookmarks())
                .extracting(bookmark -> bookmark.guid())
                .contains(history(vault, COPY).snapshot("one").orElseThrow().guid());
        snapshot(nas, "tank/data@two");
        assertThat(plan().toString()).contains("by increment");
        assertThat(run().success()).isTrue();
        nothingLeftOver();
    }
}
