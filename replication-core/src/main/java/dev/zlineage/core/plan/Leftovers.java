// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import java.util.Optional;
import java.util.Set;

/**
 * Says what was received to take a target's place, where that goes on without it: somebody put the target right by other means,
 * before or while it was replaced. It has the name that we give, and nothing more tells that it is nobody's: it may be held, or
 * cloned, or hold the only copy of a snapshot. So it stays until a person says that it may go, as does what was set aside.
 */
final class Leftovers {

    private Leftovers() {}

    /**
     * The warning of one dataset.
     *
     * @param targets of all datasets: one that is such a leftover on the source itself has its copy here
     * @param target what was seen, where swaps that are begun count as finished
     */
    static Optional<String> warning(DatasetPlan dataset, Set<DatasetName> targets, HostView target) {
        boolean goesOn = dataset.decision() instanceof Decision.Send || dataset.decision() instanceof Decision.UpToDate;
        return beside(dataset.target())
                // otherwise it may be needed once the reason is out of the way
                .filter(name -> goesOn && !dataset.receiver().equals(name) && !putsInPlace(dataset, name))
                .filter(name -> !targets.contains(name))
                .flatMap(target::dataset)
                .map(Dataset::name)
                .map(name -> name + " was received to take the place of " + dataset.target()
                        + ", which goes on by itself now, and takes its room until you destroy it;"
                        + " see: zlineage doctor");
    }

    /** Also where nothing is left to be sent. */
    private static boolean putsInPlace(DatasetPlan dataset, DatasetName name) {
        return dataset.after().stream()
                .anyMatch(step ->
                        step instanceof TargetStep.Swap swap && swap.incoming().equals(name));
    }

    private static Optional<DatasetName> beside(DatasetName target) {
        try {
            return Optional.of(SetAside.incoming(target));
        } catch (InvalidNameException e) {
            return Optional.empty(); // too long to be there
        }
    }
}
