// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.scheduler.task.TaskTransport;
import java.util.Locale;

/**
 * A host as far as a definition tells it: by name and port, whoever logs in. Two names of one host are two.
 *
 * @param address empty for this host
 * @param transport one way to get there
 */
record HostKey(String address, TaskTransport transport) {

    static final HostKey HERE = new HostKey("", new TaskTransport.Local());

    static HostKey of(TaskTransport transport) {
        return transport instanceof TaskTransport.Ssh ssh
                ? new HostKey(ssh.host().toLowerCase(Locale.ROOT) + (ssh.port() == 22 ? "" : ":" + ssh.port()), ssh)
                : HERE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostKey that && address.equals(that.address);
    }

    @Override
    public int hashCode() {
        return address.hashCode();
    }

    @Override
    public String toString() {
        return address.isEmpty() ? "this host" : address;
    }
}
