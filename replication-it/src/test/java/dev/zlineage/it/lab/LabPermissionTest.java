// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.it.permission.PermissionCases;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.local.LocalOptions;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same on real OpenZFS, by SSH as users come. */
@Tag("lab")
@DisplayName("real OpenZFS, an unprivileged user")
class LabPermissionTest extends PermissionCases {

    private final LabGuest guest = LabGuest.shared();

    @Override
    protected Zfs open(String user) {
        return SshHost.open(
                SshToGuestTest.endpoint(user, SshEndpoint.Client.LIBRARY).build());
    }

    @Override
    protected void allow(String permissions, DatasetName dataset) {
        guest.sh("zfs allow nasadmin \"$1\" \"$2\"", permissions, dataset.value());
    }

    @Override
    protected void unallow(DatasetName dataset) {
        guest.sh("zfs unallow nasadmin \"$1\"", dataset.value());
    }

    @Override
    protected void createEncrypted(DatasetName name) {
        guest.sh(
                "echo 'correct horse' | zfs create -o encryption=on -o keyformat=passphrase -o canmount=off \"$1\"",
                name.value());
    }

    @Override
    protected void write(DatasetName filesystem, String file) {
        guest.sh("""
                zfs mount "$1"
                head -c 100000 /dev/urandom > "$(zfs get -Ho value mountpoint "$1")/$2"
                zfs unmount "$1"
                """, filesystem.value(), file);
    }

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
