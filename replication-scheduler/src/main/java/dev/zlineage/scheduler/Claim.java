// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;

/**
 * A part of a pool that a job reads or writes. The pool is known by its GUID, so that two names of one host, or two of one
 * pool, are the same.
 *
 * @param pool the GUID of the pool's root dataset
 * @param path what follows the pool in the name of the topmost dataset, such as {@code /data}; empty for the whole pool
 * @param writes whether the job changes it
 */
public record Claim(Guid pool, String path, boolean writes) {

    /**
     * Claims a dataset and all below it.
     *
     * @param pool the GUID of its pool's root dataset
     * @param top the topmost dataset
     * @param writes whether the job changes it
     * @return the claim
     */
    public static Claim of(Guid pool, DatasetName top, boolean writes) {
        return new Claim(pool, top.value().substring(top.pool().value().length()), writes);
    }

    /**
     * Whether two jobs may not run at the same time.
     *
     * @param other the claim of another job
     * @return true if they overlap and one of them writes
     */
    public boolean conflicts(Claim other) {
        return (writes || other.writes) && overlaps(other);
    }

    /**
     * Whether two claims have a dataset in common.
     *
     * @param other the claim of another job
     * @return true if one lies in the other
     */
    public boolean overlaps(Claim other) {
        return pool.equals(other.pool) && (within(other) || other.within(this));
    }

    private boolean within(Claim other) {
        return path.equals(other.path) || path.startsWith(other.path + "/");
    }
}
