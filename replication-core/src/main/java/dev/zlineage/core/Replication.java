// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.memory.Memory;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.observe.Limits;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.observe.Observer;
import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.Estimates;
import dev.zlineage.core.plan.Features;
import dev.zlineage.core.plan.Planner;
import dev.zlineage.core.plan.Preflight;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.plan.Settled;
import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.run.KeySink;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.run.PlanRun;
import dev.zlineage.core.run.ReplicationListener;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.PoolFeature;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The door: replicates datasets from one host to another, or within one.
 *
 * <pre>{@code
 * try (Zfs host = LocalHost.open()) {
 *     Replication replication = Replication.between(host, host);
 *     ReplicationPlan plan = replication.plan(
 *             ReplicationRequest.of("tank/data", "backup/data").recursive(true).build());
 *     System.out.print(plan);
 *     System.out.print(replication.run(plan));
 * }
 * }</pre>
 *
 * <p>Calls block. The object is immutable and safe for use by several threads; it does not close the hosts. Two runs at once
 * into the same target do no harm, but one of them fails.
 */
public final class Replication {

    private final Zfs source;
    private final Zfs target;
    private final Concurrency concurrency;
    private final Patience patience;
    private final Optional<KeySink> sink;
    private final ObservationStore store;
    private final Duration audit;

    private Replication(
            Zfs source,
            Zfs target,
            Concurrency concurrency,
            Patience patience,
            Optional<KeySink> sink,
            ObservationStore store,
            Duration audit) {
        this.source = source;
        this.target = target;
        this.concurrency = concurrency;
        this.patience = patience;
        this.sink = sink;
        this.store = store;
        this.audit = audit;
    }

    /**
     * Replication between two hosts, in real time.
     *
     * @param source the host that sends
     * @param target the host that receives; may be the same
     * @return a door
     */
    public static Replication between(Zfs source, Zfs target) {
        return new Replication(
                source,
                target,
                Concurrency.system(),
                Patience.DEFAULT,
                Optional.empty(),
                ObservationStore.NONE,
                Memory.AUDIT);
    }

    /**
     * The same with time and threads of another origin, for tests.
     *
     * @param other where to take them from
     * @return a door
     */
    public Replication with(Concurrency other) {
        return new Replication(source, target, other, patience, sink, store, audit);
    }

    /**
     * The same with another patience.
     *
     * @param other how long runs put up with trouble
     * @return a door
     */
    public Replication with(Patience other) {
        return new Replication(source, target, concurrency, other, sink, store, audit);
    }

    /**
     * The same with somebody who keeps the keys of targets that are given one of their own and no file for it.
     *
     * @param keeper told of each such key once the target is there
     * @return a door
     */
    public Replication with(KeySink keeper) {
        return new Replication(source, target, concurrency, patience, Optional.of(keeper), store, audit);
    }

    /**
     * The same with a memory: snapshots are listed only of datasets that changed since there was nothing to do for them. Each
     * dataset is looked at whole once in {@link Memory#AUDIT} all the same. A host with an OpenZFS older than 2.2 does not tell what
     * changed, and is listed whole each time.
     *
     * @param memory where it is kept, for any number of requests and hosts
     * @return a door
     */
    public Replication remembering(ObservationStore memory) {
        return remembering(memory, Memory.AUDIT);
    }

    /**
     * The same with a memory that is believed for another time.
     *
     * @param memory where it is kept, for any number of requests and hosts
     * @param atMost how long a dataset is taken for unchanged before it is looked at whole
     * @return a door
     */
    public Replication remembering(ObservationStore memory, Duration atMost) {
        return new Replication(source, target, concurrency, patience, sink, memory, atMost);
    }

    /**
     * Looks at both sides and decides what is to be done. Changes nothing.
     *
     * @param request what is asked for
     * @return the plan
     * @throws ZfsException if a host can't be listed, or the source or the target's pool does not exist
     * @throws InvalidRequestException if source and target overlap, the snapshot to take exists already, or the target's key
     *     is to be handed over and there is no {@link KeySink}
     */
    public ReplicationPlan plan(ReplicationRequest request) {
        return plan(request, plan -> Set.of());
    }

    /**
     * Looks at both sides once, decides what is to be done, and leaves out what the plan shows to be of no use on the target.
     * Changes nothing.
     *
     * @param request what is asked for
     * @param useless tells which snapshots of a plan are of no use; asked once
     * @return the plan without them
     * @throws ZfsException if a host can't be listed, or the source or the target's pool does not exist
     * @throws InvalidRequestException if source and target overlap, the snapshot to take exists already, or the target's key
     *     is to be handed over and there is no {@link KeySink}
     */
    public ReplicationPlan plan(ReplicationRequest request, Function<ReplicationPlan, Set<Guid>> useless) {
        requireKeeper(request);
        Memory memory = Memory.of(store, audit, source.host() + "\n" + target.host(), request, concurrency);
        Observation seen = Observer.observe(source, target, request, memory);
        ReplicationPlan plan = Planner.plan(request, seen);
        Set<Guid> dropped = useless.apply(plan);
        Map<DatasetName, String> settled = Settled.of(plan, seen);
        if (!dropped.isEmpty()) {
            plan = Planner.plan(request.leavingOut(dropped), seen);
            // what has nothing to do either way, and what is said of it now
            Map<DatasetName, String> said = Settled.of(plan, seen);
            settled.keySet().retainAll(said.keySet());
            settled.replaceAll((dataset, before) -> said.getOrDefault(dataset, before));
        }
        memory.keep(seen.glance(), OnPoolNames.ofHoldTag(plan.holdTag()).destination(), settled);
        return possible(plan, seen);
    }

