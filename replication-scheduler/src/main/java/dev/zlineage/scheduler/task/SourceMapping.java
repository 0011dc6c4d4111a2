// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.zfs.DatasetName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the sources of one task go. One source becomes the target itself. Several go below it, each by its path below what all
 * their names begin with: {@code tank/a} and {@code tank/b/c} into {@code backup} become {@code backup/a} and {@code backup/b/c};
 * sources of two pools have nothing in common, and keep the names of their pools.
 *
 * @param targets by source, in the order of their names
 */
public record SourceMapping(SortedMap<DatasetName, DatasetName> targets) {

    /**
     * Maps sources.
     *
     * @param sources at least one
     * @param target of the task
     * @return where each goes
     * @throws dev.zlineage.core.zfs.InvalidNameException if a name becomes too long
     */
    public static SourceMapping of(List<DatasetName> sources, DatasetName target) {
        SortedMap<DatasetName, DatasetName> targets = new TreeMap<>();
        int common = sources.stream()
                .map(SourceMapping::words)
                .reduce(SourceMapping::commonBeginning)
                .map(words -> words.length)
                .orElse(0);
        for (DatasetName source : sources) {
            String[] words = words(source);
            StringBuilder name = new StringBuilder(target.value());
            for (String word : Arrays.copyOfRange(words, common, words.length)) {
                name.append('/').append(word);
            }
            targets.put(source, DatasetName.of(name.toString()));
        }
        return new SourceMapping(targets);
    }

    private static String[] words(DatasetName name) {
        return name.value().split("/", -1);
    }

    private static String[] commonBeginning(String[] one, String[] other) {
        int same = Arrays.mismatch(one, other);
        return same < 0 ? one : Arrays.copyOf(one, same);
    }

    /**
     * Whether, on one host, a source and a target are the same or one lies within the other.
     *
     * @return what overlaps, for a message
     */
    Optional<String> overlap() {
        for (DatasetName source : targets.keySet()) {
            for (Map.Entry<DatasetName, DatasetName> each : targets.entrySet()) {
                DatasetName to = each.getValue();
                if (source.contains(to)) {
                    return Optional.of(to + ", where " + each.getKey() + " goes, "
                            + (source.equals(to) ? "is a source" : "lies inside the source " + source));
                }
                if (to.contains(source)) {
                    return Optional.of(
                            "the source " + source + " lies inside " + to + ", where " + each.getKey() + " goes");
                }
            }
        }
        return Optional.empty();
    }
}
