// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.zfs.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/**
 * Every deletion of a run, decided before it begins. Equal requests and views give equal plans.
 *
 * @param host what to call the host
 * @param now what age was measured against
 * @param datasets those that an owner covers, parents first
 * @param until no owner comes to another opinion before that moment as long as the snapshots are the same; {@link Instant#MAX}
 *     where time has no say, and {@code now} where an opinion depends on what no listing of datasets tells
 */
public record RetentionPlan(String host, Instant now, List<DatasetRetention> datasets, Instant until) {

    /** Copies the list. */
    public RetentionPlan {
        datasets = List.copyOf(datasets);
    }

    /**
     * How many snapshots will be destroyed.
     *
     * @return 0 for a plan without work
     */
    public int destroyed() {
        return datasets.stream().mapToInt(d -> d.destroys().size()).sum();
    }

    /**
     * Whether nobody wants anything destroyed.
     *
     * @return false also where a dataset is left alone although its owners let some of its snapshots go, and where nobody knows
     *     because another side could not be looked at
     */
    public boolean nothingToDo() {
        return datasets.stream()
                .allMatch(dataset -> dataset.wanted().isEmpty()
                        && dataset.leftAlone()
                                .filter(left -> left.reason() == LeftAlone.Reason.OTHER_SIDE_UNKNOWN)
                                .isEmpty());
    }

    /**
     * What will be destroyed.
     *
     * @return one entry for each snapshot, by host, name and GUID
     */
    public List<String> destroys() {
        return datasets.stream()
                .flatMap(dataset -> dataset.destroys().stream().map(snapshot -> lost(dataset, snapshot)))
                .toList();
    }

    /**
     * The part of this plan that somebody has seen.
     *
     * @param agreed tells of an entry of {@link #destroys} whether it may be lost
     * @return this plan, where all other snapshots stay
     */
    public RetentionPlan within(Predicate<String> agreed) {
        List<DatasetRetention> kept = datasets.stream()
                .map(dataset -> dataset.keeping(snapshot -> !agreed.test(lost(dataset, snapshot))))
                .toList();
        // what stays for want of approval is somebody's to destroy in the next run
        return new RetentionPlan(host, now, kept, kept.equals(datasets) ? until : now);
    }

    private String lost(DatasetRetention dataset, Snapshot snapshot) {
        return host + " snapshot " + dataset.dataset() + snapshot + " (GUID " + snapshot.guid() + ")";
    }

    /**
     * The plan as JSON, with the same members in the same order for equal plans.
     *
     * @return a JSON object over several lines
     */
    public String toJson() {
        return RetentionJson.of(this);
    }

    /** The plan as a text that a human follows. */
    @Override
    public String toString() {
        return RetentionText.of(this);
    }
}
