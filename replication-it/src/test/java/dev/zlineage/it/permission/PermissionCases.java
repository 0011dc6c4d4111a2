// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.permission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What somebody who is not root may do, and what {@code zfs allow} changes. Runs on the fake and on OpenZFS, so that what the
 * plan is compared with is what OpenZFS asks for.
 */
public abstract class PermissionCases extends PermissionsOfThePort {

    private ReplicationResult replicate(Zfs from, DatasetName what, DatasetName to) throws InterruptedException {
        Replication replication = Replication.between(from, from);
        return replication.run(
                replication.plan(ReplicationRequest.of(what.value(), to.value()).build()));
    }

    @Test
    @DisplayName("who may only send and receive replicates all the same, by increments, and is told what is lost")
    void replicatesWithReducedRights() throws InterruptedException {
        allow("send", source);
        allow("create,mount,receive,readonly", target);
        DatasetName copy = target.child("copy");
        asRoot(new ZfsCommand.DestroySnapshots(source, List.of("2")));

        ReplicationResult first = replicate(zfs, source, copy);
        asRoot(new ZfsCommand.TakeSnapshots(List.of(snapshot("3")), Scope.SELF, Map.of()));
        ReplicationResult second = replicate(zfs, source, copy);

        assertThat(first.success()).as("%s", first).isTrue();
        assertThat(second.success()).as("%s", second).isTrue();
        assertThat(second.warnings()).anyMatch(w -> w.contains("zfs allow bookmark,hold,release,destroy"));
        assertThat(points(copy)).matches("@1 @3");
        assertThat(mark(copy))
                .as("without userprop the form of streams is not noted")
                .isEqualTo("-");
        allow("userprop", target);
        asRoot(new ZfsCommand.TakeSnapshots(List.of(snapshot("4")), Scope.SELF, Map.of()));
        assertThat(replicate(zfs, source, copy).success()).isTrue();
        assertThat(mark(copy)).endsWith(" Lc");
        assertThat(points(source)).isEqualTo("@1 #m @3 @4");
    }

    @Test
    @DisplayName(
            "a limit of snapshots or datasets holds who is not root, is known to the plan, and not where it may be changed")
    void limited() throws InterruptedException {
        allow("send", source);
        allow("create,mount,receive,readonly", target);
        DatasetName b = target.child("b");
        asRoot(new ZfsCommand.SetProperties(target, Map.of("snapshot_limit", "1", "filesystem_limit", "1")));
        assertThat(value(target, "snapshot_limit") + " " + value(target, "snapshot_count"))
                .isEqualTo("1 0");
        assertThat(value(target, "filesystem_limit") + " " + value(target, "filesystem_count"))
                .isEqualTo("1 0");
        assertThat(List.of(value(source, "snapshot_limit"), value(source, "snapshot_count")))
                .containsOnly("18446744073709551615");
        ReplicationRequest request =
                ReplicationRequest.of(source.value(), b.value()).build();
        ReplicationPlan plan = Replication.between(zfs, zfs).plan(request);
        assertThat(plan.toString()).contains("it brings 2 snapshots, and snapshot_limit of " + target + " leaves 1");

        assertThat(transfer(full(), ReceiveStream.into(b)).receiver()).isEmpty();
        SendStream increment = new SendStream.Increment(snapshot("1"), snapshot("2"), StreamMode.DEFAULT);
        assertThat(transfer(increment, ReceiveStream.into(b)).receiver()).contains(ZfsFailure.Kind.QUOTA);
        allow("snapshot_limit", target);
        assertThat(transfer(increment, ReceiveStream.into(b)).receiver()).isEmpty();
        assertThat(value(target, "filesystem_count")).isEqualTo("1");
        assertThat(transfer(full(), ReceiveStream.into(target.child("c"))).receiver())
                .contains(ZfsFailure.Kind.QUOTA);
        plan = Replication.between(zfs, zfs)
                .plan(ReplicationRequest.of(source.value(), target + "/c").build());
        assertThat(plan.toString()).contains("it brings 1 dataset, and filesystem_limit of " + target + " leaves 0");
    }

