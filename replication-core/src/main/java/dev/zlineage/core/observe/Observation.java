// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.memory.Glance;
import dev.zlineage.core.zfs.DatasetName;
import java.util.List;

/**
 * What was seen of both sides of a replication.
 *
 * @param source the side that sends
 * @param target the side that receives
 * @param leftOut datasets of the source that the request leaves out, each with everything below it
 * @param glance which datasets need not be looked at, because they look as they did when there was nothing to do
 */
public record Observation(HostView source, HostView target, List<DatasetName> leftOut, Glance glance) {

    /** Copies the list. */
    public Observation {
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Of a source where nothing is left out.
     *
     * @param source the side that sends
     * @param target the side that receives
     */
    public Observation(HostView source, HostView target) {
        this(source, target, List.of(), Glance.NONE);
    }
}
