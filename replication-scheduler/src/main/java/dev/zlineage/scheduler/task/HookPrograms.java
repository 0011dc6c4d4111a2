// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import java.time.Duration;
import java.util.Optional;

/**
 * Programs of this host that are run beside the snapshots of a task, such as one that lets a database write down what it has in
 * memory. They are for the command line; an embedder gives {@link dev.zlineage.scheduler.tick.TickRun} a hook.
 *
 * @param before the absolute path of the one that is run before a snapshot is taken
 * @param after that of the one that is run afterwards, whatever became of the first one and of the snapshot
 * @param timeLimit how long each may take; then it is ended, which is a failure
 * @param required whether no snapshot is taken when the one before it failed. Otherwise it is taken and the failure is a
 *     warning: a snapshot as after a loss of power is better than none. Counts for the hooks of embedders too
 */
public record HookPrograms(Optional<String> before, Optional<String> after, Duration timeLimit, boolean required) {

    /** None; what embedders run is not required. */
    public static final HookPrograms NONE =
            new HookPrograms(Optional.empty(), Optional.empty(), Duration.ofMinutes(1), false);

    /**
     * Whether there is none.
     *
     * @return true if no program is named
     */
    public boolean isEmpty() {
        return before.isEmpty() && after.isEmpty();
    }

    /** Appends what can't be meant. */
    void check(Checks checks) {
        absolute("before", before, checks);
        absolute("after", after, checks);
        checks.positive("hook-timeout", timeLimit, "PT1M");
    }

    private static void absolute(String field, Optional<String> program, Checks checks) {
        program.filter(path -> !path.startsWith("/"))
                .ifPresent(
                        path -> checks.refuse(field, path, "it is no absolute path of a program", "begin it with /"));
    }
}
