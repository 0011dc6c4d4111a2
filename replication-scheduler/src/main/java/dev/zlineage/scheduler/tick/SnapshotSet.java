// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.select.Excludes;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import java.util.Collection;
import java.util.List;

/** The snapshots that one task is to take, of one moment and one label. */
record SnapshotSet(PeriodicSnapshotTask task, DatasetName top, Excludes exclude, String label) {

    static SnapshotSet of(PeriodicSnapshotTask task, String label) {
        return new SnapshotSet(task, DatasetName.of(task.dataset()), task.excludes(), label);
    }

    SnapshotName name() {
        return top.snapshot(label);
    }

    /** Whether a dataset takes part. */
    boolean covers(DatasetName dataset) {
        return dataset.equals(top) || task.recursive() && top.contains(dataset) && !exclude.leaveOut(dataset);
    }

    List<SnapshotName> of(Collection<DatasetName> datasets) {
        return datasets.stream()
                .filter(this::covers)
                .sorted()
                .map(dataset -> dataset.snapshot(label))
                .toList();
    }

    /** One transaction group in either form; the shorter one also takes what came into being since the listing. */
    ZfsCommand.TakeSnapshots command(List<SnapshotName> names, boolean all) {
        return all && task.exclude().isEmpty()
                ? new ZfsCommand.TakeSnapshots(
                        List.of(name()),
                        task.recursive() ? Scope.SUBTREE : Scope.SELF,
                        task.own().properties())
                : new ZfsCommand.TakeSnapshots(names, Scope.SELF, task.own().properties());
    }
}
