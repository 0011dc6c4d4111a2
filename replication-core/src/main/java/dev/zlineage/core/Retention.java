// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core;

import dev.zlineage.core.retain.RetentionObserver;
import dev.zlineage.core.retain.RetentionPlan;
import dev.zlineage.core.retain.RetentionPlanner;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.retain.RetentionResult;
import dev.zlineage.core.retain.RetentionRun;
import dev.zlineage.core.retain.Tie;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The door to retention: destroys the snapshots of a host that their owners do not want any more and that no replication goes
 * on from.
 *
 * <pre>{@code
 * Retention retention = Retention.on(vault).tied(
 *         new Tie("backup", Link.Role.RECEIVES, copy, data, Optional.empty()), nas);
 * RetentionPlan plan = retention.plan(new RetentionRequest(owners, clock.instant(), zone), List.of(copy));
 * System.out.print(plan);
 * System.out.print(retention.run(plan));
 * }</pre>
 *
 * <p>A replication is safe from it when it was {@linkplain #tied named}. Calls block. The object is immutable and safe for use
 * by several threads; it does not close the hosts.
 */
public final class Retention {

    private final Zfs host;
    private final Map<Tie, Zfs> ties;

    private Retention(Zfs host, Map<Tie, Zfs> ties) {
        this.host = host;
        this.ties = ties;
    }

    /**
     * Retention on a host whose datasets take part in no replication, until some are {@linkplain #tied named}.
     *
     * @param host whose snapshots are judged
     * @return a door
     */
    public static Retention on(Zfs host) {
        return new Retention(host, Map.of());
    }

    /**
     * The same with one more replication whose base is kept, be it running, waiting or switched off.
     *
     * @param tie the replication
     * @param other the host of its other side; may be the same
     * @return a door
     */
    public Retention tied(Tie tie, Zfs other) {
        Map<Tie, Zfs> more = new LinkedHashMap<>(ties);
        more.put(tie, other);
        return new Retention(host, more);
    }

    /**
     * Looks at all sides and decides what is to be destroyed. Changes nothing.
     *
     * @param request the owners, and the time
     * @param roots the datasets to judge, with all below them
     * @return the plan
     * @throws ZfsException if the host can't be listed; another side that can't be is a reason in the plan
     */
    public RetentionPlan plan(RetentionRequest request, List<DatasetName> roots) {
        return RetentionPlanner.plan(request, RetentionObserver.observe(host, roots, request.owners(), ties));
    }

    /**
     * Carries a plan out.
     *
     * @param plan what to destroy
     * @return what became of it
     */
    public RetentionResult run(RetentionPlan plan) {
        return run(plan, () -> false);
    }

    /**
     * Carries a plan out until told to stop.
     *
     * @param plan what to destroy
     * @param stop asked before each batch of datasets
     * @return what became of it
     */
    public RetentionResult run(RetentionPlan plan, BooleanSupplier stop) {
        return new RetentionRun(plan, host, stop).run();
    }
}
