// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.tick;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.retain.Lifetime;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.StreamChoice;
import dev.zlineage.scheduler.task.TargetRetention;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.scheduler.tick.TaskHosts;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickReport;
import dev.zlineage.scheduler.tick.TickRun;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A host, another one behind an address, and a definition that is run on them at moments of the test's choice. */
abstract class TickWorld {

    static final String SCHEMA = "auto-%Y-%m-%d_%H-%M";
    static final CronSchedule HOURLY = CronSchedule.of("0 * * * *");
    static final TaskTransport LOCAL = new TaskTransport.Local();
    static final TaskTransport VAULT = new TaskTransport.Ssh(
            "vault",
            22,
            "backup",
            Optional.empty(),
            List.of("ssh-ed25519 AAAA"),
            Duration.ofSeconds(10),
            false,
            Optional.empty());

    /** What the engine does not do. */
    static final StreamChoice TOO_SLOW = new StreamChoice(
            false, List.of(), Map.of(), false, true, false, true, false, Optional.empty(), Optional.of(1000L));

    /** A full filesystem. */
    static final StreamChoice WHOLE = new StreamChoice(
            true, List.of(), Map.of(), true, false, false, false, false, Optional.empty(), Optional.empty());

    static final TargetRetention AS_SOURCE =
            new TargetRetention(TargetRetention.Policy.SOURCE, Optional.empty(), Map.of());

    static final StreamChoice PLAIN = new StreamChoice(
            false, List.of(), Map.of(), false, true, false, true, false, Optional.empty(), Optional.empty());

    Instant now = Instant.parse("2026-01-10T00:00:00Z");
    final FakeZfs nas = FakeZfs.builder().host("nas").seed(1).clock(() -> now).build();
    final FakeZfs vault =
            FakeZfs.builder().host("vault").seed(2).clock(() -> now).build();
    final FarHost far = new FarHost(vault);
    final Concurrency concurrency = new VirtualConcurrency(7);
    final List<PeriodicSnapshotTask> snapshots = new ArrayList<>();
    final List<ReplicationTask> replications = new ArrayList<>();
    ZoneId zone = ZoneId.of("UTC");
    double share = 1;

    final TaskHosts hosts = new TaskHosts() {
        @Override
        public Zfs here() {
            return nas;
        }

        @Override
        public Zfs there(TaskTransport transport) {
            return transport.remote() ? far : nas;
        }
    };

    final Definition definition() {
        return new Definition(zone, Optional.empty(), false, snapshots, replications);
    }

    final TickRun run() {
        return TickRun.of(definition(), hosts).with(concurrency).withMaximumShare(share);
    }

    /** Sets the clock, and runs what it makes due. */
    final TickReport tick(String instant) throws InterruptedException {
        now = Instant.parse(instant);
        return run().run(Tick.at(definition(), now));
    }

    final TickReport byHand(String id) throws InterruptedException {
        return run().run(Tick.of(definition(), now, id));
    }

    // ---- tasks

    static PeriodicSnapshotTask hourly(String id, String dataset) {
        return PeriodicSnapshotTask.of(id, dataset, SCHEMA, HOURLY);
    }

    static PeriodicSnapshotTask keeping(PeriodicSnapshotTask task, String lifetime) {
        return new PeriodicSnapshotTask(
                task.id(),
                task.dataset(),
                task.recursive(),
                task.exclude(),
                Optional.of(Lifetime.parse(lifetime)),
                task.namingSchema(),
                task.schedule(),
                task.allowEmpty(),
                task.enabled(),
                task.own());
    }

    static PeriodicSnapshotTask notEmpty(PeriodicSnapshotTask task) {
        return new PeriodicSnapshotTask(
                task.id(),
                task.dataset(),
                task.recursive(),
                task.exclude(),
                task.keep(),
                task.namingSchema(),
                task.schedule(),
                false,
                task.enabled(),
                task.own());
    }

    static ReplicationTask.Builder push(String id, TaskTransport to, String source, String target) {
        return ReplicationTask.of(id, Direction.PUSH, to, List.of(source), target)
                .snapshots(sending(SCHEMA))
                .streams(PLAIN);
    }

    static SnapshotChoice sending(String schema) {
        return new SnapshotChoice(List.of(), List.of(), List.of(schema), Optional.empty(), Optional.empty(), false);
    }

    static SnapshotChoice receiving(String schema) {
        return new SnapshotChoice(List.of(), List.of(schema), List.of(), Optional.empty(), Optional.empty(), false);
    }

    static SnapshotChoice bound(String... tasks) {
        return new SnapshotChoice(List.of(tasks), List.of(), List.of(), Optional.empty(), Optional.empty(), false);
    }

    static SnapshotChoice matching(String regex, Optional<CronSchedule> restrict) {
        return new SnapshotChoice(List.of(), List.of(), List.of(), Optional.of(regex), restrict, false);
    }

    static TargetRetention custom(String lifetime) {
        return new TargetRetention(TargetRetention.Policy.CUSTOM, Optional.of(Lifetime.parse(lifetime)), Map.of());
    }

    static final TargetRetention SAME = new TargetRetention(TargetRetention.Policy.SOURCE, Optional.empty(), Map.of());

    // ---- hosts

    static void create(FakeZfs zfs, String... names) {
        for (String name : names) {
            zfs.execute(new ZfsCommand.CreateFilesystem(DatasetName.of(name), Map.of()))
                    .orThrow();
        }
    }

    static void write(FakeZfs zfs, String dataset, String text) {
        zfs.write(DatasetName.of(dataset), "file", text.getBytes(StandardCharsets.UTF_8));
    }

    static void snapshot(FakeZfs zfs, String dataset, String label) {
        zfs.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of(dataset).snapshot(label)), Scope.SUBTREE, Map.of()))
                .orThrow();
    }

    static void destroy(FakeZfs zfs, String dataset, String... labels) {
        zfs.execute(new ZfsCommand.DestroySnapshots(DatasetName.of(dataset), List.of(labels)))
                .orThrow();
    }

    static History history(FakeZfs zfs, String dataset) {
        DatasetName name = DatasetName.of(dataset);
        return zfs.execute(new ZfsCommand.ListHistories(List.of(name), Scope.SELF))
                .orThrow()
                .getOrDefault(name, History.EMPTY);
    }

    static List<String> labels(FakeZfs zfs, String dataset) {
        return history(zfs, dataset).snapshots().stream().map(Snapshot::label).toList();
    }
}
