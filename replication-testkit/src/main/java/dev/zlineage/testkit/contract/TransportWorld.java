// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import dev.zlineage.core.transport.CommandRunner;
import java.time.Duration;
import java.util.OptionalInt;

/** A host on which {@link TransportContractTest} runs: one with a POSIX shell and the usual programs. */
public interface TransportWorld {

    /**
     * A new way to that host. The suite closes it.
     *
     * @param commandTimeout how long a command may take
     * @return a runner of its own
     */
    CommandRunner open(Duration commandTimeout);

    /**
     * How many round trips the host has seen, if it can tell.
     *
     * @return remote commands since the host was started; empty where nobody counts
     */
    default OptionalInt roundTrips() {
        return OptionalInt.empty();
    }
}
