// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.select.Excludes;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.zfs.DatasetName;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * A replication task turned around, to bring back what it has saved. The targets become the sources, each option is carried over
 * that means the same in the other direction, and the new task never runs by itself: plan it, look at it, run it by hand.
 *
 * <p>What was true of the backup alone stays there: its encryption, that it is read-only, retention, and which of its own values
 * took the place of the source's, and what it was allowed to give up or to risk. A property with such a value is left out, since {@code zfs send -p} of the backup tells the
 * backup's value. A filter by the task's own schedule is dropped: the target holds what passed it.
 */
public final class Restore {

    private final Definition definition;
    private final ReplicationTask saved;

    private Restore(Definition definition, ReplicationTask saved) {
        this.definition = definition;
        this.saved = saved;
    }

    /**
     * Turns a task around.
     *
     * @param definition has the task, and the periodic snapshot tasks whose naming schemas it sends by
     * @param task the id of the task that saved something; a good one
     * @param id what to call the new one
     * @param target where to restore to, in the place of the sources, or of what they have in common. Choosing a dataset that does not exist disturbs nothing
     * @return the new task, which {@link Definition#problems} can judge together with the others
     * @throws NoSuchElementException if the definition has no such task
     * @throws dev.zlineage.core.zfs.InvalidNameException if the saved task has names that can't be meant
     */
    public static ReplicationTask of(Definition definition, String task, String id, String target) {
        ReplicationTask saved = definition.replicationTasks().stream()
                .filter(t -> t.id().equals(task))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no replication task '" + task + "'"));
        return new Restore(definition, saved).turned(id, target);
    }

    private ReplicationTask turned(String id, String target) {
        Direction direction = saved.direction() == Direction.PUSH ? Direction.PULL : Direction.PUSH;
        Targets saving = new Targets(saved);
        Map<DatasetName, DatasetName> targets = saving.outermost();
        List<String> exclude = saved.recursive() ? renamed(saved.exclude(), targets) : List.of();
        List<String> sources = targets.values().stream().map(DatasetName::value).toList();
        ReplicationTask.Builder turned = ReplicationTask.of(id, direction, saved.transport(), sources, target)
                .snapshots(snapshots(direction))
                .streams(streams())
                .retention(retention())
                .attempts(saved.attempts())
                .own(OwnOptions.DEFAULTS
                        .withInclude(takenIn(targets, new Excludes(exclude)))
                        .withTargets(saving.back(target))
                        .withParallel(saved.own().parallel())
                        .withStall(saved.own().stall())
                        .withSpeedLimits(saved.own().speedLimits()));
        if (saved.recursive()) {
            turned.recursive().exclude(exclude);
        }
        return turned.build();
    }

    private SnapshotChoice snapshots(Direction direction) {
        SnapshotChoice choice = saved.snapshots();
        Set<String> schemas = new LinkedHashSet<>();
        definition.snapshotTasks().stream()
                .filter(task -> choice.periodicTasks().contains(task.id()))
                .forEach(task -> schemas.add(task.namingSchema()));
        schemas.addAll(choice.namingSchemas());
        schemas.addAll(choice.alsoInclude());
        List<String> all = List.copyOf(schemas);
        boolean pull = direction == Direction.PULL;
        return new SnapshotChoice(
                List.of(),
                pull ? all : List.of(),
                pull ? List.of() : all,
                choice.nameRegex().or(() -> saved.own().tagged().map(property -> ".*")), // the backup holds what had it
                choice.restrict(),
                false);
    }

    private StreamChoice streams() {
        StreamChoice form = saved.streams();
        Set<String> leftOut = new LinkedHashSet<>(form.propertiesExclude());
        leftOut.addAll(form.propertiesOverride().keySet());
        if (saved.readonly() != ReadonlyPolicy.IGNORE) {
            leftOut.add("readonly");
        }
        return new StreamChoice(
                form.properties(),
                form.properties() ? List.copyOf(leftOut) : form.propertiesExclude(),
                Map.of(),
                form.fullFilesystem(),
                form.largeBlocks(),
                form.embedded(),
                form.compressed(),
                form.dedup(),
                form.compression(),
                form.bytesPerSecond());
    }

    /** A full filesystem has the snapshots of its source, in both directions. */
    private TargetRetention retention() {
        return saved.streams().fullFilesystem()
                ? new TargetRetention(TargetRetention.Policy.SOURCE, Optional.empty(), Map.of())
                : TargetRetention.KEEP_ALL;
    }

    /** What was taken in again below a source that has a copy of its own comes back with that copy. */
    private List<String> takenIn(Map<DatasetName, DatasetName> targets, Excludes excludes) {
        return saved.own().include().stream()
                .flatMap(pattern -> targets.keySet().stream()
                        .filter(source -> pattern.startsWith(source + "/"))
                        .max(Comparator.naturalOrder())
                        .map(nearest -> targets.get(nearest) + pattern.substring(nearest.bytes()))
                        .stream())
                .filter(excludes::canTakeIn)
                .toList();
    }

    /** By the names that the datasets have where they were saved. */
    private static List<String> renamed(List<String> patterns, Map<DatasetName, DatasetName> targets) {
        Set<String> renamed = new LinkedHashSet<>(); // of nested sources, both may name it
        for (String pattern : patterns) {
            targets.forEach((source, target) -> {
                if (pattern.startsWith(source + "/")) {
                    renamed.add(target + pattern.substring(source.value().length()));
                }
            });
        }
        return List.copyOf(renamed);
    }
}
