// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

/**
 * Told what goes over the network, to count it. Each is called on whatever thread does the work, so an implementation is
 * safe for use by several threads, and quick.
 */
public interface SshListener {

    /** Hears nothing. */
    SshListener NONE = new SshListener() {};

    /**
     * A connection was made and the user logged in; with a jump host, once for each of the two.
     *
     * @param host where
     */
    default void handshake(SshEndpoint host) {}

    /**
     * A list of control commands was sent, which is one remote exec.
     *
     * @param host where to
     */
    default void roundTrip(SshEndpoint host) {}

    /**
     * A stream was started, which is one remote exec.
     *
     * @param host where
     */
    default void stream(SshEndpoint host) {}
}
