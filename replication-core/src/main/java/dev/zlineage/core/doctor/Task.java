// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.doctor;

import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A replication that goes on, as far as it decides what is needed on its source.
 *
 * @param source the dataset that is replicated, with everything below it
 * @param target its target
 * @param names what it writes on the source
 * @param targets what was seen below the target
 * @param histories the snapshots there
 */
public record Task(
        DatasetName source,
        DatasetName target,
        OnPoolNames names,
        Map<DatasetName, Dataset> targets,
        Map<DatasetName, History> histories) {

    /** Copies the maps. */
    public Task {
        targets = Map.copyOf(targets);
        histories = Map.copyOf(histories);
    }

    /**
     * Looks at the target of a task.
     *
     * @param source the dataset that is replicated, with everything below it
     * @param target its target
     * @param host the host of the target
     * @return the task
     * @throws dev.zlineage.core.zfs.ZfsException if the target can't be looked at, or its pool is not there
     */
    public static Task at(DatasetName source, DatasetName target, Zfs host) {
        List<Answer<?>> answers = host.execute(List.of(
                new ZfsCommand.ListDatasets(List.of(target.pool()), Scope.SELF),
                new ZfsCommand.ListDatasets(List.of(target), Scope.SUBTREE),
                new ZfsCommand.ListHistories(List.of(target), Scope.SUBTREE)));
        answers.forEach(Answer::orThrow);
        Dataset root = (Dataset) ((List<?>) answers.get(0).orThrow()).get(0);
        Map<DatasetName, Dataset> targets = new HashMap<>();
        for (Object row : (List<?>) answers.get(1).orThrow()) {
            Dataset dataset = (Dataset) row;
            targets.put(dataset.name(), dataset);
        }
        Map<DatasetName, History> histories = new HashMap<>();
        ((Map<?, ?>) answers.get(2).orThrow())
                .forEach((name, history) -> histories.put((DatasetName) name, (History) history));
        return new Task(source, target, OnPoolNames.of(root, target), targets, histories);
    }

    /** The target of a dataset, if it is of this task. */
    Optional<DatasetName> targetOf(DatasetName dataset) {
        try {
            return source.contains(dataset) ? Optional.of(dataset.rebase(source, target)) : Optional.empty();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
