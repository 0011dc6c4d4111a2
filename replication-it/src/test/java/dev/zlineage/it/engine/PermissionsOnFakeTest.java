// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.testkit.FakeCommandRunner;
import dev.zlineage.testkit.FakeNas;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user of both hosts is told who may not do everything, before anything is done. */
@Timeout(60)
class PermissionsOnFakeTest extends AsAnn {

    @Test
    @DisplayName("from no rights at all, what is printed leads to a run without a warning in two rounds")
    void theAdviceIsEnough() throws InterruptedException {
        int rounds = 0;
        ReplicationPlan plan = planByAnn();
        while (!advice(plan).isEmpty()) {
            rounds++;
            assertThat(rounds).as("%s", plan).isLessThanOrEqualTo(2);
            follow(advice(plan));
            plan = planByAnn();
        }
        ReplicationResult result = byAnn.run(plan);

        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(result.warnings()).isEmpty();
        assertThat(labels(vault, "backup/data/a/b")).containsExactly("1");
    }

    @Test
    void noSnapshotIsTakenWhereNothingMayBeSent() throws InterruptedException {
        grant(OF_SOURCE, "");

        byAnn.run(byAnn.plan(request(b -> b.takeSnapshot("now"))));

        assertThat(labels(nas, "tank/data")).containsExactly("1");
    }

    @Test
    void whatLiesBelowARefusedTargetIsRefusedWithIt() {
        grant(OF_SOURCE, "");
        vault.allow("-d", "-u", "ann", OF_TARGET, "backup");

        ReplicationPlan plan = planByAnn();

        assertThat(plan.datasets())
                .extracting(d -> ((Decision.Refuse) d.decision()).reason())
                .containsExactly(
                        Decision.Reason.NO_PERMISSION, Decision.Reason.PARENT_MISSING, Decision.Reason.PARENT_MISSING);
        assertThat(plan.hasWork()).isFalse();
    }

    @Test
    void oneDatasetThatMayNotBeSentStopsNoOther() throws InterruptedException {
        grant("", OF_TARGET);
        nas.allow("-l", "-u", "ann", OF_SOURCE, "tank/data");

        ReplicationResult result = byAnn.run(planByAnn());

        assertThat(result.success()).isFalse();
        assertThat(labels(vault, "backup/data")).containsExactly("1");
        assertThat(planByAnn().refused()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"group", "everyone", "set"})
    void rightsComeInMoreThanOneWay(String way) throws InterruptedException {
        grant("", OF_TARGET);
        switch (way) {
            case "group" -> nas.allow("-g", "staff", OF_SOURCE, "tank");
            case "everyone" -> nas.allow("-e", OF_SOURCE, "tank");
            default -> {
                nas.allow("-s", "@marks", "bookmark,hold,release,destroy", "tank");
                nas.allow("-s", "@all", "@marks,send", "tank/data");
                nas.allow("-u", "ann", "@all", "tank/data");
            }
        }

        ReplicationResult result = byAnn.run(planByAnn());

        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(result.warnings()).isEmpty();
    }

    @Test
    void aListingThatFailsIsNoObstacle() throws InterruptedException {
        grant("send", OF_TARGET);
        nasAnn.failNext(c -> c instanceof ZfsCommand.ListPermissions, ZfsFailure.Kind.UNREADABLE);

        ReplicationPlan plan = planByAnn();

        assertThat(plan.warnings()).isEmpty();
        assertThat(byAnn.run(plan).success()).isTrue();
    }

    @Test
    @DisplayName("it costs one round trip a side, and none where nothing is to be done")
    void roundTrips() throws InterruptedException {
        grant(OF_SOURCE, OF_TARGET);
        planByAnn();
        assertThat(nasAnn.count(ZfsCommand.ListPermissions.class)).isEqualTo(1);
        assertThat(vaultAnn.count(ZfsCommand.ListPermissions.class)).isEqualTo(1);
        byAnn.run(planByAnn());
        nasAnn.forgetLog();
        vaultAnn.forgetLog();
        assertThat(planByAnn().hasWork()).isFalse();
        assertThat(nasAnn.count(ZfsCommand.ListPermissions.class)).isZero();
        assertThat(vaultAnn.count(ZfsCommand.ListPermissions.class)).isZero();
    }

    @Test
    void rootIsNotAskedAbout() {
        nas.forgetLog();

        assertThat(replication.plan(request(b -> b)).hasWork()).isTrue();

        assertThat(nas.count(ZfsCommand.ListPermissions.class)).isZero();
        assertThat(nas.roundTrips()).isEqualTo(2);
    }

    private interface Doors {
        void between(Zfs source, Zfs target) throws InterruptedException;
    }

    private void byCommandLine(Doors test) throws InterruptedException {
        test.between(new CommandZfs(new FakeCommandRunner(nasAnn)), new CommandZfs(new FakeCommandRunner(vaultAnn)));
    }

    private void bySsh(Doors test) throws InterruptedException {
        try (FakeNas one = FakeNas.start(nasAnn);
                FakeNas other = FakeNas.start(vaultAnn);
                Zfs source = SshHost.open(endpoint(one));
                Zfs target = SshHost.open(endpoint(other))) {
            test.between(source, target);
        }
    }

    private static SshEndpoint endpoint(FakeNas nas) {
        return SshEndpoint.of(nas.user(), nas.host())
                .port(nas.port())
                .privateKey(nas.privateKey())
                .knownHosts(nas.knownHosts())
                .build();
    }

    @ParameterizedTest(name = "over SSH: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("by the command line, what is printed leads as far")
    void byOtherDoors(boolean ssh) throws InterruptedException {
        nas.allow("-s", "@marks", "bookmark,hold,release", "tank");
        nas.allow("-g", "staff", "@marks", "tank/data");
        nas.allow("-l", "-u", "ann", "send", "tank/data");
        Doors test = (source, target) -> {
            byAnn = Replication.between(source, target);
            ReplicationPlan plan = planByAnn();
            String host = source.host();
            assertThat(plan.datasets().get(1).decision())
                    .isInstanceOfSatisfying(
                            Decision.Refuse.class,
                            no -> assertThat(no.why())
                                    .startsWith("the user ann of " + host
                                            + " lacks send on tank/data/a; the user ann of "));
            theAdviceIsEnough();
        };
        if (ssh) {
            bySsh(test);
        } else {
            byCommandLine(test);
        }
    }
}
