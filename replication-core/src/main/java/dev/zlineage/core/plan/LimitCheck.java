// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.observe.Limits;
import dev.zlineage.core.zfs.DatasetName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what a plan brings against the limits of the target, for a user who is held to them. */
final class LimitCheck {

    private final Limits limits;
    private final Rights rights;
    private final HostView target;

    /** What the plan so far brings, by limit and dataset. */
    private final Map<String, Map<DatasetName, Long>> coming = new HashMap<>();

    LimitCheck(Limits limits, Rights rights, HostView target) {
        this.limits = limits;
        this.rights = rights;
        this.target = target;
    }

    /** Takes what a dataset brings, if none of the limits is passed by it. */
    Optional<Decision.Refuse> refusal(DatasetPlan dataset) {
        // what is rolled back makes room first
        long gone = dataset.before().stream()
                .mapToLong(step -> step instanceof TargetStep.RollBack back
                        ? back.snapshots().size()
                        : 0)
                .sum();
        long snapshots = dataset.arriving().size() - gone;
        long datasets = dataset.sends() && target.dataset(dataset.receiver()).isEmpty() ? 1 : 0;
        Optional<Decision.Refuse> no =
                passed(Limits.SNAPSHOTS, dataset, snapshots).or(() -> passed(Limits.DATASETS, dataset, datasets));
        if (no.isEmpty()) {
            take(Limits.SNAPSHOTS, dataset, snapshots);
            take(Limits.DATASETS, dataset, datasets);
        }
        return no;
    }

    private Optional<Decision.Refuse> passed(String limit, DatasetPlan dataset, long more) {
        Map<DatasetName, Long> left = limits.left().getOrDefault(limit, Map.of());
        return left.entrySet().stream()
                .filter(l -> l.getKey().contains(dataset.receiver()))
                // who may change a limit is not held to it there
                .filter(l -> !rights.missing(List.of(Need.of(limit, l.getKey(), l.getKey())))
                        .isEmpty())
                .filter(l -> more > 0 && coming(limit, l.getKey()) + more > l.getValue())
                .findFirst()
                .map(l -> Refusals.refuse(
                        Decision.Reason.LIMIT_REACHED,
                        "it brings " + more + (limit.equals(Limits.SNAPSHOTS) ? " snapshot" : " dataset")
                                + (more == 1 ? "" : "s") + ", and " + limit + " of " + l.getKey() + " leaves "
                                + Math.max(0, l.getValue() - coming(limit, l.getKey())),
                        "raise it (zfs set " + limit + "=... " + l.getKey()
                                + "), or destroy what is not needed there"));
    }

    private long coming(String limit, DatasetName name) {
        return coming.getOrDefault(limit, Map.of()).getOrDefault(name, 0L);
    }

    private void take(String limit, DatasetPlan dataset, long more) {
        limits.left().getOrDefault(limit, Map.of()).keySet().stream()
                .filter(name -> name.contains(dataset.receiver()))
                .forEach(name ->
                        coming.computeIfAbsent(limit, l -> new HashMap<>()).merge(name, more, Long::sum));
    }
}
