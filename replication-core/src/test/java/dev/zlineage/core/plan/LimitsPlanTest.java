// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.observe.Limits;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What may be created on the target, for a user who is held to its limits. */
class LimitsPlanTest {

    private static final DatasetName BACKUP = DatasetName.of("backup");
    private static final Set<String> ALL =
            Set.of("create", "mount", "receive", "readonly", "rollback", "destroy", "canmount", "userprop", "volmode");

    private static ReplicationPlan plan(Seen seen, Limits limits, String... more) {
        Observation now = seen.now();
        Set<String> granted = new HashSet<>(ALL);
        granted.addAll(List.of(more));
        return Preflight.check(
                Planner.plan(
                        ReplicationRequest.of("tank/data", "backup/data")
                                .recursive(true)
                                .onDivergence(DivergencePolicy.ROLL_BACK)
                                .build(),
                        now),
                now,
                Permissions.ALL,
                new Permissions(
                        Optional.of("ann"),
                        List.of(new Permissions.Grant(BACKUP, Permissions.Reach.HERE_AND_BELOW, granted))),
                limits);
    }

    private static Limits snapshots(String on, long left) {
        return new Limits(Map.of(Limits.SNAPSHOTS, Map.of(DatasetName.of(on), left)));
    }

    private static Limits datasets(String on, long left) {
        return new Limits(Map.of(Limits.DATASETS, Map.of(DatasetName.of(on), left)));
    }

    private static Seen increments() {
        return new Seen()
                .target("backup", "")
                .source("tank/data", "@a @b @c")
                .source("tank/data/x", "@a @b")
                .target("backup/data", "@a")
                .target("backup/data/x", "@a");
    }

    @Test
    void whatFillsALimitIsSentAndOneMoreIsNot() {
        assertThat(plan(increments(), snapshots("backup", 3)).refused()).isZero();

        ReplicationPlan plan = plan(increments(), snapshots("backup", 2));

        assertThat(plan.refused()).as("the first takes what there is").isEqualTo(1);
        assertThat(plan.toString())
                .contains("it brings 1 snapshot, and snapshot_limit of backup leaves 0")
                .contains("raise it (zfs set snapshot_limit=... backup), or destroy what is not needed there");
        assertThat(plan(increments(), snapshots("backup", 1)).toString())
                .contains("it brings 2 snapshots, and snapshot_limit of backup leaves 1");
    }

    @Test
    void aLimitCountsBelowWhereItIsSetAndNowhereElse() {
        assertThat(plan(increments(), snapshots("backup/data/x", 0)).refused()).isEqualTo(1);
        assertThat(plan(increments(), snapshots("backup/other", 0)).refused()).isZero();
    }

    @Test
    void whoMayChangeALimitIsNotHeldToIt() {
        assertThat(plan(increments(), snapshots("backup", 0), Limits.SNAPSHOTS).refused())
                .isZero();
    }

    @Test
    void whatIsRolledBackMakesRoom() {
        Seen seen =
                new Seen().target("backup", "").source("tank/data", "@a @b @c").target("backup/data", "@a @own @more");

        assertThat(plan(seen, snapshots("backup", 0)).refused()).isZero();
    }

    @Test
    void newDatasetsCountAndThoseThatAreThereDoNot() {
        Seen anew = new Seen().target("backup", "").source("tank/data", "@a").source("tank/data/x", "@a");

        assertThat(plan(anew, datasets("backup", 2)).refused()).isZero();
        assertThat(plan(anew, datasets("backup", 1)).toString())
                .contains("it brings 1 dataset, and filesystem_limit of backup leaves 0");
        assertThat(plan(increments(), datasets("backup", 0)).refused()).isZero();
    }
}
