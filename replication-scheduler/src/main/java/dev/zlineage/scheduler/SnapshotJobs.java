// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which snapshot tasks of one minute are one job. All of them, since each name is to be taken once; but those that have hooks are
 * one with what lies in the same tree alone, so that nobody else waits for a program.
 */
final class SnapshotJobs {

    /** So many tasks are one job at most. */
    private static final int TASKS_A_JOB = 500;

    private final Map<String, PeriodicSnapshotTask> left = new LinkedHashMap<>();

    private SnapshotJobs(List<PeriodicSnapshotTask> due) {
        due.forEach(task -> left.put(task.id(), task));
    }

    /** The ids of the tasks of each job, those that wait for no program first. */
    static List<List<String>> of(List<PeriodicSnapshotTask> due) {
        SnapshotJobs jobs = new SnapshotJobs(due);
        List<List<String>> trees = new ArrayList<>();
        for (PeriodicSnapshotTask task : due) {
            if (!task.own().hooks().isEmpty() && jobs.left.containsKey(task.id())) {
                trees.add(jobs.treeOf(task));
            }
        }
        List<String> others = List.copyOf(jobs.left.keySet());
        List<List<String>> all = new ArrayList<>();
        for (int i = 0; i < others.size(); i += TASKS_A_JOB) {
            all.add(others.subList(i, Math.min(i + TASKS_A_JOB, others.size())));
        }
        all.addAll(trees);
        return all;
    }

    /** Takes it, what overlaps with it, what overlaps with that, and so on. */
    private List<String> treeOf(PeriodicSnapshotTask first) {
        left.remove(first.id());
        List<PeriodicSnapshotTask> tree = new ArrayList<>(List.of(first));
        for (int i = 0; i < tree.size(); i++) {
            DatasetName top = DatasetName.of(tree.get(i).dataset());
            List<PeriodicSnapshotTask> more = left.values().stream()
                    .filter(task -> overlap(top, DatasetName.of(task.dataset())))
                    .toList();
            more.forEach(task -> left.remove(task.id()));
            tree.addAll(more);
        }
        return tree.stream().map(PeriodicSnapshotTask::id).toList();
    }

    private static boolean overlap(DatasetName one, DatasetName other) {
        return within(one, other) || within(other, one);
    }

    private static boolean within(DatasetName inner, DatasetName outer) {
        return inner.equals(outer) || inner.value().startsWith(outer.value() + "/");
    }
}
