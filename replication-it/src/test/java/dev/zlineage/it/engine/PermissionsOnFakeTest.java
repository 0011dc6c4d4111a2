// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.it.permission.Advice;
import dev.zlineage.testkit.FakeCommandRunner;
import dev.zlineage.testkit.FakeNas;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user of both hosts is told who may not do everything, before anything is done. */
@Timeout(60)
class PermissionsOnFakeTest extends TwoFakes {

    private static final String OF_SOURCE = "bookmark,destroy,hold,release,send,snapshot";
    private static final String OF_TARGET = "canmount,create,mount,readonly,receive";

    private final FakeZfs nasAnn = nas.as("ann", "staff");
    private final FakeZfs vaultAnn = vault.as("ann");
    private Replication byAnn = Replication.between(nasAnn, vaultAnn).with(new VirtualConcurrency(7));

    @BeforeEach
    void tree() {
        create(nas, "tank/data", "tank/data/a", "tank/data/a/b");
        write(nas, "tank/data", "f", "one");
        snapshot(nas, "tank/data@1");
    }

    private static ReplicationRequest request(UnaryOperator<ReplicationRequest.Builder> change) {
        return change.apply(ReplicationRequest.of("tank/data", "backup/data").recursive(true))
                .build();
    }

    private ReplicationPlan planByAnn() {
        return byAnn.plan(request(b -> b));
    }

    private void grant(String source, String target) {
        if (!source.isEmpty()) {
            nas.allow("-u", "ann", source, "tank/data");
        }
        if (!target.isEmpty()) {
            vault.allow("-u", "ann", target, "backup");
        }
    }

    private static String without(String all, String permission) {
        List<String> rest = new ArrayList<>(Arrays.asList(all.split(",")));
        rest.remove(permission);
        return String.join(",", rest);
    }

    private static List<String> advice(ReplicationPlan plan) {
        return Advice.of(plan).stream().map(Advice::toString).toList();
    }

    private void follow(List<String> lines) {
        for (String line : lines) {
            Advice advice = Advice.in(line).findFirst().orElseThrow();
            FakeZfs root = advice.on().pool().value().equals("tank") ? nas : vault;
            root.allow("-u", advice.user(), advice.permissions(), advice.on().value());
        }
    }

    @ParameterizedTest(name = "{0} on the {1}")
    @CsvSource({"send,source", "create,target", "mount,target", "receive,target", "readonly,target"})
    void whatCannotBeDoneIsRefusedBeforeAnythingIsDone(String permission, String side) throws InterruptedException {
        boolean onSource = side.equals("source");
        grant(without(OF_SOURCE, onSource ? permission : ""), without(OF_TARGET, onSource ? "" : permission));
        String before = state();

        ReplicationPlan plan = planByAnn();
        ReplicationResult refused = byAnn.run(plan);

        String line = "zfs allow -u ann " + permission + " " + (onSource ? "tank/data" : "backup");
        assertThat(plan.datasets().get(0).decision()).isInstanceOfSatisfying(Decision.Refuse.class, no -> {
            assertThat(no.reason()).isEqualTo(Decision.Reason.NO_PERMISSION);
            assertThat(no.why()).contains("ann", onSource ? "nas" : "vault", "lacks " + permission + " on ");
            assertThat(no.wayOut()).endsWith(line);
        });
        assertThat(plan.hasWork()).isFalse();
        assertThat(plan.toString()).contains(line);
        assertThat(refused.success()).isFalse();
        assertThat(state()).isEqualTo(before);

        follow(List.of(line));
        plan = planByAnn();
        assertThat(plan.warnings()).isEmpty();
        assertThat(plan.refused()).isZero();
        assertThat(byAnn.run(plan).success()).isTrue();
        assertThat(dataset(vault, COPY).readonly()).isTrue();
    }

    private String state() {
        StringBuilder all = new StringBuilder();
        for (FakeZfs host : List.of(nas, vault)) {
            for (String pool : List.of("tank", "backup")) {
                List<DatasetName> root = List.of(DatasetName.of(pool));
                all.append(host.execute(new ZfsCommand.ListDatasets(root, Scope.SUBTREE)))
                        .append(host.execute(new ZfsCommand.ListHistories(root, Scope.SUBTREE)));
            }
        }
        return all.toString();
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

    @Test
    void noSnapshotIsTakenWhereNothingMayBeSent() throws InterruptedException {
        grant(OF_SOURCE, "");

        byAnn.run(byAnn.plan(request(b -> b.takeSnapshot("now"))));

        assertThat(labels(nas, "tank/data")).containsExactly("1");
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
