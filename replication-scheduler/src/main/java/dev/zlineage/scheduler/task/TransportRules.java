// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

/** What can be meant of a transport. */
final class TransportRules {

    private TransportRules() {}

    static void check(TaskTransport transport, Checks checks) {
        if (!(transport instanceof TaskTransport.Ssh ssh)) {
            return;
        }
        Checks here = checks.below("transport");
        if (ssh.host().isBlank()) {
            here.refuse("hostname", ssh.host(), "it is empty", "name the other host");
        }
        here.number("port", ssh.port(), 1, 65535);
        if (ssh.hostKeys().isEmpty()) {
            here.refuse(
                    "host-key",
                    "",
                    "without it anybody could pose as " + ssh.host(),
                    "give what 'ssh-keyscan -t ed25519 " + ssh.host() + "' prints behind the name");
        }
        here.positive("connect-timeout", ssh.connectTimeout(), "PT10S");
        ssh.netcat().ifPresent(netcat -> netcat.check(here));
    }
}
