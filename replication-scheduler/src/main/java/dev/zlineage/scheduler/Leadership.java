// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which of several services on one store begins jobs. The others stand by, and one of them takes over when it has heard nothing
 * for a while, by a clock that nobody sets.
 */
final class Leadership {

    private final TaskStore store;
    private final String node;
    private final LongSupplier nanoTime;
    private final ServiceListener listener;

    /** When this one was last told that it leads, in nanoseconds; empty if it does not. */
    private Optional<Long> ledAt = Optional.empty();

    /** What another one that leads said last, and when that was first heard. */
    private Optional<Instant> heard = Optional.empty();

    private long heardAt;
    private boolean standsBy;

    Leadership(TaskStore store, String node, LongSupplier nanoTime, ServiceListener listener) {
        this.store = store;
        this.node = node;
        this.nanoTime = nanoTime;
        this.listener = listener;
    }

    /**
     * Whether this one leads. Asks the store now and then.
     *
     * @param gained what is to be done when it leads from now on
     */
    boolean leads(Instant now, Runnable gained) {
        long nanos = nanoTime.getAsLong();
        if (ledAt.filter(at -> nanos - at < Dispatcher.LEASE.toNanos() / 2).isPresent()) {
            return true;
        }
        boolean led = ledAt.isPresent();
        Optional<Instant> silent = heard.filter(said -> nanos - heardAt >= Dispatcher.LEASE.toNanos());
        Optional<Instant> other = store.lead(node, now, silent);
        if (!other.equals(heard)) {
            heard = other;
            heardAt = nanos;
        }
        ledAt = other.isEmpty() ? Optional.of(nanos) : Optional.empty();
        if (ledAt.isEmpty() && !standsBy) {
            standsBy = true;
            listener.on(new ServiceEvent.StandsBy(now));
        } else if (ledAt.isPresent() && !led) {
            if (standsBy) {
                listener.on(new ServiceEvent.TookOver(now));
            }
            standsBy = false;
            gained.run();
        }
        return ledAt.isPresent();
    }

    /** Lets another one lead at once. */
    void resign() {
        store.resign(node);
    }
}
