// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.permission;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.testkit.FakeZfs;
import org.junit.jupiter.api.DisplayName;

@DisplayName("the fake, an unprivileged user")
class PermissionCasesOnFakeTest extends PermissionCases {

    private final FakeZfs host = FakeZfs.openzfs23();

    @Override
    protected Zfs open(String user) {
        return user.equals("root") ? host : host.as(user);
    }

    @Override
    protected void allow(String permissions, DatasetName dataset) {
        host.allow("-u", "nasadmin", permissions, dataset.value());
    }

    @Override
    protected void unallow(DatasetName dataset) {
        host.unallow("-u", "nasadmin", dataset.value());
    }

    @Override
    protected void createEncrypted(DatasetName name) {
        host.createEncrypted(name, "correct horse");
    }

    @Override
    protected void write(DatasetName filesystem, String file) {
        host.write(filesystem, file, new byte[100_000]);
    }
}
