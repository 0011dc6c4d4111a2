// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All tasks of a system. One that can't be meant does not stop the others: {@link #good} leaves it out, and {@link #problems}
 * tells everything that is wrong at once.
 *
 * @param zone of schedules, and of the times in names
 * @param mostAtOnce how many replication tasks may run at the same time; empty for any number
 * @param removalDates whether snapshots that carry a date of their own go when it has come
 * @param snapshotTasks those that take snapshots
 * @param replicationTasks those that replicate
 */
public record Definition(
        ZoneId zone,
        Optional<Integer> mostAtOnce,
        boolean removalDates,
        List<PeriodicSnapshotTask> snapshotTasks,
        List<ReplicationTask> replicationTasks) {

    /** Copies the lists. */
    public Definition {
        snapshotTasks = List.copyOf(snapshotTasks);
        replicationTasks = List.copyOf(replicationTasks);
    }

    /**
     * Everything that can't be meant.
     *
     * @return in the order of the tasks; empty for a good definition
     */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        Checks whole = new Checks("", problems);
        mostAtOnce
                .filter(count -> count < 1)
                .ifPresent(count -> whole.refuse(
                        "max-parallel-replication-tasks", count, "no task could run", "give at least 1, or remove it"));
        twice("periodic-snapshot-tasks", snapshotTasks, PeriodicSnapshotTask::id, whole);
        twice("replication-tasks", replicationTasks, ReplicationTask::id, whole);
        snapshotTasks.forEach(task -> problems.addAll(problems(task)));
        replicationTasks.forEach(task -> problems.addAll(problems(task)));
        return problems;
    }

    /**
     * The part of the definition that can be run.
     *
     * @return without the tasks that have problems
     */
    public Definition good() {
        Definition good = new Definition(
                zone,
                mostAtOnce.filter(count -> count > 0),
                removalDates,
                snapshotTasks.stream().filter(t -> problems(t).isEmpty()).toList(),
                replicationTasks.stream().filter(t -> problems(t).isEmpty()).toList());
        // without those that a task runs after, it can't be meant either
        return good.replicationTasks().size() == replicationTasks.size() ? good : good.good();
    }

    /**
     * How snapshots are named that any of the tasks takes, sends or receives.
     *
     * @return naming schemas, sorted
     */
    public SortedSet<String> namingSchemas() {
        SortedSet<String> schemas = new TreeSet<>();
        snapshotTasks.forEach(task -> schemas.add(task.namingSchema()));
        replicationTasks.forEach(task -> {
            schemas.addAll(task.snapshots().namingSchemas());
            schemas.addAll(task.snapshots().alsoInclude());
        });
        return schemas;
    }

    /**
     * Which replication tasks run after others.
     *
     * @return the chain of all of them
     */
    public Chain chain() {
        return new Chain(replicationTasks);
    }

    private static <T> void twice(String field, Collection<T> tasks, Function<T, String> id, Checks whole) {
        Set<String> seen = new HashSet<>();
        tasks.stream()
                .map(id)
                .filter(name -> !seen.add(name))
                .distinct()
                .forEach(name -> whole.refuse(field + "." + name, name, "two tasks have this name", "rename one"));
    }

    /**
     * What can't be meant of one task.
     *
     * @param task one of this definition
     * @return empty for a good one
     */
    public List<Problem> problems(PeriodicSnapshotTask task) {
        List<Problem> problems = new ArrayList<>();
        task.check(new Checks("periodic-snapshot-tasks." + task.id(), problems));
        return problems;
    }

    /**
     * What can't be meant of one task, together with the snapshot tasks that it names.
     *
     * @param task one of this definition
     * @return empty for a good one
     */
    public List<Problem> problems(ReplicationTask task) {
        List<Problem> problems = new ArrayList<>(task.problems());
        Checks checks = new Checks("replication-tasks." + task.id(), problems);
        List<String> bound = task.snapshots().periodicTasks();
        for (int i = 0; i < bound.size(); i++) {
            String field = "periodic-snapshot-tasks[" + i + "]";
            String id = bound.get(i);
            Optional<PeriodicSnapshotTask> snapshots =
                    snapshotTasks.stream().filter(t -> t.id().equals(id)).findFirst();
            if (snapshots.isEmpty()) {
                checks.refuse(
                        field,
                        bound.get(i),
                        "there is no such periodic snapshot task",
                        snapshotTasks.isEmpty()
                                ? "define it"
                                : "name one of "
                                        + snapshotTasks.stream()
                                                .map(PeriodicSnapshotTask::id)
                                                .sorted()
                                                .distinct()
                                                .collect(Collectors.joining(", ")));
            } else if (bound.subList(0, i).contains(bound.get(i))) {
                checks.refuse(field, bound.get(i), "it is there twice", "remove one");
            } else {
                new Binding(task, snapshots.get()).check(field, checks);
            }
        }
        chain().check(task, checks.below("zlineage"));
        return problems;
    }
}
