// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.ByteSource;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsVersion;
import dev.zlineage.testkit.FakeCommandRunner;
import dev.zlineage.testkit.FakeZfs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A fake host, new for each program. Public as {@link Host} is: {@link MistakenFake} loads it once more. */
public final class FakeSide implements Host {

    private static final int SEEDS = 1000;
    private static final int NOT_MODELLED = 64;

    private final FakeZfs fake;
    private final Zfs zfs;
    private final Random random = new Random(5);

    /** OpenZFS 2.3. */
    public FakeSide() {
        this(zfs -> zfs);
    }

    /** A host with the OpenZFS of another one, with which it is to be compared. */
    FakeSide(ZfsVersion version) {
        this(version, zfs -> zfs);
    }

    /**
     * A host whose port is not the fake's own.
     *
     * @param disguise puts something in front of the fake
     */
    FakeSide(UnaryOperator<Zfs> disguise) {
        this(new ZfsVersion(2, 3, 0), disguise);
    }

    private FakeSide(ZfsVersion version, UnaryOperator<Zfs> disguise) {
        fake = FakeZfs.builder()
                .openzfs(version.major(), version.minor())
                .seed(SEEDS)
                .pool("here", 1L << 40)
                .pool("there", 1L << 40)
                .build();
        for (DatasetName root : new DatasetName[] {HERE, THERE}) {
            fake.execute(new ZfsCommand.CreateFilesystem(root, Map.of("volmode", "none", "mountpoint", "legacy")))
                    .orThrow();
        }
        zfs = disguise.apply(fake);
    }

    @Override
    public Zfs zfs() {
        return zfs;
    }

    @Override
    public boolean encrypt(DatasetName name) {
        return worked(() -> fake.createEncrypted(name, PASSPHRASE));
    }

    @Override
    public boolean write(DatasetName filesystem, String file, String text) {
        return worked(() -> fake.write(filesystem, file, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public boolean fill(DatasetName filesystem, String file, int kibibytes) {
        byte[] bytes = new byte[kibibytes * 1024];
        random.nextBytes(bytes);
        return worked(() -> fake.write(filesystem, file, bytes));
    }

    @Override
    public boolean delete(DatasetName filesystem, String file) {
        return worked(() -> fake.delete(filesystem, file));
    }

    private static boolean worked(Runnable change) {
        try {
            change.run();
            return true;
        } catch (UnsupportedOperationException e) {
            throw e;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public Map<SnapshotName, Map<String, String>> contents(List<SnapshotName> snapshots) {
        Map<SnapshotName, Map<String, String>> found = new LinkedHashMap<>();
        snapshots.forEach(snapshot -> found.put(snapshot, fake.contents(snapshot)));
        return found;
    }

    @Override
    public Ends transfer(SendStream stream, ReceiveStream receive, Operation.Cut cut) {
        Captured captured = new Captured();
        StreamOffer<StreamSource> from = zfs.send(stream);
        Optional<ZfsFailure> sender =
                from.verdict().apply(join(from.end(), captured).source());
        byte[] sent = captured.bytes.toByteArray();
        byte[] arrives = Arrays.copyOf(sent, (int) cut.of(sent.length));
        StreamOffer<StreamSink> to = zfs.receive(receive);
        return new Ends(
                sender, to.verdict().apply(join(new Replayed(arrives), to.end()).sink()));
    }

    @Override
    public boolean force(SendStream stream, DatasetName target) {
        Captured captured = new Captured();
        join(zfs.send(stream).end(), captured);
        return worked(() -> fake.receiveForced(captured.bytes.toByteArray(), target));
    }

    @Override
    public boolean typed(List<String> arguments) {
        List<String> argv = new ArrayList<>(List.of("zfs"));
        argv.addAll(arguments);
        var exited = (CommandOutcome.Exited)
                new FakeCommandRunner(fake).run(List.of(new CommandLine(argv))).get(0);
        if (exited.exitCode() == NOT_MODELLED) {
            throw new UnsupportedOperationException(exited.stderr());
        }
        return exited.exitCode() == 0;
    }

    private static Transfer.Ends join(StreamSource from, StreamSink to) {
        try {
            return new StreamJoiner(Concurrency.system())
                    .start(from, to, progress -> {})
                    .await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

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

    private record Replayed(byte[] bytes) implements ByteSource {

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
