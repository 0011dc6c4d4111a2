// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.concurrency.Concurrency;
import java.time.Duration;

/**
 * What a host on SSH is opened with beside its endpoint.
 *
 * @param commandTimeout how long a list of control commands may take; streams are not concerned
 * @param concurrency where threads and time come from
 * @param listener told what goes over the network
 */
public record SshOptions(Duration commandTimeout, Concurrency concurrency, SshListener listener) {

    /** One hour for a list of commands, real threads, nobody listens. */
    public static final SshOptions DEFAULT =
            new SshOptions(Duration.ofHours(1), Concurrency.system(), SshListener.NONE);

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if there is no time
     */
    public SshOptions {
        if (commandTimeout.isZero() || commandTimeout.isNegative()) {
            throw new IllegalArgumentException("a timeout of " + commandTimeout + " leaves no time");
        }
    }

    /**
     * The same with another timeout.
     *
     * @param timeout how long a list of control commands may take
     * @return a changed copy
     */
    public SshOptions withCommandTimeout(Duration timeout) {
        return new SshOptions(timeout, concurrency, listener);
    }

    /**
     * The same with other threads and another clock.
     *
     * @param other where to take them from
     * @return a changed copy
     */
    public SshOptions withConcurrency(Concurrency other) {
        return new SshOptions(commandTimeout, other, listener);
    }

    /**
     * The same with a listener.
     *
     * @param other told what goes over the network
     * @return a changed copy
     */
    public SshOptions withListener(SshListener other) {
        return new SshOptions(commandTimeout, concurrency, other);
    }
}
