// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationListener;
import dev.zlineage.scheduler.task.ReplicationTask;

/** Told when a replication of a tick begins. Called on the thread that runs the tick. */
@FunctionalInterface
public interface TickListener {

    /** Listens to nothing. */
    TickListener NONE = (task, plan) -> ReplicationListener.NONE;

    /**
     * A plan of a task is going to be carried out.
     *
     * @param task whose
     * @param plan for one of its sources
     * @return who is told what happens in it
     */
    ReplicationListener starting(ReplicationTask task, ReplicationPlan plan);

    /**
     * A task waits for another run that writes into its target.
     *
     * @param task which
     * @param why who is in the way, in words
     */
    default void waits(ReplicationTask task, String why) {}

    /**
     * A task that has waited has its target now, or does not wait for it any longer.
     *
     * @param task which
     */
    default void waitsNoMore(ReplicationTask task) {}
}
