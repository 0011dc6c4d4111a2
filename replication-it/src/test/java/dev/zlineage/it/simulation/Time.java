// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.testkit.VirtualConcurrency;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** The one clock of a life. Each run has threads of its own, and goes on where the one before ended. */
final class Time implements InstantSource {

    private long passed;

    @Override
    public Instant instant() {
        return VirtualConcurrency.START.plusNanos(passed);
    }

    /** Somebody takes his time. */
    void pass(Duration duration) {
        passed += duration.toNanos();
    }

    /** The threads of one run. */
    Concurrency run(long seed) {
        VirtualConcurrency threads = new VirtualConcurrency(seed);
        long begun = passed;
        return new Concurrency() {
            private long nanos() {
                passed = begun + threads.nanoTime();
                return passed;
            }

            @Override
            public Instant now() {
                return VirtualConcurrency.START.plusNanos(nanos());
            }

            @Override
            public long nanoTime() {
                return nanos();
            }

            @Override
            public Optional<String> clock() {
                return Optional.of("the clock of this life");
            }

            @Override
            public double random() {
                return threads.random();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                threads.sleep(duration);
                nanos();
            }

            @Override
            public Fork fork(String name, Runnable body) {
                return threads.fork(name, body);
            }

            @Override
            public <T> Mailbox<T> mailbox() {
                return threads.mailbox();
            }
        };
    }
}
