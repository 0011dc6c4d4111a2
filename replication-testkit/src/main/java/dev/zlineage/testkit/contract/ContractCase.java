// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.ByteSource;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.HistoryPoint;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The words in which the chapters of {@link ZfsContractTest} speak. Each test has sandboxes of its own. */
abstract class ContractCase {

    private final List<DatasetName> sandboxes = new ArrayList<>();
    private @Nullable DatasetName here;
    private @Nullable DatasetName there;

    /** Where the tests run. */
    abstract ZfsWorld world();

    @AfterEach
    final void discardSandboxes() {
        sandboxes.forEach(world()::discard);
    }

    final Zfs zfs() {
        return world().zfs();
    }

    /** A sandbox of this test, made when it is first asked for. */
    final DatasetName here() {
        if (here == null) {
            here = own(world().sandbox());
        }
        return here;
    }

    /** A sandbox of this test in the other pool, made when it is first asked for. */
    final DatasetName there() {
        if (there == null) {
            there = own(world().backupSandbox());
        }
        return there;
    }

    /** A sandbox of this test in a pool that is nearly full. */
    final DatasetName cramped() {
        return own(world().crampedSandbox());
    }

    private DatasetName own(DatasetName sandbox) {
        sandboxes.add(sandbox);
        return sandbox;
    }

    // commands

    final <R> R run(ZfsCommand<R> command) {
        return zfs().execute(command).orThrow();
    }

    /** The failure of a command that has to fail. */
    final ZfsFailure refused(ZfsCommand<?> command) {
        return refusalIn(zfs().execute(command));
    }

    final ZfsFailure refusalIn(Answer<?> answer) {
        assertThat(answer).isInstanceOf(Answer.Failed.class);
        ZfsFailure failure = ((Answer.Failed<?>) answer).failure();
        assertThat(failure.text()).isNotBlank();
        assertThat(failure.command()).isNotBlank().doesNotContain("\n");
        return failure;
    }

    final DatasetName filesystem(DatasetName name) {
        run(new ZfsCommand.CreateFilesystem(name, Map.of()));
        return name;
    }

    /** A filesystem that is never mounted: quicker, where no file is needed. */
    final DatasetName unmounted(DatasetName name) {
        run(new ZfsCommand.CreateFilesystem(name, Map.of("canmount", "off")));
        return name;
    }

    final DatasetName volume(DatasetName name) {
        run(new ZfsCommand.CreateVolume(name, 8L << 20, Map.of("volblocksize", "16384")));
        return name;
    }

    final SnapshotName snap(DatasetName dataset, String label) {
        SnapshotName name = dataset.snapshot(label);
        snapshot(Scope.SELF, name);
        return name;
    }

    final List<SnapshotName> snaps(DatasetName dataset, String... labels) {
        return Arrays.stream(labels).map(label -> snap(dataset, label)).toList();
    }

    final void snapshot(Scope scope, SnapshotName... names) {
        assertThat(run(new ZfsCommand.TakeSnapshots(List.of(names), scope, Map.of())))
                .isEqualTo(Effect.DONE);
    }

    final void bookmark(DatasetName dataset, String of, String label) {
        run(new ZfsCommand.CreateBookmark(dataset.snapshot(of), dataset.bookmark(label)));
    }

    final Effect destroy(DatasetName dataset, String... labels) {
        return run(new ZfsCommand.DestroySnapshots(dataset, List.of(labels)));
    }

    final void set(DatasetName dataset, String property, String value) {
        run(new ZfsCommand.SetProperties(dataset, Map.of(property, value)));
    }

    // what is there

    final Dataset dataset(DatasetName name) {
        List<Dataset> rows = run(new ZfsCommand.ListDatasets(List.of(name), Scope.SELF));
        assertThat(rows).extracting(Dataset::name).containsExactly(name);
        return rows.get(0);
    }

    final boolean exists(DatasetName name) {
        return !run(new ZfsCommand.ListDatasets(List.of(name), Scope.SELF)).isEmpty();
    }

    final History history(DatasetName name) {
        return run(new ZfsCommand.ListHistories(List.of(name), Scope.SELF)).getOrDefault(name, History.EMPTY);
    }

    /** Snapshots and bookmarks in the order of their transaction groups, as {@code @label} and {@code #label}. */
    final List<String> points(DatasetName name) {
        return points(history(name)).stream().map(HistoryPoint::toString).toList();
    }

    final List<HistoryPoint> points(History history) {
        return IntStream.range(0, history.size()).mapToObj(history::point).toList();
    }

