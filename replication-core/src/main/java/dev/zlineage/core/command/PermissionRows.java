// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.Permissions.Grant;
import dev.zlineage.core.zfs.Permissions.Reach;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code zfs allow} prints of a dataset: a section for it and each above it on which anything was granted, all of it made
 * for people. A permission has no space in its name, a user or a group may have some.
 */
final class PermissionRows implements Listing.Reader<Permissions> {

    private static final String SECTION = "---- Permissions on ";
    private static final String CREATE_TIME = "Create time permissions:";
    private static final String SETS = "Permission sets:";
    private static final Map<String, Reach> REACHES = Map.of(
            "Local permissions:", Reach.HERE,
            "Descendent permissions:", Reach.BELOW,
            "Local+Descendent permissions:", Reach.HERE_AND_BELOW);

    private final Caller.Ordinary caller;

    /** Each dataset's own section is printed once for each dataset below it. */
    private final Set<Grant> grants = new LinkedHashSet<>();

    private final Map<DatasetName, Map<String, Set<String>>> sets = new HashMap<>();

    PermissionRows(Caller.Ordinary caller) {
        this.caller = caller;
    }

    @Override
    public void read(String stdout) throws UnreadableException {
        @Nullable DatasetName dataset = null;
        String title = "";
        for (String line : stdout.lines().toList()) {
            if (line.startsWith(SECTION)) {
                dataset = dataset(line);
                title = "";
            } else if (!line.startsWith("\t")) {
                if (!REACHES.containsKey(line) && !line.equals(CREATE_TIME) && !line.equals(SETS)) {
                    throw new UnreadableException("no title of permissions", line);
                }
                title = line;
            } else if (dataset == null || title.isEmpty()) {
                throw new UnreadableException("permissions without a title", line);
            } else {
                row(dataset, title, line.substring(1));
            }
        }
    }

    private static DatasetName dataset(String line) throws UnreadableException {
        String name = line.substring(SECTION.length());
        int end = name.lastIndexOf(' ');
        // the line is filled up with hyphens, which a long name leaves no room for
        name = end >= 0 && name.substring(end + 1).matches("-*") ? name.substring(0, end) : name;
        try {
            return DatasetName.of(name);
        } catch (InvalidNameException e) {
            throw new UnreadableException("no dataset", line);
        }
    }

    private void row(DatasetName dataset, String title, String row) throws UnreadableException {
        int space = row.lastIndexOf(' ');
        Set<String> permissions = Set.copyOf(List.of(row.substring(space + 1).split(",")));
        String who = space < 0 ? "" : row.substring(0, space);
        if (title.equals(SETS)) {
            sets.computeIfAbsent(dataset, d -> new HashMap<>()).put(who, permissions);
        } else if (title.equals(CREATE_TIME)) {
            // who creates a dataset gets them on it: they are no obstacle, and what exists shows them as its own
            grants.add(new Grant(dataset, Reach.BELOW, permissions));
        } else if (reaches(who, row)) {
            grants.add(new Grant(dataset, REACHES.getOrDefault(title, Reach.HERE), permissions));
        }
    }

    private boolean reaches(String who, String row) throws UnreadableException {
        if (who.startsWith("user ")) {
            return who.substring(5).equals(caller.user());
        }
        if (who.startsWith("group ")) {
            return caller.groups().contains(who.substring(6));
        }
        if (who.equals("everyone")) {
            return true;
        }
        throw new UnreadableException("permissions of nobody", row);
    }

    @Override
    public Permissions answer() {
        List<Grant> all = new ArrayList<>();
        for (Grant grant : grants) {
            Set<String> permissions = new HashSet<>();
            grant.permissions().forEach(p -> resolve(grant.on(), p, permissions));
            all.add(new Grant(grant.on(), grant.reach(), permissions));
        }
        return new Permissions(Optional.of(caller.name()), all);
    }

    /** A set is what the dataset of the grant and those above it say that it is; it may hold other sets. */
    private void resolve(DatasetName on, String permission, Set<String> into) {
        if (!into.add(permission) || !permission.startsWith("@")) {
            return;
        }
        for (Optional<DatasetName> at = Optional.of(on);
                at.isPresent();
                at = at.get().parent()) {
            sets.getOrDefault(at.get(), Map.of())
                    .getOrDefault(permission, Set.of())
                    .forEach(p -> resolve(on, p, into));
        }
    }
}
