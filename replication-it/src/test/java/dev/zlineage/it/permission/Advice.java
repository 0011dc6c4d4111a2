// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.permission;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.zfs.DatasetName;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A line that a plan tells root to type.
 *
 * @param user to whom
 * @param permissions what, with commas
 * @param on the dataset
 */
public record Advice(String user, String permissions, DatasetName on) {

    private static final Pattern LINE = Pattern.compile("zfs allow -u (\\S+) (\\S+) ([^\\s;)]+)");

    /**
     * All of them, of refusals and of warnings.
     *
     * @param plan what speaks
     * @return each line once
     */
    public static List<Advice> of(ReplicationPlan plan) {
        Set<String> texts = new TreeSet<>(plan.warnings());
        plan.datasets().forEach(d -> {
            if (d.decision() instanceof Decision.Refuse refuse) {
                texts.add(refuse.wayOut());
            }
        });
        return texts.stream().flatMap(Advice::in).distinct().toList();
    }

    /**
     * Those in a text.
     *
     * @param text some sentence
     * @return in their order
     */
    public static Stream<Advice> in(String text) {
        return LINE.matcher(text).results().map(m -> new Advice(m.group(1), m.group(2), DatasetName.of(m.group(3))));
    }

    @Override
    public String toString() {
        return "zfs allow -u " + user + " " + permissions + " " + on;
    }
}
