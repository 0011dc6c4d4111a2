// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.select.Excludes;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a task says that its sources go.
 *
 * @param task which
 */
record Targets(ReplicationTask task) {

    private static final String COMMON = "target-dataset";

    /** Of a task without problems. */
    SourceMapping mapping() {
        Map<DatasetName, DatasetName> own = new HashMap<>();
        task.own().targets().forEach((source, target) -> own.put(DatasetName.of(source), DatasetName.of(target)));
        return SourceMapping.of(task.sources().stream().map(DatasetName::of).toList(), common(), own);
    }

    private Optional<DatasetName> common() {
        return Optional.of(task.target()).filter(name -> !name.isEmpty()).map(DatasetName::of);
    }

    /** Appends what can't be meant, where the sources themselves can. */
    void check(boolean goodSources, Checks checks) {
        int before = checks.problems().size();
        checkCommon(checks);
        task.own().targets().forEach((source, target) -> {
            checks.dataset(field(source), target);
            if (!task.sources().contains(source)) {
                checks.refuse(
                        field(source),
                        target,
                        source + " is no source of this task",
                        "name one of " + String.join(", ", task.sources()) + ", or remove it");
            }
        });
        if (goodSources && checks.problems().size() == before) {
            checkMapping(checks);
        }
    }

    private void checkCommon(Checks checks) {
        if (!task.target().isEmpty()) {
            checks.dataset(COMMON, task.target());
            return;
        }
        List<String> without = task.sources().stream()
                .filter(source -> !task.own().targets().containsKey(source))
                .toList();
        if (task.own().targets().isEmpty() || task.sources().isEmpty()) {
            checks.refuse(COMMON, "", "it is missing", "say where the sources go, such as backup/data");
        } else if (!without.isEmpty()) {
            checks.refuse(
                    COMMON,
                    "",
                    "it is missing, and " + String.join(", ", without)
                            + (without.size() == 1 ? " has no target of its own" : " have no target of their own"),
                    "give it, such as backup/data, or name one for each source in zlineage: targets");
        }
    }

    private void checkMapping(Checks checks) {
        SourceMapping mapping;
        try {
            mapping = mapping();
        } catch (InvalidNameException e) {
            checks.refuse(COMMON, task.target(), String.valueOf(e.getMessage()), "choose a shorter name");
            return;
        }
        if (!task.transport().remote()) {
            mapping.overlap().ifPresent(overlap -> refuse(overlap, "choose a target beside the sources", checks));
        }
        // by the names of the sources alone, targets never meet
        if (!task.own().targets().isEmpty()) {
            mapping.collision(this::leavesFree)
                    .ifPresent(overlap -> refuse(overlap, "choose a target beside those of the others", checks));
        }
    }

    private void refuse(SourceMapping.Overlap overlap, String wayOut, Checks checks) {
        String source = overlap.source().value();
        String own = task.own().targets().getOrDefault(source, "");
        checks.refuse(
                own.isEmpty() ? COMMON : field(source), own.isEmpty() ? task.target() : own, overlap.what(), wayOut);
    }

    private static String field(String source) {
        return "zlineage.targets." + source;
    }

    /** Those of the sources that do not come along with another one, which has all of them then. */
    SortedMap<DatasetName, DatasetName> outermost() {
        SortedMap<DatasetName, DatasetName> found = new TreeMap<>();
        mapping().targets().forEach((source, target) -> {
            if (found.keySet().stream().allMatch(above -> !above.contains(source) || leavesOut(above, source))) {
                found.put(source, target);
            }
        });
        return found;
    }

    /** Whether a dataset below a source does not go along with that. */
    private boolean leavesOut(DatasetName source, DatasetName dataset) {
        return !task.recursive()
                || new Excludes(
                                below(source, task.exclude()),
                                below(source, task.own().include()))
                        .leaveOut(dataset);
    }

    /** Whether it sends nothing to where another source's copy of such a name would be, nor below. */
    private boolean leavesFree(DatasetName source, DatasetName dataset) {
        return leavesOut(source, dataset)
                && below(dataset, task.own().include()).isEmpty();
    }

    private static List<String> below(DatasetName source, List<String> patterns) {
        return patterns.stream()
                .filter(pattern -> Excludes.isBelow(pattern, source))
                .toList();
    }

    /** The outermost turned around: each copy goes back to the place that its source has below what all of them have in common. */
    Map<String, String> back(String target) {
        if (task.own().targets().isEmpty()) {
            return Map.of();
        }
        Map<DatasetName, DatasetName> there = outermost();
        Map<String, String> back = new HashMap<>();
        SourceMapping.names(there.keySet(), target)
                .forEach((source, name) -> back.put(String.valueOf(there.get(source)), name));
        return back;
    }
}
