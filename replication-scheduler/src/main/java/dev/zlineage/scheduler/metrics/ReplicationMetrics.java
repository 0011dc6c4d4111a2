// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.metrics;

import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.JobOutcome.Ending;
import dev.zlineage.scheduler.JobRecord;
import dev.zlineage.scheduler.ServiceEvent;
import dev.zlineage.scheduler.ServiceListener;
import dev.zlineage.scheduler.TaskStatus;
import dev.zlineage.scheduler.tick.SnapshotReport;
import dev.zlineage.scheduler.tick.SourceReport;
import dev.zlineage.scheduler.tick.TaskReport;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Meters of a service: listens to it, and keeps them in a registry of Micrometer.
 *
 * <pre>{@code
 * ReplicationMetrics metrics = ReplicationMetrics.in(registry);
 * ReplicationService service = ReplicationService.of(definition, runner, store).listening(metrics).start();
 * metrics.begin(service.status());
 * }</pre>
 *
 * <p>Moments are seconds since 1970. Used by the thread of one service; the registry may be read by any.
 */
public final class ReplicationMetrics implements ServiceListener {

    private final MeterRegistry registry;
    private final Map<String, AtomicLong> lastSuccess = new ConcurrentHashMap<>();
    private final Map<String, Map<String, DatasetMeters>> datasets = new HashMap<>();
    private final AtomicLong running;

    /** The tasks that there are; empty as long as nobody said. */
    private Optional<Set<String>> defined = Optional.empty();

    private ReplicationMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.running = registry.gauge("zlineage.jobs.running", new AtomicLong());
    }

    /**
     * Meters that nothing has been told of.
     *
     * @param registry keeps them
     * @return a listener for one service
     */
    public static ReplicationMetrics in(MeterRegistry registry) {
        return new ReplicationMetrics(registry);
    }

    /**
     * Takes over what a service remembers of earlier processes.
     *
     * @param tasks its status
     */
    public void begin(List<TaskStatus> tasks) {
        for (TaskStatus status : tasks) {
            status.last()
                    .filter(last -> last.outcome().ending() == Ending.FINISHED)
                    .ifPresent(last -> success(status.kind().name(), status.task(), last.ended()));
        }
    }

    @Override
    public void on(ServiceEvent event) {
        if (event instanceof ServiceEvent.Began) {
            running.incrementAndGet();
        } else if (event instanceof ServiceEvent.GivenBack) {
            running.decrementAndGet();
        } else if (event instanceof ServiceEvent.Ended ended) {
            ended(ended.ended());
        } else if (event instanceof ServiceEvent.Reported reported) {
            reported.report().snapshots().stream()
                    .filter(snapshot -> exists(snapshot.task()))
                    .forEach(this::snapshot);
            reported.report().tasks().stream()
                    .filter(task -> exists(task.task()))
                    .forEach(task -> task(task, reported.at()));
        } else if (event instanceof ServiceEvent.Defined now) {
            defined = Optional.of(now.tasks());
            forgetTasks();
        }
    }

    /** What still runs of a task that is gone has no meters any more. */
    private boolean exists(String task) {
        return defined.isEmpty() || defined.get().contains(task);
    }

    private void forgetTasks() {
        for (Meter meter : registry.getMeters()) {
            String task = meter.getId().getTag("task");
            if (meter.getId().getName().startsWith("zlineage.") && task != null && !exists(task)) {
                registry.remove(meter);
            }
        }
        lastSuccess.keySet().removeIf(key -> !exists(key.substring(key.indexOf(' ') + 1)));
        datasets.keySet().removeIf(task -> !exists(task));
    }

    private void ended(JobRecord record) {
        List<String> tasks = record.job().tasks().stream().filter(this::exists).toList();
        record.began().ifPresent(began -> {
            running.decrementAndGet();
            for (String task : tasks) {
                registry.timer("zlineage.run.duration", tags(record.job().kind().name(), task))
                        .record(Duration.between(began, record.ended()));
            }
        });
        String ending = word(record.outcome().ending());
        for (String task : tasks) {
            String kind = record.job().kind().name();
            registry.counter("zlineage.runs", tags(kind, task).and("ending", ending))
                    .increment();
            if (record.outcome().ending() == Ending.FINISHED) {
                success(kind, task, record.ended());
            }
        }
    }

    private void success(String kind, String task, Instant at) {
        lastSuccess
                .computeIfAbsent(
                        kind + " " + task,
                        key -> registry.gauge("zlineage.task.last.success", tags(kind, task), new AtomicLong()))
                .set(at.getEpochSecond());
    }

    private static Tags tags(String kind, String task) {
        return Tags.of("kind", kind.toLowerCase(Locale.ROOT), "task", task);
    }

    private void snapshot(SnapshotReport snapshot) {
        if (snapshot.outcome() instanceof SnapshotReport.Outcome.Failed failed) {
            failure(snapshot.task(), word(failed.failure().kind()));
        } else if (snapshot.outcome() instanceof SnapshotReport.Outcome.Refused) {
            failure(snapshot.task(), "refused");
        }
    }

    private void task(TaskReport task, Instant now) {
        if (!task.refusals().isEmpty()) {
            failure(task.task(), "refused");
        }
        Set<String> seen = new HashSet<>();
        boolean all = task.refusals().isEmpty();
        for (SourceReport source : task.sources()) {
            if (source.outcome() instanceof SourceReport.Outcome.Ran ran) {
                Map<String, DatasetResult> results = new HashMap<>();
                ran.result()
                        .datasets()
                        .forEach(result -> results.put(result.source().value(), result));
                ran.plan().datasets().forEach(plan -> {
                    String name = plan.source().value();
                    seen.add(name);
                    DatasetMeters meters = meters(task.task(), name);
                    meters.ran(plan, results.get(name), now);
                    meters.failure().ifPresent(why -> failure(task.task(), why));
                });
            } else {
                all = false;
                if (source.outcome() instanceof SourceReport.Outcome.Failed failed) {
                    failure(task.task(), word(failed.failure().kind()));
                } else if (source.outcome() instanceof SourceReport.Outcome.Busy) {
                    failure(task.task(), word(ZfsFailure.Kind.BUSY));
                }
            }
        }
        if (all) {
            forgetOthers(task.task(), seen);
        }
    }

    private DatasetMeters meters(String task, String dataset) {
        return datasets.computeIfAbsent(task, name -> new HashMap<>())
                .computeIfAbsent(dataset, name -> new DatasetMeters(registry, task, dataset));
    }

    /** A dataset that is gone does not lag any more. */
    private void forgetOthers(String task, Set<String> seen) {
        datasets.getOrDefault(task, new HashMap<>()).entrySet().removeIf(entry -> {
            boolean gone = !seen.contains(entry.getKey());
            if (gone) {
                entry.getValue().remove();
            }
            return gone;
        });
    }

    private void failure(String task, String why) {
        registry.counter("zlineage.failures", "task", task, "class", why).increment();
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
