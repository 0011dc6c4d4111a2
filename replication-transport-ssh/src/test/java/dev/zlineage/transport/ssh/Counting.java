// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts what goes over the network. */
final class Counting implements SshListener {

    final AtomicInteger handshakes = new AtomicInteger();
    final AtomicInteger roundTrips = new AtomicInteger();
    final AtomicInteger streams = new AtomicInteger();

    SshOptions options() {
        return SshOptions.DEFAULT.withListener(this);
    }

    @Override
    public void handshake(SshEndpoint host) {
        handshakes.incrementAndGet();
    }

    @Override
    public void roundTrip(SshEndpoint host) {
        roundTrips.incrementAndGet();
    }

    @Override
    public void stream(SshEndpoint host) {
        streams.incrementAndGet();
    }

    @Override
    public String toString() {
        return handshakes + " handshakes, " + roundTrips + " round trips, " + streams + " streams";
    }
}
