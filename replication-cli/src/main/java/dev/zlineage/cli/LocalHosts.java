// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.local.LocalOptions;
import java.util.List;

/** This host, and others by SSH. */
final class LocalHosts implements Hosts {

    @Override
    public Zfs open(List<String> zfs) {
        return LocalHost.open(LocalOptions.DEFAULT.withZfsProgram(zfs.toArray(String[]::new)));
    }
}
