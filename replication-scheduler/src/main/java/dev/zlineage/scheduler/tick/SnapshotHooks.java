// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.tick.SnapshotHook.HookFailedException;
import dev.zlineage.scheduler.tick.SnapshotHook.Occasion;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Takes a task's snapshots between its hooks. What fails of these is a warning, unless the task says that it must not. */
final class SnapshotHooks {

    private final Function<PeriodicSnapshotTask, Optional<SnapshotHook>> hooks;
    private final List<String> warnings;
    private final Cancellation cancellation;

    SnapshotHooks(
            Function<PeriodicSnapshotTask, Optional<SnapshotHook>> hooks,
            List<String> warnings,
            Cancellation cancellation) {
        this.cancellation = cancellation;
        this.hooks = hooks;
        this.warnings = warnings;
    }

    boolean has(PeriodicSnapshotTask task) {
        return hooks.apply(task).isPresent();
    }

    SnapshotReport beside(SnapshotSet set, Supplier<SnapshotReport> take) throws InterruptedException {
        Optional<SnapshotHook> hook = hooks.apply(set.task());
        return hook.isPresent() ? beside(hook.get(), set, take) : take.get();
    }

    private SnapshotReport beside(SnapshotHook hook, SnapshotSet set, Supplier<SnapshotReport> take)
            throws InterruptedException {
        Occasion occasion = new Occasion(set.task().id(), set.name(), cancellation);
        boolean taken = false;
        try {
            Optional<String> failed = before(hook, occasion);
            if (cancellation.isCancelled()) {
                return SnapshotReport.of(
                        set.task().id(), set.name().toString(), new SnapshotReport.Outcome.Cancelled());
            }
            if (failed.isPresent() && set.task().own().hooks().required()) {
                return SnapshotReport.of(
                        set.task().id(),
                        set.name().toString(),
                        new SnapshotReport.Outcome.Failed(new ZfsFailure(
                                ZfsFailure.Kind.CANCELLED,
                                "before " + set.name(),
                                "it was not taken, since what the task requires before it failed: " + failed.get())));
            }
            failed.ifPresent(why -> warnings.add(set.name() + " was taken although the hook before it failed: " + why));
            SnapshotReport report = take.get();
            taken = !(report.outcome() instanceof SnapshotReport.Outcome.Failed);
            return report;
        } finally {
            after(hook, occasion, taken);
        }
    }

    private static Optional<String> before(SnapshotHook hook, Occasion occasion) throws InterruptedException {
        try {
            hook.before(occasion);
            return Optional.empty();
        } catch (HookFailedException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return Optional.of(e.toString());
        }
    }

    private void after(SnapshotHook hook, Occasion occasion, boolean taken) throws InterruptedException {
        try {
            hook.after(occasion, taken);
        } catch (HookFailedException e) {
            warnings.add("the hook after " + occasion.snapshot() + " failed: " + e.getMessage());
        } catch (RuntimeException e) {
            warnings.add("the hook after " + occasion.snapshot() + " failed: " + e);
        }
    }
}
