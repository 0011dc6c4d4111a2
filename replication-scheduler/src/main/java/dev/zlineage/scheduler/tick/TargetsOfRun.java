// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.tick.SourceReport.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** What one run has taken to write into. Each pool is asked for once. Without locks nothing is asked or taken. */
final class TargetsOfRun implements AutoCloseable {

    private record Pool(HostKey host, DatasetName name) {}

    private final Optional<TargetLocks.Holder> holder;
    private final TickListener listener;
    private final Cancellation cancellation;
    private final Map<Pool, TargetTree> pools = new HashMap<>();

    TargetsOfRun(Optional<TargetLocks> locks, TickListener listener, Cancellation cancellation) {
        this.holder = locks.map(TargetLocks::open);
        this.listener = listener;
        this.cancellation = cancellation;
    }

    /**
     * Takes all that a task writes into, before it writes into any of it, and in the order that every run takes its trees in: so two
     * tasks of several targets never wait for each other.
     *
     * @return by target what it comes to that it can't be had; nothing of a pool that is not there
     */
    Map<DatasetName, Outcome> take(ReplicationTask task, List<DatasetName> tops, TaskHosts hosts)
            throws InterruptedException {
        Map<DatasetName, Outcome> kept = new HashMap<>();
        if (holder.isEmpty()) {
            return kept;
        }
        List<TargetTree> trees = new ArrayList<>();
        for (DatasetName top : tops) {
            try {
                tree(task, top, hosts).ifPresent(trees::add);
            } catch (ZfsException e) {
                kept.put(top, new Outcome.Failed(e.failure()));
            } catch (InvalidRequestException e) {
                // the plan tells the same
            }
        }
        trees.sort(TargetTree.ORDER);
        for (TargetTree tree : trees) {
            take(holder.get(), tree, task).ifPresent(outcome -> kept.put(tree.top(), outcome));
        }
        return kept;
    }

    private Optional<Outcome> take(TargetLocks.Holder from, TargetTree tree, ReplicationTask task)
            throws InterruptedException {
        AtomicBoolean waited = new AtomicBoolean();
        try {
            Optional<String> other = from.take(
                    tree,
                    task.id(),
                    why -> {
                        waited.set(true);
                        listener.waits(task, why);
                    },
                    cancellation);
            if (waited.get()) {
                listener.waitsNoMore(task);
            }
            return other.map(Outcome.Busy::new);
        } catch (TargetLockException e) {
            return Optional.of(new Outcome.Failed(
                    new ZfsFailure(ZfsFailure.Kind.UNKNOWN, "lock " + tree.top(), String.valueOf(e.getMessage()))));
        }
    }

    private Optional<TargetTree> tree(ReplicationTask task, DatasetName top, TaskHosts hosts) {
        boolean push = task.direction() == Direction.PUSH;
        Pool pool = new Pool(push ? HostKey.of(task.transport()) : HostKey.HERE, top.pool());
        TargetTree known = pools.get(pool);
        if (known != null) {
            return Optional.of(new TargetTree(known.pool(), top));
        }
        Zfs host = push ? hosts.there(task.transport()) : hosts.here();
        Optional<TargetTree> asked = TargetTree.on(host, top);
        asked.ifPresent(tree -> pools.put(pool, tree));
        return asked;
    }

    @Override
    public void close() {
        holder.ifPresent(TargetLocks.Holder::close);
    }
}
