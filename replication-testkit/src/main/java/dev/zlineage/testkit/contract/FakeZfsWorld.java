// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.testkit.FakeCommandRunner;
import dev.zlineage.testkit.FakeZfs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * A {@link FakeZfs} as the host on which {@link ZfsContractTest} runs, reached by the port of one's choice: so a transport or
 * a decorator is shown to carry all of the port.
 */
public final class FakeZfsWorld implements ZfsWorld {

    private final AtomicLong second = new AtomicLong(1_800_000_000L);
    private final AtomicInteger number = new AtomicInteger();
    private final Random random = new Random(5);
    private final FakeZfs zfs;
    private final Zfs port;

    /** The fake itself. */
    public FakeZfsWorld() {
        this(3);
    }

    /**
     * The fake itself, in a version of OpenZFS.
     *
     * @param minor as for {@link FakeZfs.Builder#openzfs}, after the 2
     */
    public FakeZfsWorld(int minor) {
        this.zfs = fake(minor);
        this.port = zfs;
    }

    /**
     * Another port to the fake. What takes other programs than {@code zfs}, which a fake host does not have, is not asked
     * through it: {@link ZfsCommand.ReadContents}.
     *
     * @param port makes it, once
     */
    public FakeZfsWorld(Function<FakeZfs, Zfs> port) {
        this.zfs = fake(3);
        this.port = new BesideZfs(port.apply(zfs), zfs);
    }

    private FakeZfs fake(int minor) {
        return FakeZfs.builder()
                .openzfs(2, minor)
                .clock(() -> Instant.ofEpochSecond(second.get()))
                .pool("tank", 1L << 40)
                .pool("backup", 1L << 40)
                .pool("small", 4L << 20)
                .build();
    }

    @Override
    public Zfs zfs() {
        return port;
    }

    @Override
    public DatasetName sandbox() {
        return make("tank");
    }

    @Override
    public DatasetName backupSandbox() {
        return make("backup");
    }

    @Override
    public DatasetName crampedSandbox() {
        return make("small");
    }

    private DatasetName make(String pool) {
        DatasetName name = DatasetName.of(pool + "/s" + number.incrementAndGet());
        zfs.execute(new ZfsCommand.CreateFilesystem(name, Map.of())).orThrow();
        return name;
    }

    @Override
    public void createEncrypted(DatasetName name, String passphrase) {
        zfs.createEncrypted(name, passphrase);
    }

    @Override
    public void mount(DatasetName filesystem) {
        zfs.mount(filesystem);
    }

    @Override
    public void unmount(DatasetName filesystem) {
        zfs.unmount(filesystem);
    }

    @Override
    public void write(DatasetName filesystem, String file, String text) {
        zfs.write(filesystem, file, text.getBytes(UTF_8));
    }

    @Override
    public void fill(DatasetName filesystem, String file, int kibibytes) {
        byte[] bytes = new byte[kibibytes * 1024];
        random.nextBytes(bytes);
        zfs.write(filesystem, file, bytes);
    }

    @Override
    public void delete(DatasetName filesystem, String file) {
        zfs.delete(filesystem, file);
    }

    @Override
    public void read(DatasetName filesystem, String file) {
        zfs.touch(filesystem);
    }

    @Override
    public Map<String, String> contents(DatasetName filesystem) {
        return zfs.contents(filesystem);
    }

    @Override
    public Map<String, String> contents(SnapshotName snapshot) {
        return zfs.contents(snapshot);
    }

    @Override
    public boolean receiveForced(byte[] stream, DatasetName target) {
        try {
            zfs.receiveForced(stream, target);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Override
    public CommandOutcome.Exited typed(List<String> arguments) {
        List<String> argv = new ArrayList<>(List.of("zfs"));
        argv.addAll(arguments);
        return (CommandOutcome.Exited)
                new FakeCommandRunner(zfs).run(List.of(new CommandLine(argv))).get(0);
    }

    @Override
    public void damage(DatasetName filesystem, String file) {
        zfs.damage(filesystem, file);
    }

    @Override
    public void awaitNextSecond() {
        second.incrementAndGet();
    }

    @Override
    public void discard(DatasetName sandbox) {
        zfs.execute(new ZfsCommand.ListHistories(List.of(sandbox), Scope.SUBTREE))
                .orThrow()
                .forEach((dataset, history) -> history.snapshots().forEach(snapshot -> release(dataset, snapshot)));
        for (Dataset dataset : zfs.execute(new ZfsCommand.ListDatasets(List.of(sandbox), Scope.SUBTREE))
                .orThrow()) {
            zfs.execute(new ZfsCommand.AbortReceive(dataset.name()));
        }
        destroy(sandbox);
    }

    /** A program that was left by its reader takes a moment to notice, and keeps its snapshot busy as long. */
    private void destroy(DatasetName sandbox) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        Answer<Effect> answer = zfs.execute(new ZfsCommand.DestroyDataset(sandbox, Scope.SUBTREE));
        while (answer.failedWith(ZfsFailure.Kind.BUSY) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            answer = zfs.execute(new ZfsCommand.DestroyDataset(sandbox, Scope.SUBTREE));
        }
        answer.orThrow();
    }

    private void release(DatasetName dataset, Snapshot snapshot) {
        SnapshotName name = dataset.snapshot(snapshot.label());
        Set<String> tags =
                zfs.execute(new ZfsCommand.ListHolds(List.of(name))).orThrow().getOrDefault(name, Set.of());
        tags.forEach(
                tag -> zfs.execute(new ZfsCommand.Release(tag, List.of(name))).orThrow());
    }
}
