// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

class EstimatesTest {

    private final Seen seen = new Seen()
            .target("backup", "")
            .source("tank/data", "@a @b")
            .source("tank/data/new", "@b")
            .target("backup/data", "@a");

    private ReplicationPlan plan() {
        return Planner.plan(
                ReplicationRequest.of("tank/data", "backup/data")
                        .recursive(true)
                        .build(),
                seen.now());
    }

    private static Answer<?> failed(String text) {
        return new Answer.Failed<Long>(new ZfsFailure(ZfsFailure.Kind.HOST_UNREACHABLE, "zfs send -n", text));
    }

    @Test
    void whatIsToBeSentIsSummedUpForEachDatasetAndInAll() {
        assertThat(plan().estimate()).isEmpty();
        assertThat(Estimates.questions(plan())).hasSize(2);

        ReplicationPlan plan = Estimates.into(plan(), List.of(new Answer.Done<>(1536L), new Answer.Done<>(3L << 30)));

        assertThat(plan.estimate()).hasValue(1536L + (3L << 30));
        assertThat(plan.toString())
                .contains("2 snapshots to send, about 3.0 GiB")
                .contains("the newest that both know, about 1.5 KiB");
        assertThat(plan.toJson()).containsIgnoringWhitespaces("\"estimatedBytes\": 3221227008");
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void whatTheSourceCanNotTellIsAWarningAndNothingIsClaimedOfTheWhole() {
        ReplicationPlan plan = Estimates.into(plan(), List.of(new Answer.Done<>(7L), failed("out of luck\n")));

        assertThat(plan.estimate()).isEmpty();
        assertThat(plan.datasets().get(0).estimate()).hasValue(7);
        assertThat(plan.warnings()).containsExactly("the size of 1 stream can't be told beforehand: out of luck");
        assertThat(Estimates.into(plan(), List.of(failed("no"), failed("no"))).warnings())
                .containsExactly("the size of 2 streams can't be told beforehand: no");
    }

    @Test
    void ofASnapshotThatIsStillToBeTakenNothingIsAsked() {
        Seen alone = new Seen().target("backup", "").source("tank/data", "@a");
        ReplicationPlan plan = Planner.plan(
                ReplicationRequest.of("tank/data", "backup/data")
                        .newestSnapshotOnly()
                        .takeSnapshot("now")
                        .build(),
                alone.now());

        assertThat(Estimates.questions(plan)).isEmpty();
        assertThat(Estimates.into(plan, List.of()).warnings())
                .containsExactly("the size of 1 stream can't be told beforehand: the snapshot is still to be taken");
    }
}
