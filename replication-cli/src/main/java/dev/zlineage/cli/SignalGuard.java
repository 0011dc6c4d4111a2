// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.run.Cancellation;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C and SIGTERM end a run in order: the JVM does not exit before the streams are cut and the result is printed,
 * but for a bounded while. The exit code is then the JVM's own, 130 or 143.
 */
final class SignalGuard implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Cancellation cancellation = new Cancellation();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::signalled, "zlineage-signal");

    private final Runnable onSignal;
    private final Duration patience;

    private SignalGuard(Runnable onSignal, Duration patience) {
        this.onSignal = onSignal;
        this.patience = patience;
    }

    static SignalGuard install() {
        return installed(new SignalGuard(() -> {}, PATIENCE));
    }

    /** For what may take longer to end in order. */
    static SignalGuard install(Runnable onSignal, Duration patience) {
        return installed(new SignalGuard(onSignal, patience));
    }

    /** Interrupts a thread, for what has no cancellation. */
    static SignalGuard interrupting(Thread thread) {
        return installed(new SignalGuard(thread::interrupt, PATIENCE));
    }

    private static SignalGuard installed(SignalGuard guard) {
        Runtime.getRuntime().addShutdownHook(guard.hook);
        return guard;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    void signalled() {
        cancellation.cancel();
        onSignal.run();
        try {
            boolean ended = done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                Runtime.getRuntime().halt(ExitCode.CANCELLED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is on its way out already, and the hook was let go
        }
    }
}
