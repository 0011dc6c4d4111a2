// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A handle by which any thread ends a run: streams under way are cut and their processes gone before the run returns. What
 * arrived before stays. Safe for use by several threads, and by several runs.
 */
public final class Cancellation {

    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();

    /** A handle that has not been used. */
    public Cancellation() {}

    /** Ends the runs that this handle was given to. Further calls do nothing. */
    public void cancel() {
        if (cancelled.compareAndSet(false, true)) {
            hooks.forEach(Runnable::run);
        }
    }

    /**
     * Whether {@link #cancel} was called.
     *
     * @return true from then on
     */
    public boolean isCancelled() {
        return cancelled.get();
    }

    /** Runs the hook when cancelled, at once when that has happened already; it may then run twice. */
    void onCancel(Runnable hook) {
        hooks.add(hook);
        if (cancelled.get()) {
            hook.run();
        }
    }

    void forget(Runnable hook) {
        hooks.remove(hook);
    }
}
