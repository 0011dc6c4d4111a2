// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Relation;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Tells which datasets need not be looked at again until they change. */
public final class Settled {

    private Settled() {}

    /**
     * The datasets for which there is nothing to do, neither now nor to tidy up.
     *
     * @param plan what was decided
     * @param seen what it was made of
     * @return by the dataset of the source, what has to be said each time all the same; empty for nothing
     */
    public static Map<DatasetName, String> of(ReplicationPlan plan, Observation seen) {
        Map<DatasetName, String> settled = new HashMap<>();
        for (DatasetPlan dataset : plan.datasets()) {
            if (nothingToDo(dataset) && !waitsForKey(plan.request(), dataset, seen)) {
                settled.put(dataset.source(), Gaps.warning(dataset).orElse(""));
            }
        }
        return settled;
    }

    private static boolean nothingToDo(DatasetPlan dataset) {
        return dataset.decision() instanceof Decision.UpToDate
                && !(dataset.relation() instanceof Relation.Unchanged)
                && !dataset.works()
                && dataset.bookmarks().isEmpty()
                && dataset.obsolete().isEmpty()
                && dataset.release().isEmpty();
    }

    /** Whether it may come to share the key of another dataset as soon as that is loaded, which does not show in this one. */
    private static boolean waitsForKey(ReplicationRequest request, DatasetPlan dataset, Observation seen) {
        Optional<Dataset> target = seen.target().dataset(dataset.target());
        return request.encryption() instanceof EncryptionChoice.AsItComes how
                && how.keepRoots()
                && !dataset.target().equals(request.target())
                && target.flatMap(Dataset::encryption)
                        .filter(e -> e.root().equals(dataset.target()))
                        .isPresent();
    }
}
