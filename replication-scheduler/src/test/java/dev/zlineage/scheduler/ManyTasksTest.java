// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.TaskTransport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often the store is called does not grow with the number of tasks, but with what is due. */
class ManyTasksTest {

    private int calls;
    private final List<String> called = new ArrayList<>();

    private TaskStore counting(TaskStore store) {
        return (TaskStore) Proxy.newProxyInstance(
                TaskStore.class.getClassLoader(), new Class<?>[] {TaskStore.class}, (proxy, method, arguments) -> {
                    calls++;
                    called.add(method.getName());
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Whatever runs lets all that waits be looked at whenever it gets further. */
    @Test
    void howThoseEndedAfterWhichATaskRunsIsAskedOnce() throws InterruptedException {
        ReplicationTask first =
                task("first").schedule(CronSchedule.of("0 * * * *")).build();
        ReplicationTask next = task("next")
                .own(OwnOptions.DEFAULTS.withAfter(List.of("first")))
                .build();
        RecordingRunner runner = new RecordingRunner();
        ManualScheduler scheduler = ManualScheduler.of(
                new Definition(ZoneId.of("UTC"), Optional.empty(), false, List.of(), List.of(first, next)),
                runner,
                Instant.parse("2026-05-01T00:59:30Z"),
                counting(new InMemoryTaskStore()),
                ServiceListener.NONE);
        scheduler.pause("next");
        scheduler.advanceTo(Instant.parse("2026-05-01T01:00:00Z"));
        called.clear();
        for (int second = 10; second < 30; second++) {
            scheduler.set(Instant.parse("2026-05-01T01:00:" + second + "Z"));
        }
        assertThat(called).contains("paused").doesNotContain("memories", "memory");
        called.clear();
        scheduler.advanceTo(Instant.parse("2026-05-01T02:00:00Z"));
        assertThat(called).containsOnlyOnce("memory").doesNotContain("memories");
        scheduler.goOn("next");
        assertThat(runner.lines())
                .containsExactly(
                        "2026-05-01T01:00:00Z first", "2026-05-01T02:00:00Z first", "2026-05-01T02:00:00Z next");
    }

    private static ReplicationTask.Builder task(String id) {
        return ReplicationTask.of(id, Direction.PUSH, new TaskTransport.Local(), List.of("tank/" + id), "backup/" + id)
                .snapshots(new SnapshotChoice(
                        List.of(),
                        List.of(),
                        List.of("auto-%Y-%m-%d_%H-%M"),
                        Optional.empty(),
                        Optional.empty(),
                        false))
                .auto();
    }

    /** The first is due each other minute, the others at noon. */
    private static Definition of(int tasks) {
        List<ReplicationTask> all = IntStream.range(0, tasks)
                .mapToObj(i -> task("task-" + i)
                        .schedule(CronSchedule.of(i == 0 ? "*/2 0-11 * * *" : "0 12 * * *"))
                        .build())
                .toList();
        return new Definition(ZoneId.of("UTC"), Optional.of(8), false, List.of(), all);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000})
    void theStoreIsCalledAsOftenAsThereIsSomethingToDo(int tasks) throws InterruptedException {
        ManualScheduler scheduler = ManualScheduler.of(
                of(tasks),
                new RecordingRunner(),
                Instant.parse("2026-05-01T00:00:30Z"),
                counting(new InMemoryTaskStore()),
                ServiceListener.NONE);
        scheduler.set(Instant.parse("2026-05-01T00:00:40Z"));
        calls = 0;
        scheduler.set(Instant.parse("2026-05-01T00:01:20Z"));
        assertThat(calls).as("nothing is due").isLessThanOrEqualTo(4);
        calls = 0;
        scheduler.set(Instant.parse("2026-05-01T00:02:10Z"));
        assertThat(scheduler.history()).hasSize(1);
        assertThat(calls).as("one is due").isLessThanOrEqualTo(10);
        calls = 0;
        assertThat(scheduler.status()).hasSize(tasks);
        assertThat(calls).as("where all stand").isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1000})
    void whereAllAreDueEachCostsTheSame(int tasks) throws InterruptedException {
        ManualScheduler scheduler = ManualScheduler.of(
                of(tasks),
                new RecordingRunner(),
                Instant.parse("2026-05-01T11:59:30Z"),
                counting(new InMemoryTaskStore()),
                ServiceListener.NONE);
        scheduler.set(Instant.parse("2026-05-01T11:59:40Z"));
        calls = 0;
        scheduler.set(Instant.parse("2026-05-01T12:00:10Z"));
        assertThat(scheduler.history()).hasSize(tasks - 1);
        // begun and ended, and paused tasks are asked for once for each eight that begin
        assertThat(calls).isLessThan(5 * tasks / 2 + 10);
    }
}
