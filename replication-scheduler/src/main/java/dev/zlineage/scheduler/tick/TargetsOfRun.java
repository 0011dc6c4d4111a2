// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.ReplicationTask;
import java.util.HashMap;
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

    /** Who is in the way; empty if nobody is, or the pool is not there. */
    Optional<String> take(ReplicationTask task, DatasetName top, TaskHosts hosts) throws InterruptedException {
        if (holder.isEmpty()) {
            return Optional.empty();
        }
        Optional<TargetTree> tree = tree(task, top, hosts);
        return tree.isEmpty() ? Optional.empty() : take(task, tree.get(), holder.get());
    }

    private Optional<String> take(ReplicationTask task, TargetTree tree, TargetLocks.Holder from)
            throws InterruptedException {
        AtomicBoolean waited = new AtomicBoolean();
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
        return other;
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
