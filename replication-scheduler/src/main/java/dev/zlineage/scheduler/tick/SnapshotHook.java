// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.zfs.SnapshotName;

/**
 * Is told before and after the snapshots of a task are taken, so that what writes there can make its files whole first.
 * Whoever implements it bounds the time that it takes: the snapshot waits.
 */
public interface SnapshotHook {

    /**
     * A snapshot that a task is about to take, or has taken.
     *
     * @param task the id of the task
     * @param snapshot that of the topmost dataset; a recursive task takes those below it at the same moment
     * @param cancellation that of the run: the snapshot is not taken any more when it is cancelled before
     */
    record Occasion(String task, SnapshotName snapshot, Cancellation cancellation) {}

    /**
     * The snapshot is about to be taken. Ends early when the run is cancelled.
     *
     * @param occasion which
     * @throws HookFailedException if that is not as it should be; the task says whether it is taken all the same
     * @throws InterruptedException if the thread is interrupted
     */
    void before(Occasion occasion) throws HookFailedException, InterruptedException;

    /**
     * Called after each {@link #before}, however that and the snapshot went, also if the run was cancelled.
     *
     * @param occasion which
     * @param taken whether the snapshot is there
     * @throws HookFailedException if something went wrong, which becomes a warning
     * @throws InterruptedException if the thread is interrupted
     */
    void after(Occasion occasion, boolean taken) throws HookFailedException, InterruptedException;

    /** A hook did not do what it is for. */
    final class HookFailedException extends Exception {

        private static final long serialVersionUID = 1;

        /**
         * Says why.
         *
         * @param why a clause
         */
        public HookFailedException(String why) {
            super(why);
        }
    }
}
