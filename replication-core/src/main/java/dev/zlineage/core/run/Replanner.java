// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.zfs.DatasetName;

/** Looks at one dataset of a running plan on both sides again, and plans it from what is there now. */
@FunctionalInterface
public interface Replanner {

    /**
     * Plans one dataset anew. Called from forks.
     *
     * @param source the dataset of the source
     * @return what is to be done with it now
     * @throws dev.zlineage.core.zfs.ZfsException if it can't be looked at
     */
    DatasetPlan replan(DatasetName source);
}
