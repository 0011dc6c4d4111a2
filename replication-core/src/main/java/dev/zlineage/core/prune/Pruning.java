// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.prune;

import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsException;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The door: prunes copies of datasets that are gone on the source.
 *
 * <p>Only a dataset that was marked as a copy of one by its GUID, while both were there, can ever go; it goes when nothing of
 * that GUID has been below the source for a while. Run it after each run of the replication: the first one marks what is there.
 *
 * <p>Calls block. The object is immutable and safe for use by several threads; it does not close the hosts.
 */
public final class Pruning {

    private final Zfs source;
    private final Zfs target;

    private Pruning(Zfs source, Zfs target) {
        this.source = source;
        this.target = target;
    }

    /**
     * Pruning of what one host has of another.
     *
     * @param source the host that is copied
     * @param target the host with the copies; may be the same
     * @return a door
     */
    public static Pruning between(Zfs source, Zfs target) {
        return new Pruning(source, target);
    }

    /**
     * Looks at both sides and decides what is to be done. Changes nothing.
     *
     * @param request whose copies, and how long they stay
     * @return the plan
     * @throws ZfsException if anything can't be listed
     */
    public PrunePlan plan(PruneRequest request) {
        return PrunePlanner.plan(request, PruneObserver.observe(source, target, request.replication()));
    }

    /**
     * Carries a plan out. Where something is to be destroyed, both sides are looked at once more, and only what is planned alike
     * again goes; the source is looked at again before each dataset.
     *
     * @param plan what to do
     * @param stop asked before each dataset
     * @return what became of it
     * @throws ZfsException if something is to be destroyed and anything can't be listed any more; nothing was changed then
     */
    public PruneResult run(PrunePlan plan, BooleanSupplier stop) {
        Set<CopyFate> still = plan.with(CopyFate.Act.DESTROY).isEmpty()
                ? Set.of()
                : Set.copyOf(plan(plan.request()).with(CopyFate.Act.DESTROY));
        return new PruneRun(source, target, still).run(plan, stop);
    }
}