    private String value(DatasetName dataset, String property) {
        return zfs.execute(new ZfsCommand.GetProperties(List.of(dataset), List.of(property)))
                .orThrow()
                .get(0)
                .value();
    }

    private String mark(DatasetName dataset) {
        return value(dataset, StreamMark.PROPERTY);
    }

    /** Grants what plans ask for, until one asks for nothing more, and runs that. */
    private void followTheAdvice(ReplicationRequest request) throws InterruptedException {
        Replication replication = Replication.between(zfs, zfs);
        ReplicationPlan plan = replication.plan(request);
        assertThat(plan.refused()).as("%s", plan).isEqualTo(plan.datasets().size());
        int rounds = 0;
        while (!Advice.of(plan).isEmpty()) {
            assertThat(++rounds).as("%s", plan).isLessThanOrEqualTo(2);
            for (Advice line : Advice.of(plan)) {
                assertThat(line.user()).isEqualTo("nasadmin");
                allow(line.permissions(), line.on());
            }
            plan = replication.plan(request);
        }
        goesOn(request);
    }

    /** Nothing is found out only by trying. */
    private void goesOn(ReplicationRequest request) throws InterruptedException {
        Replication replication = Replication.between(zfs, zfs);
        ReplicationPlan plan = replication.plan(request);
        ReplicationResult result = replication.run(plan);
        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(result.warnings()).isEqualTo(plan.warnings());
        assertThat(replication.plan(request).hasWork()).isFalse();
    }

    @Test
    @DisplayName("from no rights at all, what a plan advises leads to runs without a warning in two rounds")
    void theAdviceIsEnough() throws InterruptedException {
        asRoot(
                new ZfsCommand.CreateFilesystem(source.child("below"), Map.of("canmount", "off")),
                new ZfsCommand.CreateVolume(source.child("volume"), 1 << 20, Map.of()),
                new ZfsCommand.TakeSnapshots(List.of(snapshot("3")), Scope.SUBTREE, Map.of()));
        ReplicationRequest request = ReplicationRequest.of(source.value(), target + "/of/copy")
                .recursive(true)
                .build();
        followTheAdvice(request);

        // the next run puts a new bookmark in the place of the old one
        asRoot(new ZfsCommand.TakeSnapshots(List.of(snapshot("4")), Scope.SUBTREE, Map.of()));
        goesOn(request);
    }

    @Test
    @DisplayName("it is enough for an encrypted dataset too, which is sent as it is")
    void encrypted() throws InterruptedException {
        DatasetName secret = source.child("secret");
        createEncrypted(secret);
        asRoot(new ZfsCommand.TakeSnapshots(List.of(secret.snapshot("1")), Scope.SELF, Map.of()));
        ReplicationRequest request =
                ReplicationRequest.of(secret.value(), target + "/secret").build();
        followTheAdvice(request);

        asRoot(new ZfsCommand.TakeSnapshots(List.of(secret.snapshot("2")), Scope.SELF, Map.of()));
        goesOn(request);
    }

    @Test
    @DisplayName("it is enough to roll back, to set aside and to start over")
    void diverged() throws InterruptedException {
        DatasetName copy = target.child("copy");
        ReplicationRequest.Builder request = ReplicationRequest.of(source.value(), copy.value());
        followTheAdvice(request.build());
        int taken = 2;
        for (DivergencePolicy policy :
                List.of(DivergencePolicy.ROLL_BACK, DivergencePolicy.SET_ASIDE, DivergencePolicy.START_OVER)) {
            taken++;
            asRoot(new ZfsCommand.SetProperties(copy, Map.of("readonly", "off")));
            write(copy, "of-its-own");
            unallow(target);
            unallow(copy);
            asRoot(
                    new ZfsCommand.TakeSnapshots(List.of(copy.snapshot("own" + taken)), Scope.SELF, Map.of()),
                    new ZfsCommand.TakeSnapshots(List.of(snapshot("" + taken)), Scope.SELF, Map.of()));
            followTheAdvice(request.onDivergence(policy).build());
        }
    }
}
