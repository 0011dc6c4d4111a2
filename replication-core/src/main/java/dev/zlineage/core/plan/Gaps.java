// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import java.util.BitSet;
import java.util.Optional;

/** Says what a target will never get, because its lineage has gone past it. */
final class Gaps {

    private Gaps() {}

    static Optional<String> warning(DatasetPlan dataset) {
        BitSet gap = dataset.fates().places(Fate.GAP);
        if (gap.isEmpty()) {
            return Optional.empty();
        }
        int count = gap.cardinality();
        String first = "@" + dataset.fates().history().label(gap.nextSetBit(0));
        String last = "@" + dataset.fates().history().label(gap.length() - 1);
        return Optional.of(
                count == 1
                        ? "1 snapshot of " + dataset.source() + " that is selected, " + first + ", is missing on "
                                + dataset.target() + " and older than what that holds; it can't be sent any more"
                        : count + " snapshots of " + dataset.source() + " that are selected, " + first + " to " + last
                                + ", are missing on " + dataset.target()
                                + " and older than what that holds; they can't be sent any more");
    }
}
