// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import dev.zlineage.core.concurrency.Concurrency;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * How many bytes a second may go through, over all transfers that share it. Safe for use by several threads, without a lock:
 * all that is kept is the moment until which the allowance is spent.
 */
public final class RateLimit {

    /** The least that makes sense: streams have to move often enough not to be taken for dead. */
    public static final long LEAST = 1024;

    private static final double SECOND = 1_000_000_000;

    /** What was not used is kept for so long, so that a pause for a disk costs nothing. */
    private static final long KEPT = Duration.ofMillis(250).toNanos();

    private static final int MOST_AT_ONCE = 64 * 1024;

    private final Concurrency concurrency;
    private final Function<Instant, Optional<Long>> bytesPerSecond;
    private final long origin;
    private final AtomicLong spentUntil = new AtomicLong();

    /**
     * A limit.
     *
     * @param concurrency whose time it goes by
     * @param bytesPerSecond at least {@link #LEAST}
     */
    public RateLimit(Concurrency concurrency, long bytesPerSecond) {
        this(concurrency, always(bytesPerSecond));
    }

    /**
     * A limit that changes with time, also under a transfer that is under way.
     *
     * @param concurrency whose time it goes by
     * @param bytesPerSecond what may move in a second at a moment, at least {@link #LEAST}; empty for as much as there is. Asked for
     *     each buffer
     */
    public RateLimit(Concurrency concurrency, Function<Instant, Optional<Long>> bytesPerSecond) {
        this.concurrency = concurrency;
        this.bytesPerSecond = bytesPerSecond;
        this.origin = concurrency.nanoTime();
    }

    private static Function<Instant, Optional<Long>> always(long bytesPerSecond) {
        if (bytesPerSecond < LEAST) {
            throw new IllegalArgumentException(bytesPerSecond + " bytes a second are fewer than " + LEAST);
        }
        Optional<Long> limit = Optional.of(bytesPerSecond);
        return moment -> limit;
    }

    private Optional<Long> limit() {
        return bytesPerSecond.apply(concurrency.now());
    }

    /** How much to move at once, so that a slow stream is a steady one: an eighth of a second's worth. */
    int chunk() {
        return limit().map(limit -> (int) Math.max(1, Math.min(MOST_AT_ONCE, limit / 8)))
                .orElse(MOST_AT_ONCE);
    }

    /** Spends the allowance for some bytes; they may be moved after so long. */
    Duration spend(int bytes) {
        long now = concurrency.nanoTime() - origin;
        long cost = limit().map(limit -> (long) (bytes * SECOND / limit)).orElse(0L);
        long until = spentUntil.updateAndGet(spent -> Math.max(spent, now - KEPT) + cost);
        return Duration.ofNanos(Math.max(0, until - now));
    }
}
