// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.local;

import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.core.zfs.Zfs;

/** The OpenZFS of this host. Streams between two programs of this host share a kernel pipe. */
public final class LocalHost {

    private LocalHost() {}

    /**
     * The {@code zfs} of the search path. Nothing is run yet.
     *
     * @return this host
     */
    public static Zfs open() {
        return open(LocalOptions.DEFAULT);
    }

    /**
     * A {@code zfs} of one's choice. Nothing is run yet.
     *
     * @param options how to run it
     * @return this host
     */
    public static Zfs open(LocalOptions options) {
        return new CommandZfs(new LocalCommandRunner(options), options.zfsProgram());
    }

    /**
     * Runs other programs of this host in the same manner: without a shell, with a limit of time, what they read passed on
     * their standard input.
     *
     * @return a runner
     */
    public static CommandRunner programs() {
        return new LocalCommandRunner(LocalOptions.DEFAULT);
    }
}
