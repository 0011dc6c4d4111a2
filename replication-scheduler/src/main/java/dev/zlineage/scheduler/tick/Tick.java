// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is due at one moment. Disabled tasks never are.
 *
 * @param now the moment, by the clock of the definition's zone
 * @param byHand whether somebody asked for it; then a snapshot that exists already is as good as a new one
 * @param snapshots the periodic snapshot tasks that are due
 * @param replications the replication tasks that are due, in the order of the definition, but each behind those that it runs
 *     after
 */
public record Tick(
        ZonedDateTime now, boolean byHand, List<PeriodicSnapshotTask> snapshots, List<ReplicationTask> replications) {

    /** Copies the lists. */
    public Tick {
        snapshots = List.copyOf(snapshots);
        replications = List.copyOf(replications);
    }

    /**
     * What the clock makes due: the tasks whose schedule has this minute on the wall, the replication tasks without a
     * schedule that send what one of these snapshot tasks takes, and those that run after one of them.
     *
     * @param definition all tasks
     * @param now the moment
     * @return what is due; empty lists for most minutes
     */
    public static Tick at(Definition definition, Instant now) {
        ZonedDateTime local = now.atZone(definition.zone());
        LocalDateTime minute = local.toLocalDateTime().truncatedTo(ChronoUnit.MINUTES);
        List<PeriodicSnapshotTask> snapshots = enabledSnapshots(definition)
                .filter(task -> task.schedule().matches(minute))
                .toList();
        List<ReplicationTask> replications = enabledReplications(definition)
                .filter(task -> task.auto()
                        && (task.schedule().filter(s -> s.matches(minute)).isPresent() || follows(task, snapshots)))
                .toList();
        return new Tick(local, false, snapshots, definition.chain().withFollowing(replications));
    }

    /**
     * All tasks that are enabled, whatever their schedules say.
     *
     * @param definition all tasks
     * @param now the moment
     * @return what is due by hand
     */
    public static Tick all(Definition definition, Instant now) {
        return new Tick(
                now.atZone(definition.zone()),
                true,
                enabledSnapshots(definition).toList(),
                definition.chain().withFollowing(enabledReplications(definition).toList()));
    }

    /**
     * The task of a name. A periodic snapshot task is followed by the replication tasks that run whenever it has, and each of these
     * by those that run after it.
     *
     * @param definition all tasks
     * @param now the moment
     * @param id of a periodic snapshot task, of a replication task, or of one of each kind: then both are due
     * @return what is due by hand
     * @throws IllegalArgumentException if there is no such task, or it is disabled
     */
    public static Tick of(Definition definition, Instant now, String id) {
        List<PeriodicSnapshotTask> snapshots = enabledSnapshots(definition)
                .filter(task -> task.id().equals(id))
                .toList();
        List<ReplicationTask> replications = enabledReplications(definition)
                .filter(task -> task.id().equals(id) || task.auto() && follows(task, snapshots))
                .toList();
        if (snapshots.isEmpty() && replications.isEmpty()) {
            throw new IllegalArgumentException(unknown(definition, id));
        }
        return new Tick(
                now.atZone(definition.zone()),
                true,
                snapshots,
                definition.chain().withFollowing(replications));
    }

    /**
     * The replication tasks that run whenever one of these snapshot tasks has: they are enabled, run without a user, push what
     * it takes and have no schedule of their own.
     *
     * @param definition all tasks
     * @param taken snapshot tasks of it
     * @return in the order of the definition
     */
    public static List<ReplicationTask> following(Definition definition, List<PeriodicSnapshotTask> taken) {
        return enabledReplications(definition)
                .filter(task -> task.auto() && follows(task, taken))
                .toList();
    }

    /**
     * Whether the clock on the wall has shown this time before: it was put back, as in autumn.
     *
     * @return true within the hour that is shown twice, the second time
     */
    public boolean shownAgain() {
        return !now.withEarlierOffsetAtOverlap().getOffset().equals(now.getOffset());
    }

    private static Stream<PeriodicSnapshotTask> enabledSnapshots(Definition definition) {
        return definition.snapshotTasks().stream().filter(PeriodicSnapshotTask::enabled);
    }

    private static Stream<ReplicationTask> enabledReplications(Definition definition) {
        return definition.replicationTasks().stream().filter(ReplicationTask::enabled);
    }

    private static boolean follows(ReplicationTask task, List<PeriodicSnapshotTask> taken) {
        return task.schedule().isEmpty()
                && task.own().after().isEmpty()
                && task.direction() == Direction.PUSH
                && taken.stream().anyMatch(t -> task.snapshots().periodicTasks().contains(t.id()));
    }

    private static String unknown(Definition definition, String id) {
        List<String> known = new ArrayList<>();
        definition.snapshotTasks().forEach(task -> known.add(task.id()));
        definition.replicationTasks().forEach(task -> known.add(task.id()));
        return known.contains(id)
                ? "the task '" + id + "' is disabled; set enabled: true to run it"
                : "there is no task '" + id + "'; there "
                        + (known.isEmpty()
                                ? "is none"
                                : "are "
                                        + String.join(
                                                ", ", known.stream().distinct().toList()));
    }
}
