// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.local.LocalOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A source on which nothing can be written, not even by root. */
@Tag("lab")
class LabReadOnlyPoolTest {

    private final LabGuest guest = LabGuest.shared();

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
}
