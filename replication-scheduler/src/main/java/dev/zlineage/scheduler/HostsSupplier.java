// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.scheduler.tick.TaskHosts;

/** Opens hosts for one job. Safe for use by several threads. */
@FunctionalInterface
public interface HostsSupplier {

    /**
     * Opens nothing yet: the hosts are opened as they are asked for.
     *
     * @return hosts that the job closes
     */
    OpenHosts open();

    /** The hosts of one job. */
    interface OpenHosts extends TaskHosts, AutoCloseable {

        @Override
        void close();
    }
}
