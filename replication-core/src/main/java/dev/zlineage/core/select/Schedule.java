// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import java.time.LocalDateTime;

/**
 * The minutes at which something is due, by the clock on the wall. Snapshots are filtered by it, lifetimes are bound to it;
 * when the clock reaches one of its minutes is not its concern. Implementations are immutable, and their {@code toString} names
 * all that they depend on: what is remembered of a request is found again by it.
 */
@FunctionalInterface
public interface Schedule {

    /**
     * Whether a minute is one of them.
     *
     * @param minute the time that the clock shows; seconds and less are disregarded
     * @return true if it is due then
     */
    boolean matches(LocalDateTime minute);
}
