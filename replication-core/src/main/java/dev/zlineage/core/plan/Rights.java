// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the user of one host may do, asked for what a plan needs there. */
final class Rights {

    private final Permissions permissions;
    private final String host;

    Rights(Permissions permissions, String host) {
        this.permissions = permissions;
        this.host = host;
    }

    private boolean has(Need need) {
        return need.anyOf().stream().anyMatch(p -> permissions.allow(p, need.on()));
    }

    List<Need> missing(Collection<Need> needs) {
        return needs.stream().filter(need -> !has(need)).toList();
    }

    /** Refuses what lacks any of these, in one sentence for all of them. */
    Optional<Decision.Refuse> refusal(Collection<Need> needs) {
        List<Need> missing = missing(needs);
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(Refusals.refuse(
                        Decision.Reason.NO_PERMISSION,
                        lacks(missing),
                        "grant it on " + host + ": " + allowLines(missing, Need::grant)));
    }

    /** Such as {@code ann lacks hold, release on tank/a and send on tank/b}. */
    String lacks(List<Need> missing) {
        Map<DatasetName, Set<String>> on = new TreeMap<>();
        missing.forEach(n -> on.computeIfAbsent(n.on(), k -> new TreeSet<>()).add(n.permission()));
        return "the user " + user() + " of " + host + " lacks "
                + on.entrySet().stream()
                        .map(e -> String.join(", ", e.getValue()) + " on " + e.getKey())
                        .collect(Collectors.joining(", and "));
    }

    /** The commands that grant it, to be typed by root. */
    String allowLines(Collection<Need> missing, Function<Need, DatasetName> where) {
        Map<DatasetName, Set<String>> on = new TreeMap<>();
        missing.forEach(
                n -> on.computeIfAbsent(where.apply(n), k -> new TreeSet<>()).add(n.permission()));
        return on.entrySet().stream()
                .map(e -> "zfs allow -u " + quoted(user()) + " " + String.join(",", e.getValue()) + " "
                        + quoted(e.getKey().value()))
                .collect(Collectors.joining("; "));
    }

    private String user() {
        return permissions.user().orElse("root");
    }

    /** As a shell reads it as one word. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
