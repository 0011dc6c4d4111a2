// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is lost without each permission on the target: the lines of the table in {@code docs/permissions.md}. */
@Timeout(60)
class PermissionsOfTargetOnFakeTest extends AsAnn {

    @ParameterizedTest
    @ValueSource(strings = {"create", "mount", "readonly", "receive"})
    void nothingIsReceivedWithout(String permission) throws InterruptedException {
        assertRefusedBeforeAnythingIsDone(permission, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "mount", "receive"})
    void anIncrementNeedsThemOnTheDatasetItself(String permission) throws InterruptedException {
        grant(OF_SOURCE, OF_TARGET);
        byAnn.run(planByAnn());
        vault.unallow("-u", "ann", "backup");
        vault.allow("-u", "ann", without("create,mount,receive", permission), "backup/data");
        snapshot(nas, "tank/data@2");

        ReplicationPlan plan = planByAnn();

        assertThat(plan.refused()).isEqualTo(3);
        assertThat(advice(plan)).contains("zfs allow -u ann " + permission + " backup/data");
        follow(advice(plan));
        assertThat(byAnn.run(planByAnn()).success()).isTrue();
    }

    @Test
    void appendingIsEnoughExceptWhereAnEmptyDatasetIsReplaced() {
        grant(OF_SOURCE, without(OF_TARGET, "receive") + ",receive:append");
        assertThat(planByAnn().refused()).isZero();

        create(vault, "backup/data");

        assertThat(advice(planByAnn())).containsExactly("zfs allow -u ann receive backup/data");
    }

    @Test
    void eachPropertyThatIsSetIsNeededAndNoOther() throws InterruptedException {
        grant(OF_SOURCE, without(OF_TARGET, "readonly"));
        DatasetName volume = DATA.child("volume");
        nas.execute(new ZfsCommand.CreateVolume(volume, 1 << 20, Map.of())).orThrow();
        snapshot(nas, volume + "@1");
        ReplicationRequest.Builder request = ReplicationRequest.of(volume.value(), "backup/volume");

        ReplicationPlan plan = byAnn.plan(request.build());

        assertThat(advice(plan)).containsExactly("zfs allow -u ann readonly,volmode backup");
        assertThat(byAnn.plan(request.readonly(ReadonlyPolicy.IGNORE).build()).refused())
                .isZero();
        follow(advice(plan));
        assertThat(byAnn.run(byAnn.plan(request.readonly(ReadonlyPolicy.SET).build()))
                        .success())
                .isTrue();
    }

    @Test
    void aParentToBeCreatedNeedsItsProperties() throws InterruptedException {
        grant(OF_SOURCE, without(OF_TARGET, "canmount"));
        ReplicationRequest deep =
                ReplicationRequest.of("tank/data", "backup/of/data").build();

        ReplicationPlan plan = byAnn.plan(deep);

        assertThat(advice(plan)).containsExactly("zfs allow -u ann canmount backup");
        assertThat(plan.parents()).isEmpty();
        follow(advice(plan));
        assertThat(byAnn.run(byAnn.plan(deep)).success()).isTrue();
    }

    @Test
    void rollingBackNeedsItsOwn() throws InterruptedException {
        grant(OF_SOURCE, OF_TARGET);
        byAnn.run(planByAnn());
        snapshot(vault, "backup/data@own");
        snapshot(nas, "tank/data@2");
        ReplicationRequest back = request(b -> b.onDivergence(DivergencePolicy.ROLL_BACK_UNCHANGED));

        ReplicationPlan plan = byAnn.plan(back);

        assertThat(advice(plan)).contains("zfs allow -u ann destroy,rollback backup/data");
        follow(advice(plan));
        assertThat(byAnn.run(byAnn.plan(back)).success()).isTrue();
        assertThat(labels(vault, "backup/data")).containsExactly("1", "2");
    }

