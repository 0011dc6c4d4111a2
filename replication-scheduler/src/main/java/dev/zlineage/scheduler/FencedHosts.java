// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.scheduler.tick.TaskHosts;

/** Hosts on which a job changes nothing any more once somebody else has taken it over. */
record FencedHosts(TaskHosts hosts, TaskRunner.RunningJob job) implements TaskHosts {

    @Override
    public Zfs here() {
        return new FencedZfs(hosts.here(), job::stillMine);
    }

    @Override
    public Zfs there(TaskTransport transport) {
        return new FencedZfs(hosts.there(transport), job::stillMine);
    }
}
