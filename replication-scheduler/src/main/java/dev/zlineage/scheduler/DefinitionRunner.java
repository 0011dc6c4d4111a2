// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.run.KeySink;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.HostsSupplier.OpenHosts;
import dev.zlineage.scheduler.JobOutcome.Ending;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.Problem;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.tick.SnapshotHook;
import dev.zlineage.scheduler.tick.TargetLocks;
import dev.zlineage.scheduler.tick.TaskRequests;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickReport;
import dev.zlineage.scheduler.tick.TickRun;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Does the work of the tasks of a definition on real hosts. Immutable, and as safe for use by several threads as what it opens. */
public final class DefinitionRunner implements TaskRunner {

    private final Definition definition;
    private final HostsSupplier hosts;
    private final Concurrency concurrency;
    private final Function<ReplicationTask, Optional<KeySink>> sinks;
    private final ObservationStore memory;
    private final Function<PeriodicSnapshotTask, Optional<SnapshotHook>> hooks;
    private final double maximumShare;
    private final Optional<TargetLocks> locks;
    private final HoldPolicy holds;

    private DefinitionRunner(
            Definition definition,
            HostsSupplier hosts,
            Concurrency concurrency,
            Function<ReplicationTask, Optional<KeySink>> sinks,
            ObservationStore memory,
            Function<PeriodicSnapshotTask, Optional<SnapshotHook>> hooks,
            double maximumShare,
            Optional<TargetLocks> locks,
            HoldPolicy holds) {
        this.sinks = sinks;
        this.memory = memory;
        this.hooks = hooks;
        this.locks = locks;
        this.holds = holds;
        this.maximumShare = maximumShare;
        this.definition = definition;
        this.hosts = hosts;
        this.concurrency = concurrency;
    }

    /**
     * Runs in real time, and remembers as long as the object lives what had not to be done.
     *
     * @param definition all tasks
     * @param hosts opens hosts for each job
     * @return a runner
     */
    public static DefinitionRunner of(Definition definition, HostsSupplier hosts) {
        return new DefinitionRunner(
                definition,
                hosts,
                Concurrency.system(),
                task -> Optional.empty(),
                ObservationStore.inMemory(),
                task -> Optional.empty(),
                RetentionRequest.DEFAULT_SHARE,
                Optional.empty(),
                HoldPolicy.POOLS_AND_LOGINS);
    }

    /**
     * The same with time and threads of another origin.
     *
     * @param other where to take them from
     * @return a runner
     */
    public DefinitionRunner with(Concurrency other) {
        return new DefinitionRunner(definition, hosts, other, sinks, memory, hooks, maximumShare, locks, holds);
    }

    /**
     * The same with somebody who keeps the keys of targets: see {@link TickRun#withKeySinks}.
     *
     * @param keepers who is told of the keys of a task's targets
     * @return a runner
     */
    public DefinitionRunner withKeySinks(Function<ReplicationTask, Optional<KeySink>> keepers) {
        return new DefinitionRunner(definition, hosts, concurrency, keepers, memory, hooks, maximumShare, locks, holds);
    }

    /**
     * The same with a memory of another kind: see {@link dev.zlineage.core.Replication#remembering(ObservationStore)}.
     *
     * @param store where it is kept
     * @return a runner
     */
    public DefinitionRunner remembering(ObservationStore store) {
        return new DefinitionRunner(definition, hosts, concurrency, sinks, store, hooks, maximumShare, locks, holds);
    }

    /**
     * The same with somebody who is told before and after snapshots are taken: see {@link TickRun#withHooks}.
     *
     * @param told who is told of a task's snapshots
     * @return a runner
     */
    public DefinitionRunner withHooks(Function<PeriodicSnapshotTask, Optional<SnapshotHook>> told) {
        return new DefinitionRunner(definition, hosts, concurrency, sinks, memory, told, maximumShare, locks, holds);
    }

    /**
     * The same with consent to let go of more, or of less, at once: see {@link TickRun#withMaximumShare}.
     *
     * @param share of a dataset's snapshots, by default {@value RetentionRequest#DEFAULT_SHARE}
     * @return a runner
     */
    public DefinitionRunner withMaximumShare(double share) {
        return new DefinitionRunner(definition, hosts, concurrency, sinks, memory, hooks, share, locks, holds);
    }

    /**
     * The same, keeping off what runs outside of the service write into: see {@link TickRun#locking}. The jobs of a service are kept
     * apart without.
     *
     * @param shared with the other runs
     * @return a runner
     */
    public DefinitionRunner locking(TargetLocks shared) {
        return new DefinitionRunner(
                definition, hosts, concurrency, sinks, memory, hooks, maximumShare, Optional.of(shared), holds);
    }

    /**
     * The same with somebody else's word on what is to be mended outside of a task.
     *
     * @param policy which failures put a task on hold
     * @return a runner
     */
    public DefinitionRunner holding(HoldPolicy policy) {
        return new DefinitionRunner(definition, hosts, concurrency, sinks, memory, hooks, maximumShare, locks, policy);
    }

