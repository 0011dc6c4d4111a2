// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.it.permission.PermissionCases;
import dev.zlineage.testkit.lab.OpenZfsLab;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

/** The same on real OpenZFS, by SSH as users come. */
@Tag("lab")
@Tag("long")
@DisplayName("real OpenZFS, an unprivileged user")
class LabPermissionTest extends PermissionCases {

    private final OpenZfsLab guest = OpenZfsLab.shared();

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
}
