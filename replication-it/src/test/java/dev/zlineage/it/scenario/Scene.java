// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.ByteSource;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.HistoryPoint;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.contract.ZfsWorld;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The words in which situations are told that a replication has to survive. Each test has a source and a target of its own. */
abstract class Scene {

    /** On real OpenZFS only with {@code -Dlong}: each build runs some of each kind there, and all of them on the fake. */
    static final String LONG_IN_LAB = "longInLab";

    /** Tries again, but does not keep a test waiting. */
    private static final Patience BRISK =
            new Patience(3, Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMinutes(2), Optional.empty());

    private final List<DatasetName> sandboxes = new ArrayList<>();

    /** What is replicated; it exists and is mounted. */
    DatasetName source = DatasetName.of("not/yet");

    /** Where to; it does not exist, its parent does. */
    DatasetName target = DatasetName.of("not/yet");

    abstract ZfsWorld world();

    @BeforeEach
    final void set() {
        source = own(world().sandbox()).child("data");
        target = own(world().backupSandbox()).child("copy");
        filesystem(source);
    }

    @AfterEach
    final void strike() {
        sandboxes.forEach(world()::discard);
    }

    final DatasetName own(DatasetName sandbox) {
        sandboxes.add(sandbox);
        return sandbox;
    }

    final Zfs zfs() {
        return world().zfs();
    }

    // people

    final <R> R run(ZfsCommand<R> command) {
        return zfs().execute(command).orThrow();
    }

    final void filesystem(DatasetName... names) {
        for (DatasetName name : names) {
            run(new ZfsCommand.CreateFilesystem(name, Map.of()));
        }
    }

    final SnapshotName snap(DatasetName dataset, String label) {
        run(new ZfsCommand.TakeSnapshots(List.of(dataset.snapshot(label)), Scope.SELF, Map.of()));
        return dataset.snapshot(label);
    }

    final void snapAll(String label) {
        run(new ZfsCommand.TakeSnapshots(List.of(source.snapshot(label)), Scope.SUBTREE, Map.of()));
    }

    /** Another text in the file, then a snapshot. */
    final SnapshotName change(DatasetName dataset, String label) {
        world().write(dataset, "file", label);
        return snap(dataset, label);
    }

    final void destroy(DatasetName dataset, String... labels) {
        run(new ZfsCommand.DestroySnapshots(dataset, List.of(labels)));
    }

    final void bookmark(DatasetName dataset, String of, String label) {
        run(new ZfsCommand.CreateBookmark(dataset.snapshot(of), dataset.bookmark(label)));
    }

    final void property(DatasetName dataset, String property, String value) {
        run(new ZfsCommand.SetProperties(dataset, Map.of(property, value)));
    }

    /** Writes on the target, as someone does who made it writable and mounted it. */
    final void meddle(DatasetName dataset) {
        property(dataset, "readonly", "off");
        world().mount(dataset);
        world().write(dataset, "own", "precious");
    }

    // what is there

    final boolean exists(DatasetName name) {
        return !run(new ZfsCommand.ListDatasets(List.of(name), Scope.SELF)).isEmpty();
    }

    final Dataset dataset(DatasetName name) {
        return run(new ZfsCommand.ListDatasets(List.of(name), Scope.SELF)).get(0);
    }

    final String value(DatasetName dataset, String property) {
        List<PropertyValue> values = run(new ZfsCommand.GetProperties(List.of(dataset), List.of(property)));
        return values.get(0).value();
    }

    final History history(DatasetName name) {
        return run(new ZfsCommand.ListHistories(List.of(name), Scope.SELF)).getOrDefault(name, History.EMPTY);
    }

    final List<String> labels(DatasetName name) {
        return history(name).snapshots().stream().map(Snapshot::label).toList();
    }

    final List<Guid> guids(DatasetName name) {
        return history(name).snapshots().stream().map(Snapshot::guid).toList();
    }

    /** Snapshots and bookmarks, ours left out. */
    final List<String> points(DatasetName name) {
        History history = history(name);
        return IntStream.range(0, history.size())
                .mapToObj(history::point)
                .map(HistoryPoint::toString)
                .filter(point -> !point.startsWith("#zl1-"))
                .toList();
    }

    final Set<String> holds(SnapshotName snapshot) {
        return run(new ZfsCommand.ListHolds(List.of(snapshot))).getOrDefault(snapshot, Set.of());
    }

    /** The target holds the very snapshots of the source, with what they hold. */
    final void same(DatasetName from, DatasetName to) {
        assertThat(guids(to)).isEqualTo(guids(from)).isNotEmpty();
        List<String> labels = labels(to);
        String newest = labels.get(labels.size() - 1);
        String newestThere = labels(from).get(labels.size() - 1);
        assertThat(world().contents(to.snapshot(newest))).isEqualTo(world().contents(from.snapshot(newestThere)));
    }

