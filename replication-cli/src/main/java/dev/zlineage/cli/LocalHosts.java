// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.local.LocalOptions;
import java.nio.file.Path;
import java.util.List;

/** This host, and others by SSH. */
final class LocalHosts implements Hosts {

    @Override
    public Zfs open(List<String> zfs) {
        return LocalHost.open(LocalOptions.DEFAULT.withZfsProgram(zfs.toArray(String[]::new)));
    }

    /** Not below /run/lock, where everybody may make a directory of this name before root does. */
    @Override
    public List<Path> locks() {
        return List.of(
                Path.of("/run/zlineage"),
                Path.of(System.getProperty("user.home", "."), ".local", "state", "zlineage", "locks"));
    }
}
