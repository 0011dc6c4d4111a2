// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the target holds after the streams: one round trip, whatever the number of datasets. What the processes said is not
 * asked.
 *
 * @param failure why it could not be looked at
 * @param histories by name
 * @param interrupted datasets that keep a stream that was cut
 * @param warnings what the user should know
 */
record TargetLook(
        Optional<ZfsFailure> failure,
        Map<DatasetName, History> histories,
        Set<DatasetName> interrupted,
        List<String> warnings) {

    boolean complete() {
        return failure.isEmpty();
    }

    History history(DatasetName name) {
        return histories.getOrDefault(name, History.EMPTY);
    }

    boolean interrupted(DatasetName name) {
        return interrupted.contains(name);
    }

    /**
     * Looks, where anything was done. Datasets are listed only where there are new ones, or trouble.
     *
     * @param receivers where the streams went that were planned last
     */
    static TargetLook at(
            Zfs target, ReplicationPlan plan, List<DatasetPlan> working, List<DatasetName> receivers, boolean trouble) {
        Map<DatasetName, History> histories = new HashMap<>();
        Set<DatasetName> interrupted = new HashSet<>();
        List<String> warnings = new ArrayList<>();
        if (working.isEmpty()) {
            return new TargetLook(Optional.empty(), histories, interrupted, warnings);
        }
        Set<DatasetName> readonly = new HashSet<>();
        for (DatasetPlan dataset : working) {
            if (dataset.sends() && dataset.streams().get(0).receive().set().containsKey("readonly")) {
                readonly.add(dataset.target());
            }
        }
        List<DatasetName> targets = working.stream().map(DatasetPlan::target).toList();
        List<ZfsCommand<?>> commands = new ArrayList<>(List.of(new ZfsCommand.ListHistories(targets, Scope.SELF)));
        if (trouble || !readonly.isEmpty()) {
            // one that was to take a target's place lies beside it
            Set<DatasetName> seen = new LinkedHashSet<>(targets);
            seen.addAll(receivers);
            commands.add(new ZfsCommand.ListDatasets(List.copyOf(seen), Scope.SELF));
        }
        for (Answer<?> answer : target.execute(commands)) {
            if (answer instanceof Answer.Failed<?> failed) {
                return new TargetLook(Optional.of(failed.failure()), Map.of(), Set.of(), List.of());
            }
            Object value = answer.orThrow();
            if (value instanceof Map<?, ?> found) {
                found.forEach((name, history) -> histories.put((DatasetName) name, (History) history));
            } else if (value instanceof List<?> found) {
                for (Object row : found) {
                    Dataset dataset = (Dataset) row;
                    dataset.resumeToken().ifPresent(token -> interrupted.add(dataset.name()));
                    if (readonly.contains(dataset.name()) && !dataset.readonly()) {
                        warnings.add(writable(dataset.name()));
                    }
                }
            }
        }
        warnings.addAll(SetLook.at(
                target,
                plan.request().properties().set().keySet(),
                working.stream()
                        .filter(d -> d.sends() && histories.containsKey(d.target()))
                        .toList()));
        return new TargetLook(Optional.empty(), histories, interrupted, warnings);
    }

    /**
     * {@code zfs receive -o readonly=on} exits 0 where the user may not set that property, and leaves the target writable
     * (seen on OpenZFS 2.3.2).
     */
    static String writable(DatasetName name) {
        return name + " could not be made read-only: whatever is written there, even an access time, makes"
                + " the next increment fail (zfs allow readonly, or zfs set readonly=on " + name + ")";
    }
}
