// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the user that a host is used as may do there: everything, or what {@code zfs allow} grants.
 *
 * @param user the name of that user; empty for one that may do everything, which are root and who comes by sudo or doas
 * @param grants what reaches the user: by name, by a group or because everyone has it, with the permissions of sets in place
 *     of the sets
 */
public record Permissions(Optional<String> user, List<Grant> grants) {

    /** Those of root. */
    public static final Permissions ALL = new Permissions(Optional.empty(), List.of());

    /** Copies the list. */
    public Permissions {
        grants = List.copyOf(grants);
    }

    /**
     * One grant.
     *
     * @param on the dataset that it was made on
     * @param reach where it counts
     * @param permissions names such as {@code send} or {@code readonly}
     */
    public record Grant(DatasetName on, Reach reach, Set<String> permissions) {

        /** Copies the set. */
        public Grant {
            permissions = Set.copyOf(permissions);
        }

        private boolean reaches(DatasetName dataset) {
            return dataset.equals(on) ? reach != Reach.BELOW : reach != Reach.HERE && on.contains(dataset);
        }
    }

    /** Where a grant counts. */
    public enum Reach {
        /** On the dataset alone: {@code zfs allow -l}. */
        HERE,
        /** On all below it, and not on itself: {@code zfs allow -d}. */
        BELOW,
        /** On both. */
        HERE_AND_BELOW
    }

    /**
     * The permission that setting a property takes: its own name, or {@code userprop} for all user properties.
     *
     * @param property the name of a native or user property
     * @return the name of the permission
     */
    public static String toSet(String property) {
        return property.indexOf(':') < 0 ? property : "userprop";
    }

    /**
     * Whether the user has a permission.
     *
     * @param permission its name
     * @param dataset where; it need not exist yet, since what counts below a dataset counts on new ones too
     * @return true also for who may do everything
     */
    public boolean allow(String permission, DatasetName dataset) {
        return user.isEmpty()
                || grants.stream().anyMatch(g -> g.permissions().contains(permission) && g.reaches(dataset));
    }
}
