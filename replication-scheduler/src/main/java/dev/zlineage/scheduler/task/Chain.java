// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Replication tasks of which some run after others. */
public final class Chain {

    private final List<ReplicationTask> tasks;

    /**
     * A chain.
     *
     * @param tasks all replication tasks, in the order of the definition
     */
    public Chain(List<ReplicationTask> tasks) {
        this.tasks = List.copyOf(tasks);
    }

    /**
     * The tasks that run whenever this one has, and are enabled.
     *
     * @param id a replication task
     * @return in the order of the definition, but each behind those that it runs after
     */
    public List<ReplicationTask> after(String id) {
        return inOrder(following(id).collect(Collectors.toSet()));
    }

    private Stream<ReplicationTask> following(String id) {
        return tasks.stream()
                .filter(task ->
                        task.enabled() && task.auto() && task.own().after().contains(id));
    }

    /**
     * The tasks that this one runs after, and that are enabled: nobody waits for one that never runs.
     *
     * @param task which
     * @return in the order of the definition
     */
    public List<ReplicationTask> before(ReplicationTask task) {
        return tasks.stream()
                .filter(other -> other.enabled() && task.own().after().contains(other.id()))
                .toList();
    }

    /**
     * Some tasks, and those that run after them, each behind those that it runs after.
     *
     * @param due which are due
     * @return otherwise in the order of the definition
     */
    public List<ReplicationTask> withFollowing(List<ReplicationTask> due) {
        Set<ReplicationTask> all = new LinkedHashSet<>(due);
        List<ReplicationTask> open = new ArrayList<>(due);
        while (!open.isEmpty()) {
            following(open.remove(0).id()).filter(all::add).forEach(open::add);
        }
        return inOrder(all);
    }

    private List<ReplicationTask> inOrder(Set<ReplicationTask> some) {
        Set<ReplicationTask> left = new LinkedHashSet<>();
        tasks.stream().filter(some::contains).forEach(left::add);
        List<ReplicationTask> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            ReplicationTask next = left.stream()
                    .filter(task -> before(task).stream().noneMatch(left::contains))
                    .findFirst()
                    .orElseGet(() -> left.iterator().next()); // those in a circle are refused anyway
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    /** Appends what can't be meant of what a task runs after. */
    void check(ReplicationTask task, Checks checks) {
        List<String> after = task.own().after();
        for (int i = 0; i < after.size(); i++) {
            String field = "after[" + i + "]";
            String id = after.get(i);
            if (tasks.stream().noneMatch(other -> other.id().equals(id))) {
                checks.refuse(
                        field,
                        id,
                        "there is no such replication task",
                        "name one of "
                                + tasks.stream()
                                        .map(ReplicationTask::id)
                                        .filter(other -> !other.equals(task.id()))
                                        .sorted()
                                        .distinct()
                                        .collect(Collectors.joining(", ")));
            } else if (after.subList(0, i).contains(id)) {
                checks.refuse(field, id, "it is there twice", "remove one");
            } else {
                way(id, task.id(), new HashSet<>())
                        .ifPresent(way -> checks.refuse(
                                field,
                                id,
                                "the tasks would wait for each other: " + task.id() + " after "
                                        + String.join(" after ", way),
                                "remove one of them"));
            }
        }
    }

    /** How one task comes to run after another. */
    private Optional<List<String>> way(String from, String to, Set<String> seen) {
        if (from.equals(to)) {
            return Optional.of(List.of(to));
        }
        if (!seen.add(from)) {
            return Optional.empty();
        }
        return tasks.stream()
                .filter(task -> task.id().equals(from))
                .flatMap(task -> task.own().after().stream())
                .flatMap(next -> way(next, to, seen).stream())
                .findFirst()
                .map(rest -> {
                    List<String> whole = new ArrayList<>(List.of(from));
                    whole.addAll(rest);
                    return whole;
                });
    }
}
