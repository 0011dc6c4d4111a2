// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.select.Excludes;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import java.util.List;
import java.util.Optional;

/**
 * A replication task that sends what a periodic snapshot task takes.
 *
 * @param task sends
 * @param snapshots takes
 */
record Binding(ReplicationTask task, PeriodicSnapshotTask snapshots) {

    void check(String field, Checks checks) {
        if (task.enabled() && !snapshots.enabled()) {
            checks.refuse(
                    field,
                    snapshots.id(),
                    "it is disabled, so that nothing new would ever be sent",
                    "enable it, or disable this task");
        }
        if (task.streams().fullFilesystem()) {
            checkFullFilesystem(field, checks);
        }
        for (int i = 0; i < task.sources().size(); i++) {
            checkSource(i, checks);
        }
        if (task.recursive()) {
            snapshots.exclude().forEach(pattern -> checkExclude(pattern, checks));
            for (int i = 0; i < task.own().include().size(); i++) {
                checkInclude(i, checks.below("zlineage"));
            }
        }
    }

    private void checkFullFilesystem(String field, Checks checks) {
        boolean all = task.sources().stream()
                .allMatch(source -> source.equals(snapshots.dataset()) || source.startsWith(snapshots.dataset() + "/"));
        if (!snapshots.recursive() || !all) {
            checks.refuse(
                    field,
                    snapshots.id(),
                    "it does not take snapshots of all that a full filesystem is",
                    "make it recursive, of " + String.join(" and ", task.sources()) + " or what is above");
        }
    }

    private void checkSource(int place, Checks checks) {
        Optional<DatasetName> source = name(task.sources().get(place));
        boolean below = source.filter(s -> s.value().startsWith(snapshots.dataset() + "/"))
                .isPresent();
        if (below && snapshots.excludes().leaveOut(source.get())) {
            checks.refuse(
                    "source-dataset[" + place + "]",
                    source.get(),
                    "the periodic snapshot task " + snapshots.id() + " leaves it out, so that it has nothing to send",
                    "do not exclude it there, or choose another source");
        }
    }

    /** Datasets without new snapshots would be expected to arrive. A wider exclusion here covers a narrower one there. */
    private void checkExclude(String pattern, Checks checks) {
        boolean concerns = task.sources().stream().anyMatch(source -> pattern.startsWith(source + "/"));
        boolean covered = task.exclude().contains(pattern)
                || !Excludes.isGlob(pattern)
                        && name(pattern).filter(task.excludes()::leaveOut).isPresent();
        if (concerns && !covered) {
            checks.refuse(
                    "exclude",
                    task.exclude(),
                    "the periodic snapshot task " + snapshots.id() + " leaves out " + pattern,
                    "add '" + pattern + "'");
        }
    }

    /** What has no new snapshots can't be taken in again here alone. */
    private void checkInclude(int place, Checks checks) {
        String pattern = task.own().include().get(place);
        List<String> there = snapshots.own().include();
        boolean without = Excludes.isGlob(pattern)
                ? snapshots.excludes().canTakeIn(pattern) && !there.contains(pattern)
                : name(pattern).filter(snapshots.excludes()::leaveOut).isPresent();
        if (without) {
            checks.refuse(
                    "include[" + place + "]",
                    pattern,
                    "the periodic snapshot task " + snapshots.id() + " leaves it out, so that it has nothing to send",
                    "take it in again there too (zlineage: include), or remove it");
        }
    }

    private static Optional<DatasetName> name(String text) {
        try {
            return Optional.of(DatasetName.of(text));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
