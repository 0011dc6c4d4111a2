// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.concurrency;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * All the time, threads and waiting that replication uses. The engine starts no thread, reads no clock and takes no lock of
 * its own, so that a test can give it a virtual clock and one interleaving that a seed decides.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface Concurrency {

    /**
     * The time of day, for labels and reports, never for order.
     *
     * @return now
     */
    Instant now();

    /**
     * A clock that only goes forward, for durations.
     *
     * @return nanoseconds since some moment
     */
    long nanoTime();

    /**
     * Names the clock of {@link #nanoTime}: times of clocks of one name can be compared, also between programs.
     *
     * @return empty where nobody knows
     */
    default Optional<String> clock() {
        return Optional.empty();
    }

    /**
     * A number by chance, to spread what would happen at the same time. Never an identity.
     *
     * @return at least 0, less than 1
     */
    double random();

    /**
     * Waits.
     *
     * @param duration how long
     * @throws InterruptedException if the thread is interrupted
     */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Runs something beside the caller. What it throws is lost but for a line in the log, so it should throw nothing.
     *
     * @param name what to call it
     * @param body what to run
     * @return a handle to wait for it
     */
    Fork fork(String name, Runnable body);

    /**
     * A queue without bounds between the forks of this concurrency.
     *
     * @param <T> what is put in it
     * @return an empty one
     */
    <T> Mailbox<T> mailbox();

    /** Something that runs beside its starter. */
    interface Fork {

        /**
         * Waits until it has ended.
         *
         * @throws InterruptedException if the waiting thread is interrupted
         */
        void join() throws InterruptedException;

        /** Interrupts it. */
        void interrupt();
    }

    /**
     * A queue without bounds.
     *
     * @param <T> what is put in it
     */
    interface Mailbox<T> {

        /**
         * Puts something at the end; never waits.
         *
         * @param message what
         */
        void post(T message);

        /**
         * Takes the first, and waits for it.
         *
         * @return the first
         * @throws InterruptedException if the thread is interrupted
         */
        T take() throws InterruptedException;

        /**
         * Takes the first, and waits for it no longer than a while.
         *
         * @param atMost how long
         * @return the first, or empty when none came
         * @throws InterruptedException if the thread is interrupted
         */
        Optional<T> poll(Duration atMost) throws InterruptedException;
    }

    /**
     * The real clock and platform threads, which end with their work. The threads are daemons.
     *
     * @return the one to use outside of tests
     */
    static Concurrency system() {
        return SystemConcurrency.INSTANCE;
    }
}