    /** A snapshot of that name holds the same on both sides. */
    final void same(DatasetName from, DatasetName to, String label) {
        assertThat(world().contents(to.snapshot(label))).isEqualTo(world().contents(from.snapshot(label)));
    }

    final void same() {
        same(source, target);
    }

    // replication

    final Replication replication() {
        return Replication.between(zfs(), zfs()).with(BRISK);
    }

    final ReplicationRequest request(DatasetName from, DatasetName to, UnaryOperator<ReplicationRequest.Builder> how) {
        return how.apply(ReplicationRequest.of(from.value(), to.value())).build();
    }

    final ReplicationPlan plan(UnaryOperator<ReplicationRequest.Builder> how) {
        return replication().plan(request(source, target, how));
    }

    final ReplicationResult carryOut(ReplicationPlan plan) {
        try {
            return replication().run(plan);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    final ReplicationResult replicate(DatasetName from, DatasetName to, UnaryOperator<ReplicationRequest.Builder> how) {
        return carryOut(replication().plan(request(from, to, how)));
    }

    /** Replicates, and expects success. */
    final ReplicationPlan succeed(UnaryOperator<ReplicationRequest.Builder> how) {
        ReplicationPlan plan = plan(how);
        ReplicationResult result = carryOut(plan);
        assertThat(result.success()).as("%s%s", plan, result).isTrue();
        return plan;
    }

    final ReplicationPlan succeed() {
        return succeed(b -> b);
    }

    final ReplicationPlan succeedWithTree() {
        return succeed(b -> b.recursive(true));
    }

    /** Replicates, and expects a refusal that changes nothing on either side. */
    final void refused(Decision.Reason reason, UnaryOperator<ReplicationRequest.Builder> how) {
        List<String> before = everything();
        ReplicationResult result = carryOut(plan(how));
        assertThat(result.datasets())
                .as("%s", result)
                .singleElement()
                .extracting(DatasetResult::outcome)
                .isInstanceOfSatisfying(
                        DatasetResult.Outcome.Refused.class,
                        refused -> assertThat(refused.refusal().reason()).isEqualTo(reason));
        assertThat(everything()).isEqualTo(before);
    }

    final void refused(Decision.Reason reason) {
        refused(reason, b -> b);
    }

    private List<String> everything() {
        List<String> all = new ArrayList<>();
        for (DatasetName sandbox : sandboxes) {
            run(new ZfsCommand.ListDatasets(List.of(sandbox), Scope.SUBTREE))
                    .forEach(d -> all.add(d.name() + " " + d.guid() + " " + d.resumeToken()));
            run(new ZfsCommand.ListHistories(List.of(sandbox), Scope.SUBTREE))
                    .forEach((name, history) -> all.add(name + " " + history));
        }
        return all.stream().sorted().toList();
    }

    // streams as other tools make them

    static SendStream full(SnapshotName to) {
        return new SendStream.Full(to, StreamMode.DEFAULT);
    }

    static SendStream increment(SnapshotName base, SnapshotName to) {
        return new SendStream.Increment(base, to, StreamMode.DEFAULT);
    }

    /** Plain {@code zfs send | zfs receive -u}. */
    final void byHand(SendStream stream, DatasetName to) {
        receive(capture(stream), ReceiveStream.into(to));
    }

    /** A receive that was cut after a part of its stream: {@code zfs receive -s}. */
    final void interrupted(SendStream stream, DatasetName to) {
        interrupted(stream, new ReceiveStream(to, true, false, Map.of(), Set.of(), Optional.empty(), false));
    }

    final void interrupted(SendStream stream, ReceiveStream receive) {
        byte[] bytes = capture(stream);
        receive(Arrays.copyOf(bytes, bytes.length * 2 / 3), receive);
        assertThat(dataset(receive.target()).resumeToken())
                .as("a token after the cut")
                .isPresent();
    }

    final byte[] capture(SendStream stream) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        join(zfs().send(stream).end(), new ByteSink() {
            @Override
            public OutputStream open() {
                return bytes;
            }

            @Override
            public StreamExit finish() {
                return StreamExit.OK;
            }

            @Override
            public void abort() {}
        });
        return bytes.toByteArray();
    }

    private void receive(byte[] stream, ReceiveStream receive) {
        join(
                new ByteSource() {
                    @Override
                    public InputStream open() {
                        return new ByteArrayInputStream(stream);
                    }

                    @Override
                    public StreamExit finish() {
                        return StreamExit.OK;
                    }

                    @Override
                    public void abort() {}
                },
                zfs().receive(receive).end());
    }

    private static void join(StreamSource from, StreamSink to) {
        try {
            new StreamJoiner(Concurrency.system())
                    .start(from, to, progress -> {})
                    .await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
