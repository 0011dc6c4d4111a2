// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.concurrency.Concurrency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that take turns as a seed decides, and a clock that moves only when all of them wait for it: the same seed gives
 * the same interleaving.
 *
 * <p>Exactly one thread runs at a time. At each sleep, join, take, poll and {@link #giveWay()} the seed picks who goes on
 * among those who can. When nobody can, the clock jumps to the next moment at which someone can; when there is no such
 * moment, the thread that made this object gets an {@link AssertionError} that names who waits for what.
 *
 * <p>The thread that makes it is one of the threads, called {@code main}; other threads that were not forked here may only
 * read the clock.
 */
public final class VirtualConcurrency implements Concurrency {

    /** Where the clock starts. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final long NEVER = Long.MAX_VALUE;

    /** One of the threads. Only the one that runs touches any of them. */
    private static final class Task {
        final String name;
        final Semaphore turn = new Semaphore(0);

        @Nullable
        Thread thread;

        BooleanSupplier ready = () -> true;
        long wakeAt = NEVER;
        String waitsFor = "its start";
        boolean ended;

        Task(String name) {
            this.name = name;
        }

        boolean canRun(long now) {
            return wakeAt <= now || ready.getAsBoolean() || thread != null && thread.isInterrupted();
        }
    }

    private final String clock = "virtual " + UUID.randomUUID();
    private final SplittableRandom random;
    private final Map<Thread, Task> byThread = new ConcurrentHashMap<>();
    private final List<Task> tasks = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final List<Throwable> thrown = new ArrayList<>();
    private final Task main = new Task("main");
    private volatile long nanos;
    private @Nullable AssertionError deadlock;

    /**
     * Starts the clock, with the calling thread as {@code main}.
     *
     * @param seed decides who goes on
     */
    public VirtualConcurrency(long seed) {
        random = new SplittableRandom(seed);
        main.thread = Thread.currentThread();
        byThread.put(Thread.currentThread(), main);
        tasks.add(main);
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    /** A clock of this object alone. */
    @Override
    public Optional<String> clock() {
        return Optional.of(clock);
    }

    /** Drawn from the seed; only one thread runs at a time. */
    @Override
    public double random() {
        return random.nextDouble();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        block("the end of a sleep of " + duration, () -> false, after(duration));
    }

    /** Lets another thread go on, if the seed says so. */
    public void giveWay() {
        pass(self(), "its turn", () -> true, NEVER);
    }

    /**
     * Lets all forks run to their ends.
     *
     * @throws InterruptedException if the thread is interrupted
     * @throws AssertionError if one of them threw something, or all wait for each other
     */
    public void drain() throws InterruptedException {
        Task self = self();
        block("the end of all others", () -> tasks.stream().allMatch(task -> task == self || task.ended), NEVER);
        if (!thrown.isEmpty()) {
            throw new AssertionError("a fork threw " + thrown.get(0), thrown.get(0));
        }
    }

    /**
     * Who went on at each point so far.
     *
     * @return names, in order
     */
    public List<String> trace() {
        self();
        return List.copyOf(trace);
    }

    @Override
    public Fork fork(String name, Runnable body) {
        self();
        Task task = new Task(name);
        Thread thread = new Thread(
                () -> {
                    task.turn.acquireUninterruptibly();
                    try {
                        body.run();
                    } catch (Throwable t) {
                        thrown.add(t);
                    }
                    end(task);
                },
                "virtual-" + name);
        thread.setDaemon(true);
        task.thread = thread;
        byThread.put(thread, task);
        tasks.add(task);
        thread.start();
        return new Fork() {
            @Override
            public void join() throws InterruptedException {
                block("the end of " + name, () -> task.ended, NEVER);
            }

            @Override
            public void interrupt() {
                self();
                if (!task.ended) {
                    thread.interrupt();
                }
            }
        };
    }

    private void end(Task task) {
        task.ended = true;
        tasks.remove(task);
        byThread.remove(Thread.currentThread());
        next().turn.release();
    }

    @Override
    public <T> Mailbox<T> mailbox() {
        Queue<T> queue = new ArrayDeque<>();
        return new Mailbox<>() {
            @Override
            public void post(T message) {
                self();
                queue.add(message);
            }

            @Override
            public T take() throws InterruptedException {
                block("a message", () -> !queue.isEmpty(), NEVER);
                return queue.remove();
            }

            @Override
            public Optional<T> poll(Duration atMost) throws InterruptedException {
                block("a message, for " + atMost, () -> !queue.isEmpty(), after(atMost));
                return Optional.ofNullable(queue.poll());
            }
        };
    }

    private long after(Duration duration) {
        long wait = Math.max(0, duration.compareTo(Duration.ofNanos(NEVER)) >= 0 ? NEVER : duration.toNanos());
        return wait >= NEVER - nanos ? NEVER - 1 : nanos + wait;
    }

    private void block(String waitsFor, BooleanSupplier ready, long wakeAt) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        pass(self(), waitsFor, ready, wakeAt);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Hands the turn to whoever is next and waits to get it back. */
    private void pass(Task self, String waitsFor, BooleanSupplier ready, long wakeAt) {
        self.waitsFor = waitsFor;
        self.ready = ready;
        self.wakeAt = wakeAt;
        Task next = next();
        if (next != self) {
            next.turn.release();
            self.turn.acquireUninterruptibly();
        }
        self.wakeAt = NEVER;
        if (self == main && deadlock != null) {
            throw deadlock;
        }
    }

    private Task next() {
        List<Task> ready = ready();
        if (ready.isEmpty()) {
            long soonest = tasks.stream().mapToLong(task -> task.wakeAt).min().orElse(NEVER);
            if (soonest == NEVER) {
                StringBuilder text = new StringBuilder("nobody can go on:");
                tasks.forEach(task -> text.append(' ')
                        .append(task.name)
                        .append(" waits for ")
                        .append(task.waitsFor)
                        .append(';'));
                deadlock = new AssertionError(text.substring(0, text.length() - 1));
                return main;
            }
            nanos = soonest;
            ready = ready();
        }
        Task chosen = ready.get(random.nextInt(ready.size()));
        trace.add(chosen.name);
        return chosen;
    }

    private List<Task> ready() {
        List<Task> ready = new ArrayList<>();
        for (Task task : tasks) {
            if (task.canRun(nanos)) {
                ready.add(task);
            }
        }
        return ready;
    }

    private Task self() {
        Task self = byThread.get(Thread.currentThread());
        if (self == null) {
            throw new IllegalStateException(
                    "the thread " + Thread.currentThread().getName() + " was not forked by this VirtualConcurrency");
        }
        return self;
    }
}
