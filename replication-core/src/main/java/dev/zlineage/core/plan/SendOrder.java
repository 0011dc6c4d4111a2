// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The order in which datasets are planned and sent: parents before children and, beside that, what a clone is a clone of
 * before the clone. Where both can't be, since a dataset is a clone of one below itself, parents come first.
 */
final class SendOrder {

    private final Map<DatasetName, Dataset> datasets;
    private final Set<DatasetName> order = new LinkedHashSet<>();
    private final Set<DatasetName> begun = new HashSet<>();

    private SendOrder(Map<DatasetName, Dataset> datasets) {
        this.datasets = datasets;
    }

    static List<DatasetName> of(Map<DatasetName, Dataset> datasets) {
        SendOrder order = new SendOrder(datasets);
        new TreeSet<>(datasets.keySet()).forEach(order::add);
        return List.copyOf(order.order);
    }

    private void add(DatasetName name) {
        if (!datasets.containsKey(name) || !begun.add(name)) {
            return;
        }
        name.ancestors().forEach(this::add); // what lies between may be left out
        datasets.get(name)
                .origin()
                .map(SnapshotName::dataset)
                .filter(this::canComeNow)
                .ifPresent(this::add);
        order.add(name);
    }

    /** Not below anything that waits for it. */
    private boolean canComeNow(DatasetName origin) {
        List<DatasetName> all = new ArrayList<>(origin.ancestors());
        all.add(origin);
        return all.stream().allMatch(name -> order.contains(name) || !begun.contains(name));
    }
}
