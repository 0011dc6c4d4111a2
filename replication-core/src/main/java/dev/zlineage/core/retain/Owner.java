// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.select.Schedule;
import dev.zlineage.core.zfs.DatasetName;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Someone who has a say about snapshots: a task that takes them, or one that replicates them. A snapshot is destroyed if one
 * owner at least wants that and none objects; one that nobody owns is never touched.
 *
 * @param name for messages; for {@link RetentionPolicy.SameAsSource} the task of the {@link Link} that tells the source
 * @param enabled a disabled owner neither destroys nor keeps
 * @param covers the datasets it is about, on the host that is looked at
 * @param claim which of their snapshots it owns
 * @param when only those that were taken in a minute of this schedule; empty for any
 * @param policy what it wants of them
 */
public record Owner(
        String name,
        boolean enabled,
        Predicate<DatasetName> covers,
        Claim claim,
        Optional<Schedule> when,
        RetentionPolicy policy) {

    /**
     * An enabled owner of snapshots of any time.
     *
     * @param name for messages
     * @param covers the datasets it is about
     * @param claim which of their snapshots it owns
     * @param policy what it wants of them
     */
    public Owner(String name, Predicate<DatasetName> covers, Claim claim, RetentionPolicy policy) {
        this(name, true, covers, claim, Optional.empty(), policy);
    }
}
