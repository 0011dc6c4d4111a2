// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.RunRules;
import dev.zlineage.scheduler.task.RunRules.Missed;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.TaskTransport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each due time is served once, also if the store fails for a while, or another service has led. */
class FailingStoreTest {

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final Set<String> failing = new HashSet<>();
    private final RecordingRunner runner = new RecordingRunner();
    private final ManualScheduler scheduler =
            ManualScheduler.of(of("old"), runner, at("00:00:30"), failing(), ServiceListener.NONE);

    private TaskStore failing() {
        return (TaskStore) Proxy.newProxyInstance(
                TaskStore.class.getClassLoader(), new Class<?>[] {TaskStore.class}, (proxy, method, arguments) -> {
                    if (failing.contains(method.getName())) {
                        throw new TaskStoreException("no room", new IllegalStateException());
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Instant at(String time) {
        return Instant.parse("2026-05-01T" + time + "Z");
    }

    /** Each due each other minute. */
    private static Definition of(String... ids) {
        return new Definition(
                ZoneId.of("UTC"),
                Optional.empty(),
                false,
                List.of(),
                Stream.of(ids)
                        .map(id -> ReplicationTask.of(
                                        id,
                                        Direction.PUSH,
                                        new TaskTransport.Local(),
                                        List.of("tank/" + id),
                                        "backup/" + id)
                                .snapshots(new SnapshotChoice(
                                        List.of(), List.of(), List.of("%s"), Optional.empty(), Optional.empty(), false))
                                .auto()
                                .schedule(CronSchedule.of("*/2 * * * *"))
                                .own(OwnOptions.DEFAULTS.withRules(RunRules.DEFAULT.missed(Missed.ALL)))
                                .build())
                        .toList());
    }

    @Test
    void aScheduleThatIsNewBeginsWhenItCameAndNotWhenTheStoreWritesAgain() throws InterruptedException {
        scheduler.set(at("00:01:00"));
        failing.add("advance");
        assertThatThrownBy(() -> scheduler.define(of("old", "new"), runner)).isInstanceOf(TaskStoreException.class);
        assertThatThrownBy(() -> scheduler.set(at("00:02:10"))).isInstanceOf(TaskStoreException.class);
        failing.clear();
        scheduler.set(at("00:05:00"));
        assertThat(runner.lines())
                .containsExactlyInAnyOrder(
                        at("00:02:00") + " old",
                        at("00:02:00") + " new",
                        at("00:04:00") + " old",
                        at("00:04:00") + " new");
    }

    /** It slept, another one led for two hours and left in order: this one was never told that it did not lead. */
    @Test
    void whatAnotherOneHasServedIsNotServedAgain() throws InterruptedException {
        scheduler.set(at("00:00:40"));
        Optional<Instant> said = store.lead("other", at("02:00:00"), Optional.empty());
        assertThat(store.lead("other", at("02:00:00"), said)).isEmpty();
        assertThat(store.advance(store.cursor(), at("02:01:00"), List.of(), Optional.empty()))
                .isTrue();
        store.resign("other");
        scheduler.set(at("02:03:00"));
        assertThat(runner.lines()).containsExactly(at("02:02:00") + " old");
    }

    @Test
    void whatCanNotBeDefinedChangesNothing() throws InterruptedException {
        failing.add("followed");
        assertThatThrownBy(() -> scheduler.define(of("new"), runner)).isInstanceOf(TaskStoreException.class);
        failing.clear();
        assertThat(scheduler.status()).extracting(TaskStatus::task).containsExactly("old");
        scheduler.set(at("00:02:00"));
        assertThat(runner.lines()).containsExactly(at("00:02:00") + " old");
    }

    /** A job that has ended is not run again, however long the store can't write that down. */
    @Test
    void theEndOfAJobIsWrittenDownWhenTheStoreWritesAgain() throws InterruptedException {
        failing.add("end");
        assertThatThrownBy(() -> scheduler.set(at("00:02:10"))).isInstanceOf(TaskStoreException.class);
        scheduler.set(at("00:02:40"));
        assertThat(scheduler.history()).isEmpty();
        failing.clear();
        scheduler.set(at("00:03:20"));
        assertThat(runner.lines()).containsExactly(at("00:02:00") + " old");
        assertThat(scheduler.history())
                .singleElement()
                .satisfies(ended -> assertThat(ended.ended()).isEqualTo(at("00:02:10")));
    }
}
