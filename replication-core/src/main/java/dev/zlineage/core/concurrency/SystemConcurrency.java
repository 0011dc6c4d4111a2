// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.concurrency;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one class of core that touches threads and clocks. */
final class SystemConcurrency implements Concurrency {

    static final SystemConcurrency INSTANCE = new SystemConcurrency();

    private static final Logger LOG = LoggerFactory.getLogger(Concurrency.class);

    private SystemConcurrency() {}

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    @Override
    public Fork fork(String name, Runnable body) {
        Thread thread = new Thread(body, "zlineage-" + name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((at, thrown) -> LOG.error("{} failed", at.getName(), thrown));
        thread.start();
        return new Fork() {
            @Override
            public void join() throws InterruptedException {
                thread.join();
            }

            @Override
            public void interrupt() {
                thread.interrupt();
            }
        };
    }

    @Override
    public <T> Mailbox<T> mailbox() {
        BlockingQueue<T> queue = new LinkedBlockingQueue<>();
        return new Mailbox<>() {
            @Override
            public void post(T message) {
                queue.add(message);
            }

            @Override
            public T take() throws InterruptedException {
                return queue.take();
            }

            @Override
            public Optional<T> poll(Duration atMost) throws InterruptedException {
                return Optional.ofNullable(queue.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
            }
        };
    }
}
