// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.transport.CommandRunner;
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
     * @throws dev.zlineage.core.select.InvalidRequestException if the system's {@code ssh} can't be given a path of the
     *     endpoint
     * @throws java.io.UncheckedIOException if no private folder for the sockets of that program can be made
     */
    public static Zfs open(SshEndpoint endpoint, SshOptions options) {
        CommandRunner runner = switch (endpoint.client()) {
            case LIBRARY -> new SshjCommandRunner(endpoint, options);
            case SYSTEM -> new SystemSshCommandRunner(endpoint, options);
        };
        return new CommandZfs(runner, endpoint.zfs());
    }
}
