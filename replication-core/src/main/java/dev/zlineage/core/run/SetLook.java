// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether targets have what a request sets on them: one command, and only where it sets something. {@code zfs receive -o}
 * exits 0 where the user may not set a property, and leaves it out without a word (seen on OpenZFS 2.3.2).
 */
final class SetLook {

    private SetLook() {}

    /** What is missing, for the user. */
    static List<String> at(Zfs target, Set<String> properties, List<DatasetPlan> received) {
        Map<DatasetName, Set<String>> wanted = new TreeMap<>();
        for (DatasetPlan dataset : received) {
            Set<String> set =
                    new TreeSet<>(dataset.streams().get(0).receive().set().keySet());
            set.retainAll(properties);
            if (!set.isEmpty()) {
                wanted.put(dataset.target(), set);
            }
        }
        if (wanted.isEmpty()) {
            return List.of();
        }
        Answer<List<PropertyValue>> answer = target.execute(
                new ZfsCommand.GetProperties(List.copyOf(wanted.keySet()), List.copyOf(new TreeSet<>(properties))));
        if (answer instanceof Answer.Failed<List<PropertyValue>> failed) {
            return List.of("whether properties were set on the targets is not known: " + failed.failure());
        }
        return answer.orThrow().stream()
                .filter(value -> wanted.getOrDefault(value.dataset(), Set.of()).contains(value.property())
                        && !value.source().equals("local"))
                .map(value -> value.property() + " could not be set on " + value.dataset() + " (zfs allow "
                        + Permissions.toSet(value.property()) + ")")
                .toList();
    }
}