    final HistoryPoint point(DatasetName name, String point) {
        return points(history(name)).stream()
                .filter(p -> p.toString().equals(point))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + point + " in " + history(name)));
    }

    final Guid guid(SnapshotName name) {
        return point(name.dataset(), "@" + name.label()).guid();
    }

    final long written(DatasetName name) {
        return dataset(name).written();
    }

    final PropertyValue property(DatasetName name, String property) {
        List<PropertyValue> values = run(new ZfsCommand.GetProperties(List.of(name), List.of(property)));
        assertThat(values)
                .extracting(PropertyValue::dataset, PropertyValue::property)
                .containsExactly(org.assertj.core.api.Assertions.tuple(name, property));
        return values.get(0);
    }

    // streams

    static SendStream full(SnapshotName to) {
        return new SendStream.Full(to, StreamMode.DEFAULT);
    }

    static SendStream increment(SnapshotName base, SnapshotName to) {
        return new SendStream.Increment(base, to, StreamMode.DEFAULT);
    }

    static SendStream series(SnapshotName base, SnapshotName to) {
        return new SendStream.Series(base, to, StreamMode.DEFAULT);
    }

    static SendStream raw(SnapshotName to) {
        return new SendStream.Full(to, StreamMode.RAW);
    }

    static SendStream rawIncrement(SnapshotName base, SnapshotName to) {
        return new SendStream.Increment(base, to, StreamMode.RAW);
    }

    static ReceiveStream into(DatasetName target) {
        return ReceiveStream.into(target);
    }

    /** A filesystem with snapshots that each rewrite a file of 256 KiB. */
    final DatasetName source(String... labels) {
        DatasetName a = filesystem(here().child("a"));
        for (String label : labels) {
            world().fill(a, "file", 256);
            snap(a, label);
        }
        return a;
    }

    final SendStream.Resume resume(DatasetName target) {
        return new SendStream.Resume(token(target));
    }

    final Dataset.ResumeToken token(DatasetName target) {
        return dataset(target).resumeToken().orElseThrow(() -> new AssertionError("no token on " + target));
    }

    /** Whether the host says when snapshots changed and holds were set: OpenZFS 2.2 and later do. */
    boolean tellsTimes() {
        return zfs().version().atLeast(2, 2);
    }

    static ReceiveStream resumable(DatasetName target) {
        return new ReceiveStream(target, true, false, Map.of(), java.util.Set.of(), Optional.empty(), false);
    }

    static ReceiveStream mounted(DatasetName target) {
        return new ReceiveStream(target, false, true, Map.of(), java.util.Set.of(), Optional.empty(), false);
    }

    static ReceiveStream overwriting(DatasetName target) {
        return new ReceiveStream(target, false, false, Map.of(), java.util.Set.of(), Optional.empty(), true);
    }

    /** Sends, receives, and expects both ends to succeed. */
    final void replicate(SendStream stream, ReceiveStream receive) {
        Transferred ends = transfer(stream, receive);
        assertThat(ends.sender()).isEmpty();
        assertThat(ends.receiver()).isEmpty();
    }

    /** Sends, receives, and tells what each end says. */
    final Transferred transfer(SendStream stream, ReceiveStream receive) {
        return join(zfs().send(stream), zfs().receive(receive));
    }

    /** Sends, and expects the receiver to refuse. */
    final ZfsFailure refusedReceive(SendStream stream, ReceiveStream receive) {
        return transfer(stream, receive)
                .receiver()
                .orElseThrow(() -> new AssertionError("received " + stream + " into " + receive.target()));
    }

    /** Sends to nowhere, and expects the sender to refuse. */
    final ZfsFailure refusedSend(SendStream stream) {
        return join(zfs().send(stream), new StreamOffer<>(new Captured(), exit -> Optional.empty()))
                .sender()
                .orElseThrow(() -> new AssertionError("sent " + stream));
    }

    /** The bytes of a whole stream. */
    final byte[] capture(SendStream stream) {
        Captured bytes = new Captured();
        Transferred ends = join(zfs().send(stream), new StreamOffer<>(bytes, exit -> Optional.empty()));
        assertThat(ends.sender()).isEmpty();
        return bytes.bytes.toByteArray();
    }

    /** Receives bytes, all or the first of a stream, and tells what the receiver says. */
    final Optional<ZfsFailure> receive(byte[] stream, ReceiveStream receive) {
        return join(new StreamOffer<>(new Replayed(stream), exit -> Optional.empty()), zfs().receive(receive))
                .receiver();
    }

    /** A part of a stream, as it arrives when the sender dies. */
    static byte[] cut(byte[] stream, double share) {
        return Arrays.copyOf(stream, (int) (stream.length * share));
    }

    private static Transferred join(StreamOffer<? extends StreamSource> from, StreamOffer<? extends StreamSink> to) {
        try {
            Transfer.Ends ends = new StreamJoiner(Concurrency.system())
                    .start(from.end(), to.end(), progress -> {})
                    .await();
            return new Transferred(
                    from.verdict().apply(ends.source()), to.verdict().apply(ends.sink()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * What came of a transfer.
     *
     * @param sender why the sending end failed
     * @param receiver why the receiving end failed
     */
    record Transferred(Optional<ZfsFailure> sender, Optional<ZfsFailure> receiver) {}

    private static final class Captured implements ByteSink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

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
    }

    private static final class Replayed implements ByteSource {
        private final byte[] bytes;

        Replayed(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public StreamExit finish() {
            return StreamExit.OK;
        }

        @Override
        public void abort() {}
    }
}
