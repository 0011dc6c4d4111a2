// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.service;

import dev.zlineage.scheduler.Claim;
import dev.zlineage.scheduler.JdbcTaskStore;
import dev.zlineage.scheduler.Job;
import dev.zlineage.scheduler.JobOutcome;
import dev.zlineage.scheduler.ManualScheduler;
import dev.zlineage.scheduler.ServiceListener;
import dev.zlineage.scheduler.TaskRunner;
import dev.zlineage.scheduler.TaskStore;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.TaskTransport;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a service of many tasks costs, on a store in a file, with jobs that do nothing: a minute in which nothing is due, one in
 * which a single task is, one in which all are, the question where all stand, and the memory. Prints a table in Markdown.
 */
public final class ManyTasks {

    private static final Instant BEGIN = Instant.parse("2026-05-01T00:00:30Z");
    private static final int ROUNDS = 50;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Where all tasks run in one minute of the day; none does in those that are measured otherwise. */
    private static final String ALL = "0 12 * * *";

    private final int tasks;
    private final AtomicLong calls = new AtomicLong();

    private ManyTasks(int tasks) {
        this.tasks = tasks;
    }

    /** The numbers of tasks; without any, 10 to 10 000. */
    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println(
                "| tasks | nothing due: µs | calls of the store | one due: ms | calls | all due: µs a task | calls a task |"
                        + " status: ms | KiB a task |");
        System.out.println("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        int[] numbers = args.length == 0
                ? new int[] {10, 100, 1000, 10_000}
                : Stream.of(args).mapToInt(Integer::parseInt).toArray();
        new ManyTasks(100).measure(); // warms up
        for (int tasks : numbers) {
            System.out.println(new ManyTasks(tasks).measure());
        }
    }

    private Definition definition() {
        List<ReplicationTask> all = IntStream.range(0, tasks)
                .mapToObj(i -> ReplicationTask.of(
                                "task-" + i,
                                Direction.PUSH,
                                new TaskTransport.Local(),
                                List.of("tank/data-" + i),
                                "backup/data-" + i)
                        .snapshots(new SnapshotChoice(
                                List.of(),
                                List.of(),
                                List.of("auto-%Y-%m-%d_%H-%M"),
                                Optional.empty(),
                                Optional.empty(),
                                false))
                        .auto()
                        .schedule(CronSchedule.of(i == 0 ? "*/2 0-11 * * *" : ALL))
                        .build())
                .toList();
        return new Definition(ZoneId.of("UTC"), Optional.of(8), false, List.of(), all);
    }

    private static final class Nothing implements TaskRunner {

        @Override
        public Set<Claim> claims(Job job) {
            return Set.of();
        }

        @Override
        public JobOutcome run(Job job, RunningJob run) {
            return JobOutcome.finished(List.of(), Optional.empty());
        }
    }

    private TaskStore counting(TaskStore store) {
        return (TaskStore) Proxy.newProxyInstance(
                TaskStore.class.getClassLoader(), new Class<?>[] {TaskStore.class}, (proxy, method, arguments) -> {
                    calls.incrementAndGet();
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private record Cost(double micros, long calls) {}

    private Cost cost(Work work) throws InterruptedException {
        long before = calls.get();
        long began = System.nanoTime();
        work.run();
        return new Cost((System.nanoTime() - began) / 1e3, calls.get() - before);
    }

    private static Cost median(Cost[] costs) {
        Arrays.sort(costs, (one, other) -> Double.compare(one.micros(), other.micros()));
        return costs[costs.length / 2];
    }

    private String measure() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("many-tasks");
        try (JdbcTaskStore file = JdbcTaskStore.file(folder.resolve("tasks"))) {
            return measure(counting(file));
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(folder);
        }
    }

    private String measure(TaskStore store) throws InterruptedException {
        long empty = used();
        Definition definition = definition();
        ManualScheduler scheduler = ManualScheduler.of(definition, new Nothing(), BEGIN, store, ServiceListener.NONE);
        scheduler.set(BEGIN);
        long memory = used() - empty;

        Cost[] idle = new Cost[ROUNDS];
        Cost[] one = new Cost[ROUNDS];
        Instant now = BEGIN;
        for (int i = 0; i < ROUNDS; i++) {
            Instant odd = now.plus(MINUTE);
            idle[i] = cost(() -> scheduler.set(odd));
            Instant even = odd.plus(MINUTE);
            one[i] = cost(() -> scheduler.set(even));
            now = even;
        }
        Cost all = cost(() -> scheduler.set(Instant.parse("2026-05-01T12:00:10Z")));
        Cost status = cost(scheduler::status);
        if (scheduler.history().size() != Math.min(10_000, tasks + ROUNDS)) {
            throw new IllegalStateException(scheduler.history().size() + " jobs have run");
        }
        return String.format(
                Locale.ROOT,
                "| %d | %.0f | %d | %.1f | %d | %.0f | %.1f | %.1f | %.1f |",
                tasks,
                median(idle).micros(),
                median(idle).calls(),
                median(one).micros() / 1e3,
                median(one).calls(),
                all.micros() / tasks,
                (double) all.calls() / tasks,
                status.micros() / 1e3,
                memory / 1024.0 / tasks);
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
