// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.TaskTransport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often the store is called does not grow with the number of tasks, but with what is due. */
class ManyTasksTest {

    private int calls;

    private TaskStore counting(TaskStore store) {
        return (TaskStore) Proxy.newProxyInstance(
                TaskStore.class.getClassLoader(), new Class<?>[] {TaskStore.class}, (proxy, method, arguments) -> {
                    calls++;
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** The first is due each other minute, the others at noon. */
    private static Definition of(int tasks) {
        List<ReplicationTask> all = IntStream.range(0, tasks)
                .mapToObj(i -> ReplicationTask.of(
                                "task-" + i,
                                Direction.PUSH,
                                new TaskTransport.Local(),
                                List.of("tank/" + i),
                                "backup/" + i)
                        .snapshots(new SnapshotChoice(
                                List.of(),
                                List.of(),
                                List.of("auto-%Y-%m-%d_%H-%M"),
                                Optional.empty(),
                                Optional.empty(),
                                false))
                        .auto()
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
