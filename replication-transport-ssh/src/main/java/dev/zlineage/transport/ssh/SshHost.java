// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.zfs.Zfs;

/**
 * The OpenZFS of another host.
 *
 * <pre>{@code
 * try (Zfs here = LocalHost.open(); Zfs there = SshHost.open(nas)) {
 *     Replication push = Replication.between(here, there);
 * }
 * }</pre>
 */
public final class SshHost {

    private SshHost() {}

    /**
     * A host with every default. Nothing is connected yet.
     *
     * @param endpoint how to get there
     * @return that host
     */
    public static Zfs open(SshEndpoint endpoint) {
        return open(endpoint, SshOptions.DEFAULT);
    }

    /**
     * A host. Nothing is connected yet: a host that can't be reached, or does not let us in, is told by the first command.
     *
     * @param endpoint how to get there
     * @param options with which limits and threads
     * @return that host
     */
    public static Zfs open(SshEndpoint endpoint, SshOptions options) {
        return new CommandZfs(new SshjCommandRunner(endpoint, options), endpoint.zfs());
    }
}