    /**
     * Asks the source how large the streams of a plan will be, all of them at once. Takes a while where there are many, and is a
     * guess that can be far off. Changes nothing.
     *
     * @param plan what is to be done
     * @return the same plan with {@linkplain ReplicationPlan#estimate estimates}, which its run tells to listeners; what the
     *     source can't tell is among its warnings
     */
    public ReplicationPlan estimate(ReplicationPlan plan) {
        List<ZfsCommand.EstimateSend> questions = Estimates.questions(plan).stream()
                .map(ZfsCommand.EstimateSend::new)
                .toList();
        return Estimates.into(plan, questions.isEmpty() ? List.of() : source.execute(questions));
    }

    /**
     * Carries a plan out.
     *
     * @param plan what to do
     * @return how each dataset ended
     * @throws ZfsException if the snapshot that the plan begins with can't be taken; nothing was changed then
     * @throws InvalidRequestException if the target's key is to be handed over and there is no {@link KeySink}
     * @throws InterruptedException if the thread was interrupted; streams under way were cut and their processes are gone
     */
    public ReplicationResult run(ReplicationPlan plan) throws InterruptedException {
        return run(plan, ReplicationListener.NONE, new Cancellation());
    }

    /**
     * Carries a plan out.
     *
     * <p>A plan that begins with a snapshot counts on it before it exists; once it was taken, the same request is planned
     * anew from what is there. Where that would destroy more than the plan said, the dataset is refused.
     *
     * @param plan what to do
     * @param listener told what happens, on this thread
     * @param cancellation ends the run from any thread
     * @return how each dataset ended
     * @throws ZfsException if the snapshot that the plan begins with can't be taken; nothing was changed then
     * @throws InvalidRequestException if the target's key is to be handed over and there is no {@link KeySink}
     * @throws InterruptedException if the thread was interrupted; streams under way were cut and their processes are gone
     */
    public ReplicationResult run(ReplicationPlan plan, ReplicationListener listener, Cancellation cancellation)
            throws InterruptedException {
        requireKeeper(plan.request());
        ReplicationPlan ready = plan;
        if (plan.snapshot().isPresent()) {
            source.execute(snapshots(plan, plan.snapshot().get())).orThrow();
            ready = plan(plan.request().withoutTakingSnapshot()).within(plan);
        }
        ReplicationRequest request = ready.request();
        return new PlanRun(
                        ready,
                        source,
                        target,
                        dataset -> replan(request, dataset),
                        sink,
                        patience,
                        concurrency,
                        listener,
                        cancellation)
                .run();
    }

    private void requireKeeper(ReplicationRequest request) {
        if (request.encryption().handsOver() && sink.isEmpty()) {
            throw new InvalidRequestException(List.of(new InvalidRequestException.Problem(
                    "encryption",
                    "nobody is there to keep the key of the target; name a file on its host, or a key sink")));
        }
    }

    /** Where something is left out, one name for each dataset that is not: still one transaction group. */
    private static ZfsCommand.TakeSnapshots snapshots(ReplicationPlan plan, SnapshotName top) {
        if (plan.leftOut().isEmpty()) {
            Scope scope = plan.request().recursive() ? Scope.SUBTREE : Scope.SELF;
            return new ZfsCommand.TakeSnapshots(List.of(top), scope, Map.of());
        }
        List<SnapshotName> names = plan.datasets().stream()
                .map(dataset -> dataset.source().snapshot(top.label()))
                .toList();
        return new ZfsCommand.TakeSnapshots(names, Scope.SELF, Map.of());
    }

    private DatasetPlan replan(ReplicationRequest request, DatasetName dataset) {
        Observation seen = Observer.observe(source, target, request, dataset);
        return permitted(Planner.plan(request, seen, dataset), seen).datasets().get(0);
    }

    /** One question more, and only where something is sent in full; two where the target's pool lacks something. */
    private ReplicationPlan possible(ReplicationPlan plan, Observation seen) {
        ReplicationPlan permitted = permitted(plan, seen);
        if (!Features.matter(permitted)) {
            return permitted;
        }
        Map<String, PoolFeature> there =
                Observer.features(target, permitted.request().target());
        if (there.isEmpty()) {
            return permitted;
        }
        Map<String, PoolFeature> here = Features.lacking(there)
                ? Observer.features(source, permitted.request().source())
                : Map.of();
        return Features.check(permitted, here, there);
    }

    /**
     * A round trip more a side, two on the target, and only for users who may not do everything, and where something is to be
     * done.
     */
    private ReplicationPlan permitted(ReplicationPlan plan, Observation seen) {
        if (!plan.hasWork()) {
            return plan;
        }
        List<DatasetName> changed = Preflight.ofTarget(plan, seen);
        Permissions onTarget = Observer.permissions(target, changed);
        return Preflight.check(
                plan,
                seen,
                Observer.permissions(source, Preflight.ofSource(plan)),
                onTarget,
                onTarget.user().isPresent() ? Limits.of(target, changed) : Limits.NONE);
    }
}
