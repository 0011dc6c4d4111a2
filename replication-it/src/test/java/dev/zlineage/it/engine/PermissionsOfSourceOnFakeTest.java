// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is lost without each permission on the source: the lines of the table in {@code docs/permissions.md}. */
@Timeout(60)
class PermissionsOfSourceOnFakeTest extends AsAnn {

    @Test
    void nothingIsSentWithoutSend() throws InterruptedException {
        assertRefusedBeforeAnythingIsDone("send", true);
    }

    @Test
    void sendRawIsEnoughForWhatIsSentAsItIsEncrypted() {
        grant("send:raw", OF_TARGET);
        nas.createEncrypted(DatasetName.of("tank/secret"), "correct horse");
        snapshot(nas, "tank/secret@1");
        nas.allow("-u", "ann", "send:raw", "tank/secret");

        assertThat(byAnn.plan(ReplicationRequest.of("tank/secret", "backup/secret")
                                .build())
                        .refused())
                .isZero();
        assertThat(planByAnn().refused()).isEqualTo(3);
    }

    @Test
    void aSnapshotThatMayNotBeTakenOfOneDatasetIsTakenOfNone() throws InterruptedException {
        grant(without(OF_SOURCE, "snapshot"), OF_TARGET);
        nas.allow("-u", "ann", "snapshot", "tank/data/a");

        ReplicationPlan plan = byAnn.plan(request(b -> b.takeSnapshot("now")));

        assertThat(plan.snapshot()).isEmpty();
        assertThat(plan.refused()).isEqualTo(3);
        assertThat(advice(plan)).containsOnly("zfs allow -u ann snapshot tank/data");
        byAnn.run(plan);
        assertThat(labels(nas, "tank/data/a")).containsExactly("1");
        follow(advice(plan));
        assertThat(byAnn.run(byAnn.plan(request(b -> b.takeSnapshot("now")))).success())
                .isTrue();
        assertThat(labels(vault, "backup/data")).containsExactly("1", "now");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "bookmark, nothing remembers what was sent",
        "hold, may be destroyed meanwhile",
        "release, stays held",
        "destroy, bookmarks of earlier runs stay"
    })
    void withoutWhatKeepsContinuityItGoesOnAndSaysWhatIsLost(String permission, String loss)
            throws InterruptedException {
        grant(without(OF_SOURCE, permission), OF_TARGET);

        ReplicationPlan plan = planByAnn();
        ReplicationResult result = byAnn.run(plan);

        assertThat(plan.warnings())
                .singleElement()
                .asString()
                .contains("lacks " + permission + " on tank/data and 2 more", loss)
                .endsWith("(zfs allow -u ann " + permission + " tank/data)");
        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(labels(vault, "backup/data")).containsExactly("1");

        follow(advice(plan));
        snapshot(nas, "tank/data@2");
        plan = planByAnn();
        assertThat(plan.warnings()).isEmpty();
        assertThat(byAnn.run(plan).warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBookmarkIsWhatTheNextIncrementGoesOnFrom(boolean permitted) throws InterruptedException {
        grant(permitted ? OF_SOURCE : without(OF_SOURCE, "bookmark"), OF_TARGET);
        byAnn.run(planByAnn());

        for (String dataset : List.of("tank/data", "tank/data/a", "tank/data/a/b")) {
            destroy(nas, dataset, "1");
        }
        snapshot(nas, "tank/data@2");

        assertThat(planByAnn().refused()).isEqualTo(permitted ? 0 : 3);
    }

    @Test
    void withoutReleaseWhatARunHoldsStaysHeld() throws InterruptedException {
        grant(without(OF_SOURCE, "release"), OF_TARGET);

        byAnn.run(planByAnn());

        SnapshotName held = DATA.snapshot("1");
        assertThat(nas.execute(new ZfsCommand.ListHolds(List.of(held)))
                        .orThrow()
                        .get(held))
                .hasSize(1);
    }

    @Test
    void withoutDestroyBookmarksOfEarlierRunsStay() throws InterruptedException {
        grant(without(OF_SOURCE, "destroy"), OF_TARGET);
        byAnn.run(planByAnn());
        snapshot(nas, "tank/data@2");

        byAnn.run(planByAnn());

        assertThat(history(nas, DATA).bookmarks()).hasSizeGreaterThan(1);
    }

    @Test
    void aSeriesGoesByIncrementsWhereNothingMayBeHeld() throws InterruptedException {
        grant(without(OF_SOURCE, "hold"), OF_TARGET);
        byAnn.run(planByAnn());
        write(nas, "tank/data", "f", "two");
        snapshot(nas, "tank/data@2");
        snapshot(nas, "tank/data@3");
        nasAnn.forgetLog();

        ReplicationResult result = byAnn.run(planByAnn());

        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(labels(vault, "backup/data")).containsExactly("1", "2", "3");
        assertThat(nasAnn.count(SendStream.Increment.class)).isEqualTo(6);
        assertThat(nasAnn.count(SendStream.Series.class)).isZero();
    }
}
