// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.StreamForm;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.testkit.lab.OpenZfsLab;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.local.LocalOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pools that are not as others: one that can't be written, one that lacks features. */
@Tag("lab")
class LabPoolsTest {

    private final OpenZfsLab guest = OpenZfsLab.shared();

    @Test
    @DisplayName("a pool that is imported read-only is a source, and it is told what is lost")
    void replicatesFromAReadOnlyPool() throws InterruptedException {
        guest.sh("""
                truncate -s 128M /var/tmp/ro.img; zpool create ro /var/tmp/ro.img; zfs create ro/a; zfs snapshot ro/a@1
                zpool export ro; zpool import -d /var/tmp -o readonly=on ro
                """);
        try {
            Zfs root = LocalHost.open(
                    LocalOptions.DEFAULT.withZfsProgram(guest.zfsProgram().toString()));
            DatasetName copy = DatasetName.of("backup/from-ro");

            Replication replication = Replication.between(root, root);
            ReplicationResult result = replication.run(
                    replication.plan(ReplicationRequest.of("ro/a", copy.value()).build()));

            assertThat(result.success()).as("%s", result).isTrue();
            assertThat(result.warnings()).singleElement().asString().contains("its pool is read-only");
        } finally {
            // what has just been sent from it keeps a pool busy for a moment
            guest.sh("for i in $(seq 40); do ! zpool export ro || break; sleep 0.5; done;"
                    + " ! zpool list ro 2> /dev/null; rm /var/tmp/ro.img; zfs destroy -r backup/from-ro");
        }
    }

    @Test
    @DisplayName("a pool without features refuses what needs them, and that is known before")
    void lacksFeatures() throws InterruptedException {
        guest.sh("""
                truncate -s 128M /var/tmp/old.img
                zpool create -o feature@encryption=disabled -o feature@large_blocks=disabled \\
                    -o feature@large_microzap=disabled old /var/tmp/old.img
                zfs create -o recordsize=1M backup/wide; head -c 1M /dev/urandom > /backup/wide/f
                echo correct horse | zfs create -o encryption=on -o keyformat=passphrase backup/wide/secret
                zfs snapshot -r backup/wide@1
                """);
        try (Zfs root = LocalHost.open(
                LocalOptions.DEFAULT.withZfsProgram(guest.zfsProgram().toString()))) {
            Replication replication = Replication.between(root, root);
            ReplicationRequest.Builder request =
                    ReplicationRequest.of("backup/wide", "old/wide").recursive(true);
            ReplicationPlan plan = replication.plan(request.build());

            assertThat(plan.warnings()).singleElement().asString().contains("large_blocks", "=enabled old");
            assertThat(plan.datasets().get(1).decision().toString()).contains("FEATURE_MISSING");
            ReplicationResult result = replication.run(plan);
            assertThat(result.toString()).as("what was warned of").contains("pool must be upgraded");

            ReplicationPlan split = replication.plan(
                    request.form(new StreamForm(false, true, false)).build());
            assertThat(split.warnings()).isEmpty();
            assertThat(replication.run(split).count(DatasetResult.Outcome.Replicated.class))
                    .isEqualTo(1);
        } finally {
            guest.sh("zpool destroy old; rm /var/tmp/old.img; zfs destroy -r backup/wide");
        }
    }
}