    @Test
    void aTargetThatIsThereIsReceivedIntoAlsoWhereItStaysWritable() throws InterruptedException {
        grant(OF_SOURCE, without(OF_TARGET, "readonly"));
        byAnn.run(byAnn.plan(request(b -> b.readonly(ReadonlyPolicy.IGNORE))));
        snapshot(nas, "tank/data@2");

        ReplicationPlan plan = planByAnn();

        assertThat(plan.warnings())
                .singleElement()
                .asString()
                .contains("the user ann of vault lacks readonly on backup/data and 2 more: it stays writable")
                .endsWith("(zfs allow -u ann readonly backup/data)");
        assertThat(byAnn.run(plan).success()).isTrue();
        snapshot(nas, "tank/data@3");
        follow(advice(plan));
        assertThat(byAnn.run(planByAnn()).warnings()).isEmpty();
        assertThat(dataset(vault, COPY).readonly()).isTrue();
    }

    private void writeToTheTarget() {
        vault.execute(new ZfsCommand.SetProperties(COPY, Map.of("readonly", "off")))
                .orThrow();
        write(vault, "backup/data", "own", "something");
    }

    @Test
    void rollingBackWhatIsInNoSnapshotNeedsRollbackAlone() throws InterruptedException {
        grant(OF_SOURCE, OF_TARGET);
        byAnn.run(planByAnn());
        writeToTheTarget();
        snapshot(nas, "tank/data@2");

        ReplicationPlan plan = byAnn.plan(request(b -> b.onDivergence(DivergencePolicy.ROLL_BACK)));

        assertThat(advice(plan)).containsExactly("zfs allow -u ann rollback backup/data");
    }

    @Test
    void discardingAnInterruptedReceiveNeedsDestroy() throws InterruptedException {
        grant(OF_SOURCE, OF_TARGET);
        byte[] noise = new byte[400_000];
        new Random(5).nextBytes(noise);
        nas.write(DATA, "large", noise);
        snapshot(nas, "tank/data@2");
        destroy(nas, "tank/data", "1");
        snapshot(nas, "tank/data@3");
        ReplicationRequest request =
                ReplicationRequest.of("tank/data", "backup/data").build();
        nasAnn.cutNextStream(100_000);
        byAnn.with(Patience.DEFAULT.withAttempts(1)).run(byAnn.plan(request));
        destroy(nas, "tank/data", "2");

        ReplicationPlan plan = byAnn.plan(request);

        assertThat(advice(plan)).containsExactly("zfs allow -u ann destroy backup/data");
        follow(advice(plan));
        assertThat(byAnn.run(byAnn.plan(request)).success()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "mount", "promote", "rename", "userprop"})
    void settingAsideNeeds(String permission) throws InterruptedException {
        grant(OF_SOURCE, OF_TARGET);
        byAnn.run(planByAnn());
        writeToTheTarget();
        snapshot(vault, "backup/data@own");
        snapshot(nas, "tank/data@2");
        vault.unallow("-u", "ann", "backup");
        grant("", without(OF_TARGET + ",promote,rename,userprop", permission));
        ReplicationRequest aside = request(b -> b.onDivergence(DivergencePolicy.SET_ASIDE));

        ReplicationPlan plan = byAnn.plan(aside);

        assertThat(plan.datasets().get(0).decision())
                .isInstanceOfSatisfying(
                        Decision.Refuse.class, no -> assertThat(no.why()).contains("lacks " + permission + " on "));
        follow(advice(plan));
        plan = byAnn.plan(aside);
        assertThat(plan.refused()).isZero();
        ReplicationResult result = byAnn.run(plan);
        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(result.warnings()).isEqualTo(plan.warnings());
    }

    @Test
    void startingOverPromotesNothing() throws InterruptedException {
        grant(OF_SOURCE, OF_TARGET + ",rename,userprop");
        byAnn.run(planByAnn());
        writeToTheTarget();
        snapshot(nas, "tank/data@2");

        ReplicationResult result = byAnn.run(byAnn.plan(request(b -> b.onDivergence(DivergencePolicy.START_OVER))));

        assertThat(result.success()).as("%s", result).isTrue();
    }
}
