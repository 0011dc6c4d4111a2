// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import dev.zlineage.core.concurrency.Concurrency;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A process with those below it, such as the {@code zfs} of a {@code sudo}, to be ended for sure. Who is below is only
 * known while the parent lives, so it is looked at before anything is ended, and what was once seen is remembered.
 *
 * <p>Safe for use by several threads.
 */
public final class ProcessTree {

    /** How long processes may take to end after they were asked to, before they are killed. */
    static final Duration GRACE = Duration.ofSeconds(2);

    /** How long a killed program is waited for. One that hangs in the kernel ends when the kernel lets it. */
    private static final Duration UNTIL_GIVEN_UP = Duration.ofSeconds(30);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Concurrency concurrency;
    private final Process root;
    private final Set<ProcessHandle> below = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

    private static final class Ending {
        private volatile Concurrency.@Nullable Fork fork;
    }

    /**
     * The tree of a process.
     *
     * @param concurrency where the thread comes from that kills what does not end
     * @param root a process of this JVM
     */
    public ProcessTree(Concurrency concurrency, Process root) {
        this.concurrency = concurrency;
        this.root = root;
    }

    /** Looks who is below now, so that it is found when the root is gone. */
    public void look() {
        root.descendants().forEach(below::add);
    }

    /** Asks all of them to end (TERM) and two seconds later kills those that did not. Returns at once; safe to repeat. */
    public void end() {
        end(() -> {});
    }

    /** The same, and runs something when they are ended or given up. */
    void end(Runnable then) {
        Ending mine = new Ending();
        if (ending.compareAndSet(null, mine)) {
            look();
            // not Process.destroy(), which closes standard input too: a receiver that ignores the signal would take
            // this
            // for the end of its stream
            root.toHandle().destroy();
            below.forEach(ProcessHandle::destroy);
            mine.fork = concurrency.fork("reaper", () -> {
                reap();
                then.run();
            });
        }
    }

    /** Kills all of them now. */
    void kill() {
        look();
        root.toHandle().destroyForcibly();
        below.forEach(ProcessHandle::destroyForcibly);
    }

    private void reap() {
        try {
            awaitAll(GRACE);
            kill();
            // those below are no children of this JVM: when they are gone is only to be seen by looking
            if (root.waitFor(UNTIL_GIVEN_UP.toNanos(), TimeUnit.NANOSECONDS)) {
                awaitAll(GRACE);
            }
        } catch (InterruptedException e) {
            kill();
        }
    }

    private void awaitAll(Duration atMost) throws InterruptedException {
        long since = concurrency.nanoTime();
        root.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
        while (isAlive() && concurrency.nanoTime() - since < atMost.toNanos()) {
            concurrency.sleep(LOOK_EVERY);
        }
    }

    private boolean isAlive() {
        return root.isAlive() || below.stream().anyMatch(ProcessHandle::isAlive);
    }

    /**
     * Waits until what {@link #end()} began is done; returns at once if it was not called.
     *
     * @return whether the root has ended; false after {@link #end()} for a process that even the kernel can't end
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean awaitEnd() throws InterruptedException {
        Ending begun = ending.get();
        if (begun != null) {
            Concurrency.Fork fork = begun.fork;
            while (fork == null) {
                // the thread that began has not got that far yet
                concurrency.sleep(LOOK_EVERY);
                fork = begun.fork;
            }
            fork.join();
        }
        return !root.isAlive();
    }
}
