// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

/** Told what a run does. Called on the thread that runs the plan, one event at a time. */
@FunctionalInterface
public interface ReplicationListener {

    /** Listens to nothing. */
    ReplicationListener NONE = event -> {};

    /**
     * Something happened. What this throws ends the run as a cancellation does, and is thrown on.
     *
     * @param event what
     */
    void on(ReplicationEvent event);
}
