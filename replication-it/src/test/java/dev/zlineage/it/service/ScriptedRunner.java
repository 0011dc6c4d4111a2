// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.service;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.scheduler.Claim;
import dev.zlineage.scheduler.Job;
import dev.zlineage.scheduler.JobOutcome;
import dev.zlineage.scheduler.JobOutcome.Ending;
import dev.zlineage.scheduler.TaskRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Jobs that take as long as the test says, and do nothing. */
final class ScriptedRunner implements TaskRunner {

    /** A run that ended, or was ended. */
    record Run(String task, Instant began, Instant ended) {}

    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Map<String, Guid> POOLS =
            Map.of("tank", new Guid(1), "backup", new Guid(2), "vault", new Guid(3));

    final List<Run> runs = new ArrayList<>();
    private final Concurrency concurrency;
    private final Map<String, Duration> takes = new HashMap<>();
    private final Map<String, Set<Claim>> claims = new HashMap<>();
    private final Map<String, Duration> asking = new HashMap<>();
    private final Map<String, Boolean> failing = new HashMap<>();
    private final Map<String, Integer> silent = new HashMap<>();

    /** Who had lost a job before it had done its work. */
    final List<String> lost = new ArrayList<>();

    ScriptedRunner(Concurrency concurrency) {
        this.concurrency = concurrency;
    }

    ScriptedRunner takes(String task, Duration duration) {
        takes.put(task, duration);
        return this;
    }

    ScriptedRunner writes(String task, String... datasets) {
        Set<Claim> all = new java.util.HashSet<>();
        for (String name : datasets) {
            DatasetName dataset = DatasetName.of(name);
            all.add(Claim.of(POOLS.get(dataset.pool().value()), dataset, true));
        }
        claims.put(task, all);
        return this;
    }

    /** Its next runs do not end well. */
    ScriptedRunner fails(String task, boolean yes) {
        failing.put(task, yes);
        return this;
    }

    /** Its host answers late. */
    ScriptedRunner isAskedFor(String task, Duration duration) {
        asking.put(task, duration);
        return this;
    }

    /** Its host does not answer so many times. */
    ScriptedRunner doesNotAnswer(String task, int times) {
        silent.put(task, times);
        return this;
    }

    @Override
    public Set<Claim> claims(Job job) throws CannotRunException {
        String task = job.tasks().get(0);
        if (silent.merge(task, -1, Integer::sum) >= 0) {
            throw new CannotRunException(JobOutcome.of(Ending.ERROR, "no answer"), true);
        }
        if (asking.containsKey(task)) {
            try {
                concurrency.sleep(asking.get(task));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return claims.getOrDefault(task, Set.of());
    }

    @Override
    public JobOutcome run(Job job, RunningJob run) throws InterruptedException {
        String task = job.tasks().get(0);
        Instant began = concurrency.now();
        Duration left = takes.getOrDefault(task, STEP);
        while (left.compareTo(Duration.ZERO) > 0 && !run.cancellation().isCancelled()) {
            Duration step = left.compareTo(STEP) < 0 ? left : STEP;
            concurrency.sleep(step);
            left = left.minus(step);
        }
        if (!run.stillMine()) {
            lost.add(task);
        }
        runs.add(new Run(task, began, concurrency.now()));
        if (failing.getOrDefault(task, false)) {
            return JobOutcome.of(Ending.ERROR, "broken");
        }
        return run.cancellation().isCancelled()
                ? JobOutcome.of(Ending.CANCELLED, "cancelled")
                : JobOutcome.finished(List.of(), Optional.empty());
    }

    List<String> tasks() {
        return runs.stream().map(Run::task).toList();
    }

    Run run(String task) {
        return runs.stream().filter(run -> run.task().equals(task)).findFirst().orElseThrow();
    }
}
