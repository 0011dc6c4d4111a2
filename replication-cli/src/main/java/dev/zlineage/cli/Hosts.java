// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import java.nio.file.Path;
import java.util.List;

/** Opens the hosts that a command works on. */
@FunctionalInterface
interface Hosts {

    /**
     * Opens this host.
     *
     * @param zfs the program and the words before its arguments, such as {@code sudo -n zfs}
     * @return the host, to be closed
     */
    Zfs open(List<String> zfs);

    /**
     * Runs other programs of this host.
     *
     * @return a runner; closing it ends what still runs
     */
    default CommandRunner programs() {
        return LocalHost.programs();
    }

    /**
     * Where runs on these hosts can tell each other what they write into.
     *
     * @return directories, of which the first that can be used is; empty for hosts that nobody else works on
     */
    default List<Path> locks() {
        return List.of();
    }

    /**
     * Opens another host. Nothing is connected yet.
     *
     * @param endpoint how to get there
     * @return the host, to be closed
     */
    default Zfs open(SshEndpoint endpoint) {
        return SshHost.open(endpoint);
    }
}
