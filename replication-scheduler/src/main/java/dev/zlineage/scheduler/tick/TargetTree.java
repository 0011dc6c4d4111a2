// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a replication writes into: a dataset and all below it. The pool is known by its GUID, so that two names of one host, or
 * two ways to it, lead to the same tree.
 *
 * @param pool the GUID of the pool's root dataset
 * @param top the topmost dataset
 */
public record TargetTree(Guid pool, DatasetName top) {

    /** By the pool and then by the path, where all that lies below one comes right after it. */
    static final Comparator<TargetTree> ORDER = Comparator.comparing(
                    (TargetTree tree) -> tree.pool().hex())
            .thenComparing(tree -> tree.path().replace('/', '\0'));

    /**
     * Asks a host for the pool of a target.
     *
     * @param host where the target is
     * @param top the topmost dataset
     * @return the tree; empty if the pool is not there, so that nothing can be written into it
     * @throws dev.zlineage.core.zfs.ZfsException if the host can't tell
     */
    public static Optional<TargetTree> on(Zfs host, DatasetName top) {
        Answer<List<Dataset>> answer = host.execute(new ZfsCommand.ListDatasets(List.of(top.pool()), Scope.SELF));
        if (answer instanceof Answer.Failed<List<Dataset>> failed
                && failed.failure().kind() == ZfsFailure.Kind.NO_SUCH_DATASET) {
            return Optional.empty();
        }
        return answer.orThrow().stream().findFirst().map(pool -> new TargetTree(pool.guid(), top));
    }

    /**
     * What follows the pool in the name of the topmost dataset.
     *
     * @return such as {@code /data}; empty for the whole pool
     */
    public String path() {
        return top.value().substring(top.pool().value().length());
    }
}
