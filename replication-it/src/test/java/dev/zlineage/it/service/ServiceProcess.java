// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.service;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.scheduler.Claim;
import dev.zlineage.scheduler.JdbcTaskStore;
import dev.zlineage.scheduler.Job;
import dev.zlineage.scheduler.JobOutcome;
import dev.zlineage.scheduler.JobOutcome.Ending;
import dev.zlineage.scheduler.ReplicationService;
import dev.zlineage.scheduler.TaskRunner;
import dev.zlineage.scheduler.TaskStore;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.RunRules;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.SnapshotOptions;
import dev.zlineage.scheduler.task.TaskTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service as a process of its own, whose jobs do nothing but write into a file when they begin and end. It may kill itself
 * beside a certain call of its store.
 */
final class ServiceProcess {

    /** What its clock shows when it is started first. */
    static final Instant BEGIN = Instant.parse("2026-05-01T00:00:00Z");

    /** Its clock shows a minute each second. */
    static final int TIMES = 60;

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Map<String, Set<Claim>> CLAIMS = Map.of(
            "left", Set.of(writes("backup/x/left")),
            "whole", Set.of(writes("backup/x")),
            "aside", Set.of(writes("vault/y")),
            "snap", Set.of(writes("tank/a")));

    private ServiceProcess() {}

    private static Claim writes(String dataset) {
        DatasetName name = DatasetName.of(dataset);
        return Claim.of(new Guid(name.pool().value().hashCode()), name, true);
    }

    /** Each minute a snapshot and three replications, of which two write into one tree; each minute that is missed is caught up. */
    static Definition definition() {
        OwnOptions all = OwnOptions.DEFAULTS.withRules(RunRules.DEFAULT.missed(RunRules.Missed.ALL));
        List<ReplicationTask> replications = List.of("left", "whole", "aside").stream()
                .map(id -> ReplicationTask.of(
                                id, Direction.PUSH, new TaskTransport.Local(), List.of("tank/" + id), "backup/" + id)
                        .snapshots(new SnapshotChoice(
                                List.of(),
                                List.of(),
                                List.of("auto-%Y-%m-%d_%H-%M"),
                                Optional.empty(),
                                Optional.empty(),
                                false))
                        .auto()
                        .schedule(CronSchedule.of("* * * * *"))
                        .own(all)
                        .build())
                .toList();
        PeriodicSnapshotTask snap = PeriodicSnapshotTask.of(
                        "snap", "tank/a", "auto-%Y-%m-%d_%H-%M", CronSchedule.of("* * * * *"))
                .with(SnapshotOptions.DEFAULTS.withMissed(RunRules.Missed.ALL));
        return new Definition(UTC, Optional.empty(), false, List.of(snap), replications);
    }

    /** Writes down each run, and waits for a while in it. */
    static final class Runner implements TaskRunner {

        private final Path log;
        private final Concurrency concurrency;
        private final String who;

        Runner(Path log, Concurrency concurrency, String who) {
            this.log = log;
            this.concurrency = concurrency;
            this.who = who;
        }

        @Override
        public Set<Claim> claims(Job job) {
            return CLAIMS.getOrDefault(job.tasks().get(0), Set.of());
        }

        @Override
        public JobOutcome run(Job job, RunningJob run) throws InterruptedException {
            write(log, "begin " + line(job));
            Duration takes = Duration.ofSeconds(new SplittableRandom(job.id() * 31 + job.attempts()).nextInt(1, 25));
            concurrency.sleep(takes);
            boolean cut = run.cancellation().isCancelled();
            write(log, (cut ? "cut " : "end ") + line(job));
            return cut
                    ? JobOutcome.of(Ending.CANCELLED, "cancelled")
                    : JobOutcome.finished(List.of(), Optional.empty());
        }

        private String line(Job job) {
            return who + " " + job.id() + " " + job.tasks().get(0) + " " + job.moment() + " " + job.attempts();
        }
    }

    /** One write, which is there as a whole or not at all. */
    static void write(Path log, String line) {
        try {
            Files.write(
                    log,
                    (line + "\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills this process before or after the call of a number, of those that change the store. */
    private static TaskStore dying(TaskStore store, int call, boolean before) {
        AtomicInteger calls = new AtomicInteger();
        Set<String> changes = Set.of("advance", "queue", "begin", "end", "drop", "renew", "giveBack");
        return (TaskStore) Proxy.newProxyInstance(
                TaskStore.class.getClassLoader(), new Class<?>[] {TaskStore.class}, (proxy, method, arguments) -> {
                    boolean last = changes.contains(method.getName()) && calls.incrementAndGet() == call;
                    if (last && before) {
                        die();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        if (last) {
                            die();
                        }
                    }
                });
    }

    private static void die() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
                .start()
                .waitFor();
        new CountDownLatch(1).await();
    }

    /** The folder, the moment of the real clock at which all began, the call that kills, and "before" or "after". */
    public static void main(String[] args) throws InterruptedException {
        Path folder = Path.of(args[0]);
        Concurrency concurrency = new HurriedConcurrency(Instant.parse(args[1]), BEGIN, TIMES);
        String who = Long.toString(ProcessHandle.current().pid());
        TaskStore store =
                dying(JdbcTaskStore.file(folder.resolve("tasks")), Integer.parseInt(args[2]), args[3].equals("before"));
        write(folder.resolve("log"), "start " + who);
        ReplicationService.of(definition(), new Runner(folder.resolve("log"), concurrency, who), store)
                .with(concurrency)
                .start();
        new CountDownLatch(1).await();
    }
}
