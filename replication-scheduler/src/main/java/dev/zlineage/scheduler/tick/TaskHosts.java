// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.scheduler.task.TaskTransport;

/**
 * Opens the hosts that tasks are about. Asked again for the same, it answers the same; whoever made it closes them.
 * Implementations are used by one thread.
 */
public interface TaskHosts {

    /**
     * This host: where snapshots are taken, what push tasks send from and pull tasks receive into.
     *
     * @return a host that is open
     */
    Zfs here();

    /**
     * The other side of a task.
     *
     * @param transport how to get there
     * @return a host that is open; for {@link TaskTransport.Local} this one
     * @throws dev.zlineage.core.select.InvalidRequestException if the transport can't be used as it is defined
     * @throws dev.zlineage.core.zfs.ZfsException if the host can't be opened
     */
    Zfs there(TaskTransport transport);
}
