// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.it.permission.Advice;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;

/** Two hosts, used by somebody who may do on them what root has granted; root still comes by the other doors. */
abstract class AsAnn extends TwoFakes {

    /** What {@code docs/permissions.md} tells to grant on either side. */
    static final String OF_SOURCE = "bookmark,destroy,hold,release,send,snapshot";

    static final String OF_TARGET = "canmount,create,mount,readonly,receive";

    final FakeZfs nasAnn = nas.as("ann", "staff");
    final FakeZfs vaultAnn = vault.as("ann");
    Replication byAnn = Replication.between(nasAnn, vaultAnn).with(new VirtualConcurrency(7));

    @BeforeEach
    void data() {
        create(nas, "tank/data", "tank/data/a", "tank/data/a/b");
        write(nas, "tank/data", "f", "one");
        snapshot(nas, "tank/data@1");
    }

    static ReplicationRequest request(UnaryOperator<ReplicationRequest.Builder> change) {
        return change.apply(ReplicationRequest.of("tank/data", "backup/data").recursive(true))
                .build();
    }

    ReplicationPlan planByAnn() {
        return byAnn.plan(request(b -> b));
    }

    void grant(String source, String target) {
        if (!source.isEmpty()) {
            nas.allow("-u", "ann", source, "tank/data");
        }
        if (!target.isEmpty()) {
            vault.allow("-u", "ann", target, "backup");
        }
    }

    static String without(String all, String permission) {
        List<String> rest = new ArrayList<>(Arrays.asList(all.split(",")));
        rest.remove(permission);
        return String.join(",", rest);
    }

    static List<String> advice(ReplicationPlan plan) {
        return Advice.of(plan).stream().map(Advice::toString).toList();
    }

    void follow(List<String> lines) {
        for (String line : lines) {
            Advice advice = Advice.in(line).findFirst().orElseThrow();
            FakeZfs root = advice.on().pool().value().equals("tank") ? nas : vault;
            root.allow("-u", advice.user(), advice.permissions(), advice.on().value());
        }
    }

    /** One permission lacks, and is granted as the plan says. */
    void assertRefusedBeforeAnythingIsDone(String permission, boolean onSource) throws InterruptedException {
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
}
