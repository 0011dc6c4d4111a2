// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

/** Told what happens in a service, on the thread that runs it: whoever needs long hands it on. */
@FunctionalInterface
public interface ServiceListener {

    /** Listens to nothing. */
    ServiceListener NONE = event -> {};

    /**
     * Something happened.
     *
     * @param event what
     */
    void on(ServiceEvent event);
}
