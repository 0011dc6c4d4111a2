// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is to become of the snapshots of one dataset.
 *
 * @param dataset which
 * @param snapshots all of them, from old to new
 * @param leftAlone why nothing of it is destroyed; {@link #snapshots} then tell what otherwise would be
 */
public record DatasetRetention(DatasetName dataset, List<SnapshotFate> snapshots, Optional<LeftAlone> leftAlone) {

    /** Copies the list. */
    public DatasetRetention {
        snapshots = List.copyOf(snapshots);
    }

    /**
     * What will be destroyed.
     *
     * @return from old to new; none where the dataset is left alone
     */
    public List<Snapshot> destroys() {
        return leftAlone.isPresent() ? List.of() : wanted();
    }

    /** What the owners agree to let go. */
    List<Snapshot> wanted() {
        return snapshots.stream()
                .filter(SnapshotFate::mayGo)
                .map(SnapshotFate::snapshot)
                .toList();
    }

    /** The same, where some of what may go stays because nobody has approved of it. */
    DatasetRetention keeping(Predicate<Snapshot> unseen) {
        return new DatasetRetention(
                dataset,
                snapshots.stream()
                        .map(fate -> fate.mayGo() && unseen.test(fate.snapshot()) ? fate.unapproved() : fate)
                        .toList(),
                leftAlone);
    }

    DatasetRetention leftAlone(LeftAlone why) {
        return new DatasetRetention(dataset, snapshots, Optional.of(why));
    }
}