    @Override
    public Set<Claim> claims(Job job) throws CannotRunException {
        Set<Claim> claims = new HashSet<>();
        try (OpenHosts open = hosts.open()) {
            if (job.kind() == JobKind.SNAPSHOTS) {
                claims(snapshots(job), open.here(), claims);
            } else {
                for (ReplicationTask task : replications(job)) {
                    claims(task, open, claims);
                }
            }
        } catch (ZfsException e) {
            throw Outcomes.cannotRun(e.failure(), holds);
        } catch (InvalidRequestException e) {
            throw new CannotRunException(JobOutcome.of(Ending.ERROR, String.valueOf(e.getMessage())));
        }
        return claims;
    }

    /** What lies in a pool that can't be used has no claim: the others are taken on time, and the run tells what became of it. */
    private void claims(List<PeriodicSnapshotTask> tasks, Zfs here, Set<Claim> claims) throws CannotRunException {
        Map<DatasetName, List<DatasetName>> pools = tasks.stream()
                .filter(task -> definition.problems(task).isEmpty())
                .map(task -> DatasetName.of(task.dataset()))
                .collect(Collectors.groupingBy(DatasetName::pool));
        Optional<CannotRunException> why = Optional.empty();
        for (Map.Entry<DatasetName, List<DatasetName>> pool : pools.entrySet()) {
            try {
                Guid guid = guid(here, pool.getKey());
                pool.getValue().forEach(top -> claims.add(Claim.of(guid, top, true)));
            } catch (CannotRunException e) {
                why = why.filter(CannotRunException::isPassing).or(() -> Optional.of(e));
            } catch (ZfsException e) {
                CannotRunException cannot = Outcomes.cannotRun(e.failure(), holds);
                why = why.filter(CannotRunException::isPassing).or(() -> Optional.of(cannot));
            }
        }
        if (claims.isEmpty() && why.isPresent()) {
            throw why.get();
        }
    }

    private void claims(ReplicationTask task, OpenHosts open, Set<Claim> claims) throws CannotRunException {
        TaskRequests asked = TaskRequests.of(task, definition);
        if (asked.refused()) {
            throw new CannotRunException(JobOutcome.of(Ending.ERROR, words(asked.refusals())));
        }
        Zfs here = open.here();
        Zfs there = open.there(task.transport());
        boolean push = task.direction() == Direction.PUSH;
        for (ReplicationRequest request : asked.requests()) {
            claims.add(claim(push ? here : there, request.source(), false));
            claims.add(claim(push ? there : here, request.target(), true));
        }
    }

    private Claim claim(Zfs zfs, DatasetName top, boolean writes) throws CannotRunException {
        return Claim.of(guid(zfs, top.pool()), top, writes);
    }

    private Guid guid(Zfs zfs, DatasetName pool) throws CannotRunException {
        return zfs.execute(new ZfsCommand.ListDatasets(List.of(pool), Scope.SELF)).orThrow().stream()
                .map(Dataset::guid)
                .findFirst()
                .orElseThrow(() -> Outcomes.cannotRun(
                        new ZfsFailure(
                                ZfsFailure.Kind.POOL_UNAVAILABLE,
                                "list " + pool,
                                "the pool " + pool + " is not there on " + zfs.host()),
                        holds));
    }

    private static String words(List<Problem> refusals) {
        return String.join("; ", refusals.stream().map(Problem::toString).toList());
    }

    @Override
    public JobOutcome run(Job job, RunningJob run) throws InterruptedException {
        try (OpenHosts open = hosts.open()) {
            TickRun free = TickRun.of(definition, new FencedHosts(open, run))
                    .with(concurrency)
                    .withMaximumShare(maximumShare)
                    .withKeySinks(sinks)
                    .remembering(memory)
                    .withHooks(hooks);
            TickRun door = locks.map(free::locking).orElse(free);
            ProgressOfJob progress = new ProgressOfJob(run);
            TickReport report = door.run(tick(job), progress, run.cancellation());
            run.reported(report);
            return Outcomes.of(job, report, holds);
        } catch (ZfsException e) {
            return Outcomes.of(e.failure(), holds);
        } catch (InvalidRequestException e) {
            return JobOutcome.of(Ending.ERROR, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Snapshots are named after the moment at which they were due. What an earlier attempt took is there already, and as good
     * as if it were taken now.
     */
    private Tick tick(Job job) {
        boolean asGood = job.origin() == Origin.BY_HAND || job.attempts() > 1;
        Instant moment = job.kind() == JobKind.SNAPSHOTS ? job.moment() : concurrency.now();
        ZonedDateTime local = moment.atZone(definition.zone());
        return new Tick(local, asGood, snapshots(job), replications(job));
    }

    private List<PeriodicSnapshotTask> snapshots(Job job) {
        return job.kind() != JobKind.SNAPSHOTS
                ? List.of()
                : definition.snapshotTasks().stream()
                        .filter(task -> task.enabled() && job.tasks().contains(task.id()))
                        .toList();
    }

    private List<ReplicationTask> replications(Job job) {
        return job.kind() != JobKind.REPLICATION
                ? List.of()
                : definition.replicationTasks().stream()
                        .filter(task -> task.enabled() && job.tasks().contains(task.id()))
                        .toList();
    }
}
