// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How many snapshots and datasets there may still be at and below some datasets, by {@code snapshot_limit} and
 * {@code filesystem_limit}. OpenZFS holds users to them who are not root.
 *
 * @param left by the name of the limit, and the dataset that it is set on
 */
public record Limits(Map<String, Map<DatasetName, Long>> left) {

    /** Of snapshots. */
    public static final String SNAPSHOTS = "snapshot_limit";

    /** Of filesystems and volumes. */
    public static final String DATASETS = "filesystem_limit";

    /** Where nothing is limited. */
    public static final Limits NONE = new Limits(Map.of());

    private static final Map<String, String> COUNTS = Map.of(SNAPSHOTS, "snapshot_count", DATASETS, "filesystem_count");

    /** Copies the map. */
    public Limits {
        left = Map.copyOf(left);
    }

    /**
     * Reads them, by one command.
     *
     * @param host which host
     * @param names datasets that are there; those above them are asked about too
     * @return what is left; nothing where it can't be read
     */
    public static Limits of(Zfs host, Collection<DatasetName> names) {
        Set<DatasetName> all = new TreeSet<>(names);
        names.forEach(name -> all.addAll(name.ancestors()));
        List<String> properties = List.of(SNAPSHOTS, COUNTS.get(SNAPSHOTS), DATASETS, COUNTS.get(DATASETS));
        if (all.isEmpty()
                || !(host.execute(new ZfsCommand.GetProperties(List.copyOf(all), properties))
                        instanceof Answer.Done<List<PropertyValue>> values)) {
            return NONE;
        }
        Map<DatasetName, Map<String, String>> found = new TreeMap<>();
        values.value()
                .forEach(value -> found.computeIfAbsent(value.dataset(), name -> new TreeMap<>())
                        .put(value.property(), value.value()));
        Map<String, Map<DatasetName, Long>> left = new TreeMap<>();
        COUNTS.forEach((limit, count) -> {
            Map<DatasetName, Long> of = new TreeMap<>();
            found.forEach((name, value) -> {
                String most = value.getOrDefault(limit, "");
                String now = value.getOrDefault(count, "");
                if (isNumber(most) && isNumber(now)) {
                    of.put(name, Long.parseLong(most) - Long.parseLong(now));
                }
            });
            left.put(limit, of);
        });
        return new Limits(left);
    }

    /** What is not limited has the largest number of 64 bits, or none. */
    private static boolean isNumber(String value) {
        return value.matches("\\d{1,18}");
    }
}
