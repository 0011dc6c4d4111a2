// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.Permissions.Reach;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was delegated on the datasets of one host by {@code zfs allow}. To be called with the monitor of the host. */
final class Delegation {

    /** In the order in which they are printed. */
    private static final List<Reach> REACHES = List.of(Reach.HERE, Reach.BELOW, Reach.HERE_AND_BELOW);

    /** What was said on one dataset. */
    private static final class Said {

        final Map<String, Set<String>> sets = new TreeMap<>();

        /** By reach, then by who: {@code user ann}, {@code group staff} or {@code everyone}. */
        final Map<Reach, Map<String, Set<String>>> grants = new HashMap<>();
    }

    private final FakeHost host;
    private final Map<FakeDataset, Said> said = new HashMap<>();

    Delegation(FakeHost host) {
        this.host = host;
    }

    void grant(FakeDataset on, Reach reach, String who, Set<String> permissions) {
        said(on).grants
                .computeIfAbsent(reach, r -> new TreeMap<>())
                .computeIfAbsent(who, w -> new TreeSet<>())
                .addAll(permissions);
    }

    void define(FakeDataset on, String set, Set<String> permissions) {
        said(on).sets.computeIfAbsent(set, s -> new TreeSet<>()).addAll(permissions);
    }

    void revoke(FakeDataset on, String who) {
        said(on).grants.values().forEach(grants -> grants.remove(who));
    }

    private Said said(FakeDataset on) {
        return said.computeIfAbsent(on, d -> new Said());
    }

    /** What {@code zfs allow} prints: the dataset first, then those above it. */
    List<String> printed(FakeDataset dataset) {
        List<String> lines = new ArrayList<>();
        for (FakeDataset at : upwards(dataset.name())) {
            List<String> section = section(at);
            if (!section.isEmpty()) {
                String title = "---- Permissions on " + at.name() + " ";
                lines.add(title + "-".repeat(Math.max(0, 70 - title.length())));
                lines.addAll(section);
            }
        }
        return lines;
    }

    private List<String> section(FakeDataset at) {
        List<String> lines = new ArrayList<>();
        Said here = said(at);
        rows("Permission sets:", here.sets, lines);
        for (Reach reach : REACHES) {
            rows(title(reach), here.grants.getOrDefault(reach, Map.of()), lines);
        }
        return lines;
    }

    private static void rows(String title, Map<String, Set<String>> rows, List<String> to) {
        if (!rows.isEmpty()) {
            to.add(title);
            rows.forEach((who, permissions) -> to.add("\t" + who + " " + String.join(",", permissions)));
        }
    }

    private static String title(Reach reach) {
        return switch (reach) {
            case HERE -> "Local permissions:";
            case BELOW -> "Descendent permissions:";
            case HERE_AND_BELOW -> "Local+Descendent permissions:";
        };
    }

    private List<FakeDataset> upwards(DatasetName name) {
        List<FakeDataset> found = new ArrayList<>();
        for (Optional<DatasetName> at = Optional.of(name);
                at.isPresent();
                at = at.get().parent()) {
            FakeDataset dataset = host.find(at.get());
            if (dataset != null) {
                found.add(dataset);
            }
        }
        return found;
    }

    /** What reaches a user on some datasets. */
    Permissions of(FakeUser user, List<DatasetName> names) {
        Set<Permissions.Grant> grants = new HashSet<>();
        for (DatasetName name : names) {
            for (FakeDataset at : upwards(name)) {
                said(at).grants
                        .forEach((reach, rows) -> rows.forEach((who, permissions) -> {
                            if (user.is(who)) {
                                grants.add(new Permissions.Grant(at.name(), reach, resolved(at.name(), permissions)));
                            }
                        }));
            }
        }
        return new Permissions(Optional.of(user.name()), List.copyOf(grants));
    }

    private Set<String> resolved(DatasetName on, Set<String> permissions) {
        Set<String> all = new HashSet<>();
        permissions.forEach(p -> resolve(on, p, all));
        return all;
    }

    private void resolve(DatasetName on, String permission, Set<String> into) {
        if (into.add(permission) && permission.startsWith("@")) {
            for (FakeDataset at : upwards(on)) {
                said(at).sets.getOrDefault(permission, Set.of()).forEach(p -> resolve(on, p, into));
            }
        }
    }
}
