// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.concurrency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one class of core that touches threads and clocks. */
final class SystemConcurrency implements Concurrency {

    private static final Logger LOG = LoggerFactory.getLogger(Concurrency.class);

    static final SystemConcurrency INSTANCE = new SystemConcurrency();

    private final Optional<String> clock = Optional.of(nameOfClock());

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
    public Optional<String> clock() {
        return clock;
    }

    /**
     * On Linux {@link System#nanoTime} is {@code CLOCK_MONOTONIC}, which all programs of a boot and of a time namespace share.
     * Elsewhere it is a clock of this program alone.
     */
    private static String nameOfClock() {
        try {
            return "boot "
                    + Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                            .strip() + " " + Files.readSymbolicLink(Path.of("/proc/self/ns/time"));
        } catch (IOException | RuntimeException e) {
            LOG.debug("the clock of this host has no name; times are comparable within this program", e);
            return "program " + UUID.randomUUID();
        }
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
