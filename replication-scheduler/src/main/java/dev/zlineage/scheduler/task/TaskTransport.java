// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.zfs.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where the other side of a task is. */
public sealed interface TaskTransport {

    /** On this host. */
    record Local() implements TaskTransport {

        @Override
        public String toString() {
            return "local";
        }
    }

    /**
     * On another host, over SSH.
     *
     * @param host its name or address
     * @param port the port of its SSH server
     * @param user whom to log in as
     * @param privateKey what to log in with; empty for the key that the program is set up with
     * @param hostKeys the keys that it may prove to be itself by, in the form of {@code known_hosts} without the name
     * @param connectTimeout how long a connection may take to come about
     * @param sudo whether {@code zfs} is run by sudo there; root does without
     * @param netcat what was said of a direct channel beside SSH; the task runs over plain SSH
     */
    record Ssh(
            String host,
            int port,
            String user,
            Optional<Secret> privateKey,
            List<String> hostKeys,
            Duration connectTimeout,
            boolean sudo,
            Optional<Netcat> netcat)
            implements TaskTransport {

        /** Copies the list. */
        public Ssh {
            hostKeys = List.copyOf(hostKeys);
        }

        @Override
        public String toString() {
            return netcat.isPresent() ? "ssh+netcat" : "ssh";
        }
    }

    /**
     * A channel beside SSH, in clear text.
     *
     * @param activeSide which side listens
     * @param leastPort the first port that it may take
     * @param mostPort the last
     */
    record Netcat(Optional<Side> activeSide, Optional<Integer> leastPort, Optional<Integer> mostPort) {

        void check(Checks here) {
            if (activeSide.isEmpty()) {
                here.refuse("active-side", "", "one side has to listen", "say local or remote");
            }
            leastPort.ifPresent(port -> here.number("active-side-min-port", port, 1, 65535));
            mostPort.ifPresent(port -> here.number("active-side-max-port", port, 1, 65535));
            if (leastPort.isPresent() && mostPort.isPresent() && leastPort.get() > mostPort.get()) {
                here.refuse(
                        "active-side-max-port",
                        mostPort.get(),
                        "it is less than the first port, " + leastPort.get(),
                        "give the ports in their order");
            }
        }
    }

    /** A side of a channel. */
    enum Side {
        /** This host. */
        LOCAL,
        /** The other one. */
        REMOTE
    }

    /**
     * Whether the other side is on another host.
     *
     * @return false for {@link Local}
     */
    default boolean remote() {
        return this instanceof Ssh;
    }
}
