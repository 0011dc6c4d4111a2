// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.scheduler.HostsSupplier;
import dev.zlineage.scheduler.task.TaskTransport;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The hosts of a definition, each opened once. Nothing is connected before it is needed. */
final class DefinitionHosts implements HostsSupplier.OpenHosts {

    private final Hosts hosts;
    private final HostOptions options;
    private final LoginOptions login;
    private final Map<TaskTransport, Zfs> there = new HashMap<>();
    private @Nullable Zfs here;

    DefinitionHosts(Hosts hosts, HostOptions options, LoginOptions login) {
        this.hosts = hosts;
        this.options = options;
        this.login = login;
    }

    @Override
    public Zfs here() {
        Zfs open = here;
        if (open == null) {
            open = hosts.open(options.zfs());
            here = open;
        }
        return open;
    }

    @Override
    public Zfs there(TaskTransport transport) {
        if (!(transport instanceof TaskTransport.Ssh ssh)) {
            return here();
        }
        return there.computeIfAbsent(ssh, key -> hosts.open(login.endpoint(ssh)));
    }

    @Override
    public void close() {
        there.values().forEach(Zfs::close);
        if (here != null) {
            here.close();
        }
    }
}
