// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.run.Cancellation;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps apart runs that write into one target and know nothing of each other, such as two processes. Implementations are safe for
 * use by several threads.
 */
public interface TargetLocks {

    /**
     * Begins to take trees for one run. What it has taken itself is never in its way.
     *
     * @return to be closed when the run has ended, which gives all of them back
     */
    Holder open();

    /** Holds what one run writes into. Used by one thread. */
    interface Holder extends AutoCloseable {

        /**
         * Takes a tree, or tells who has it, or something above or below it. How long that is waited for is up to the
         * implementation.
         *
         * @param tree what is going to be written into
         * @param task the task that does
         * @param waits told, in words, what is waited for, when that is new
         * @param cancellation ends the waiting
         * @return who is in the way, in words; empty if the tree is taken now
         * @throws TargetLockException if that can't be told or kept, which waiting would not change
         * @throws InterruptedException if the thread was interrupted
         */
        Optional<String> take(TargetTree tree, String task, Consumer<String> waits, Cancellation cancellation)
                throws InterruptedException;

        @Override
        void close();
    }
}
