// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.service;

import dev.zlineage.core.concurrency.Concurrency;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Real threads on a clock of its own that runs faster than the real one, and is the same one in several processes. */
public final class HurriedConcurrency implements Concurrency {

    private static final long NANOS_A_MILLI = 1_000_000;

    private final Concurrency real = Concurrency.system();
    private final Instant realBegin;
    private final Instant begin;
    private final int times;

    /**
     * A clock.
     *
     * @param realBegin a moment of the real clock
     * @param begin what this one shows at that moment
     * @param times how much faster it is
     */
    public HurriedConcurrency(Instant realBegin, Instant begin, int times) {
        this.realBegin = realBegin;
        this.begin = begin;
        this.times = times;
    }

    @Override
    public Instant now() {
        return begin.plus(Duration.between(realBegin, real.now()).multipliedBy(times));
    }

    @Override
    public long nanoTime() {
        return real.nanoTime() * times;
    }

    @Override
    public double random() {
        return real.random();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        real.sleep(really(duration));
    }

    @Override
    public Fork fork(String name, Runnable body) {
        return real.fork(name, body);
    }

    @Override
    public <T> Mailbox<T> mailbox() {
        Mailbox<T> box = real.mailbox();
        return new Mailbox<>() {
            @Override
            public void post(T message) {
                box.post(message);
            }

            @Override
            public T take() throws InterruptedException {
                return box.take();
            }

            @Override
            public Optional<T> poll(Duration atMost) throws InterruptedException {
                return box.poll(really(atMost));
            }
        };
    }

    private Duration really(Duration hurried) {
        // at least a moment, so that a wait of almost nothing is no busy loop
        return hurried.isZero() ? hurried : hurried.dividedBy(times).plusNanos(NANOS_A_MILLI);
    }
}
