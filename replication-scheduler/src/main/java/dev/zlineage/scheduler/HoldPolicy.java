// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.zfs.ZfsFailure;

/**
 * Says which failures somebody has to mend outside of a task before it can run at all, so that it is on hold and not in error.
 * Implementations are safe for use by several threads.
 */
@FunctionalInterface
public interface HoldPolicy {

    /** A pool that can't be used, a host that lets nobody in. */
    HoldPolicy POOLS_AND_LOGINS = failure ->
            failure.kind() == ZfsFailure.Kind.POOL_UNAVAILABLE || failure.kind() == ZfsFailure.Kind.HOST_REFUSED;

    /**
     * Whether a job that failed so is {@link JobOutcome.Ending#HOLD}.
     *
     * @param failure one of what failed in it; one that holds is enough
     * @return false for {@link JobOutcome.Ending#ERROR}
     */
    boolean holds(ZfsFailure failure);
}
