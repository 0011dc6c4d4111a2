// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What a user can do about a failure. */
final class Advice {

    private Advice() {}

    static Set<String> on(ReplicationResult result) {
        Set<String> advice = new LinkedHashSet<>();
        for (DatasetResult dataset : result.datasets()) {
            if (dataset.outcome() instanceof DatasetResult.Outcome.Failed failed) {
                on(failed.failure().kind()).ifPresent(advice::add);
            }
        }
        return advice;
    }

    static Optional<String> on(ZfsFailure.Kind kind) {
        String advice = switch (kind) {
            case HOST_UNREACHABLE ->
                "see that the host answers and has OpenZFS; --zfs PATH or --remote-zfs PATH names the program";
            case HOST_REFUSED -> "nothing was changed; put that right and run again";
            case NO_SUCH_DATASET -> "see what there is with: zfs list -r";
            case NO_PERMISSION ->
                "run zfs as root (--sudo here, --remote-sudo there, where neither may ask for a password), or let root"
                        + " delegate the right with 'zfs allow'";
            case KEY_NOT_LOADED -> "load the key with 'zfs load-key', then run again";
            case KEY_NOT_KEPT ->
                "see to the program of --key-sink or key-sink, then run again: the data is there, its key is handed over then";
            case NO_SPACE -> "make room in the target's pool, then run again: what arrived is not sent twice";
            case QUOTA -> "raise the quota of the target, then run again: what arrived is not sent twice";
            case POOL_UNAVAILABLE -> "look at 'zpool status', and import or clear the pool";
            case TARGET_MODIFIED, NO_INCREMENTAL_BASE, TARGET_EXISTS ->
                "the target was changed while this ran; plan again to see how it stands";
            case BUSY -> "something uses the target, perhaps another receive; run again when it is done";
            case STREAM_CUT, STREAM_CUT_RESUMABLE, TIMED_OUT -> "run again";
            default -> "";
        };
        return advice.isEmpty() ? Optional.empty() : Optional.of(advice);
    }
}
