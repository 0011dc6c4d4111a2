// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.it.differential.Operation.Cut;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Steps that belong together, up to where a rule of ZFS bites that chance alone would seldom come to. What is done in between,
 * left out, or cut is up to chance again.
 */
final class Stories {

    /** Neither the smallest nor compressed: other streams than most. */
    private static final StreamMode PLAIN = new StreamMode(false, false, false, false, false);

    private final Random random;
    private final DatasetName source;
    private final DatasetName target;

    private Stories(Random random, DatasetName source, DatasetName target) {
        this.random = random;
        this.source = source;
        this.target = target;
    }

    /** How many there are. */
    static final int COUNT = 15;

    /** One of them, where a host has room for it. */
    static List<Operation> tell(int which, Random random, Look look) {
        Optional<DatasetName> source = vacant(Host.HERE, look);
        Optional<DatasetName> target = vacant(Host.THERE, look);
        return source.isEmpty() || target.isEmpty()
                ? List.of()
                : new Stories(random, source.get(), target.get()).tell(which);
    }

    private static Optional<DatasetName> vacant(DatasetName parent, Look look) {
        return Generator.CHILDREN.stream()
                .map(parent::child)
                .filter(name -> look.datasets().stream().map(Dataset::name).noneMatch(name::equals))
                .findFirst();
    }

    private List<Operation> tell(int which) {
        return switch (which) {
            case 0 -> copied();
            case 1 -> carriedOn();
            case 2 -> rawAndNotRaw();
            case 3 -> rawPastNewer();
            case 4 -> largeBlocks();
            case 5 -> limited();
            case 6 -> bookmarksInTheWay();
            case 7 -> forced();
            case 8 -> series();
            case 9 -> properties();
            case 10 -> clones();
            case 11 -> held();
            case 12 -> clonesCopied();
            case 13 -> overwritten();
            default -> keys();
        };
    }

    private List<Operation> copied() {
        return List.of(
                run(new ZfsCommand.CreateFilesystem(source, Map.of())),
                fill(256),
                snapshot("1"),
                send(full("1", StreamMode.DEFAULT)),
                fill(256),
                snapshot("2"),
                new Operation.Transfer(
                        increment(source.snapshot("1"), "2", StreamMode.DEFAULT),
                        ReceiveStream.into(target).with("note:it", "x"),
                        Cut.WHOLE),
                run(new ZfsCommand.TakeSnapshots(List.of(target.snapshot("3")), Scope.SELF, Map.of())),
                snapshot("3"),
                send(increment(source.snapshot("2"), "3", StreamMode.DEFAULT)));
    }

    private List<Operation> carriedOn() {
        ReceiveStream kept = new ReceiveStream(target, true, false, Map.of(), Set.of(), Optional.empty(), false);
        SendStream second = increment(source.snapshot("1"), "2", StreamMode.DEFAULT);
        return List.of(
                run(new ZfsCommand.CreateFilesystem(source, Map.of())),
                fill(256),
                snapshot("1"),
                new Operation.Transfer(full("1", StreamMode.DEFAULT), kept, Cut.BEFORE_THE_END),
                send(full("1", StreamMode.DEFAULT)),
                run(new ZfsCommand.AbortReceive(target)),
                send(full("1", StreamMode.DEFAULT)),
                fill(256),
                snapshot("2"),
                new Operation.Transfer(second, kept, Cut.BEFORE_THE_END),
                send(second),
                new Operation.Resume(kept, Cut.WHOLE),
                run(new ZfsCommand.ListUsed(List.of(source.snapshot("1")))));
    }

    /** What is received in both ways has initialization vectors of its own, which a raw increment can't go on from. */
    private List<Operation> rawAndNotRaw() {
        return List.of(
                new Operation.Encrypt(source),
                fill(256),
                snapshot("1"),
                send(full("1", StreamMode.RAW)),
                run(new ZfsCommand.LoadKey(target, key())),
                fill(256),
                snapshot("2"),
                send(increment(source.snapshot("1"), "2", StreamMode.DEFAULT)),
                snapshot("3"),
                send(increment(source.snapshot("2"), "3", StreamMode.RAW)));
    }

    private List<Operation> rawPastNewer() {
        return List.of(
                new Operation.Encrypt(source),
                fill(256),
                snapshot("1"),
                send(full("1", StreamMode.RAW)),
                run(new ZfsCommand.TakeSnapshots(List.of(target.snapshot("other")), Scope.SELF, Map.of())),
                snapshot("2"),
                send(increment(source.snapshot("1"), "2", StreamMode.RAW)));
    }

    private List<Operation> largeBlocks() {
        return List.of(
                run(new ZfsCommand.CreateFilesystem(source, Map.of("recordsize", "1M"))),
                fill(512),
                snapshot("1"),
                send(full("1", random.nextBoolean() ? StreamMode.DEFAULT : PLAIN)),
                fill(512),
                snapshot("2"),
                send(increment(source.snapshot("1"), "2", PLAIN)),
                send(increment(source.snapshot("1"), "2", StreamMode.DEFAULT)));
    }

    private List<Operation> limited() {
        String quota = random.nextBoolean() ? "quota" : "refquota";
        DatasetName top = random.nextBoolean() ? target : source.child("limited");
        return List.of(
                run(new ZfsCommand.CreateFilesystem(source, Map.of())),
                run(new ZfsCommand.CreateFilesystem(source.child("a"), Map.of())),
                new Operation.Fill(source.child("a"), "f", 6144),
                run(new ZfsCommand.TakeSnapshots(List.of(source.child("a").snapshot("1")), Scope.SELF, Map.of())),
                run(new ZfsCommand.CreateFilesystem(top, Map.of(quota, "4M"))),
                random.nextBoolean()
                        ? run(new ZfsCommand.RenameDataset(source.child("a"), top.child("a")))
                        : new Operation.Transfer(
                                new SendStream.Full(source.child("a").snapshot("1"), StreamMode.DEFAULT),
                                ReceiveStream.into(top.child("a")),
                                Cut.WHOLE),
                run(new ZfsCommand.SetProperties(source, Map.of(quota, "3M"))),
                run(new ZfsCommand.SetProperties(source, Map.of("quota", "1G"))));
    }

    private List<Operation> bookmarksInTheWay() {
        return List.of(
                run(new ZfsCommand.CreateFilesystem(source, Map.of())),
                snapshot("1"),
                fill(256),
                snapshot("2"),
                bookmark(source.snapshot("2"), "2"),
                bookmark(source.bookmark("2"), "3"),
                bookmark(source.snapshot("1"), "2"),
                run(new ZfsCommand.RenameSnapshot(source.snapshot("1"), "2")),
                run(new ZfsCommand.Rollback(source.snapshot("1"), false)),
                run(new ZfsCommand.DestroySnapshots(source, List.of("2"))),
                run(new ZfsCommand.Rollback(source.snapshot("1"), false)),
                snapshot("4"),
                run(new ZfsCommand.Rollback(source.snapshot("1"), true)));
    }

    private List<Operation> forced() {
        return List.of(
                run(new ZfsCommand.CreateFilesystem(source, Map.of())),
                snapshot("1"),
                send(full("1", StreamMode.DEFAULT)),
                fill(256),
                snapshot("2"),
                new Operation.Write(target, "g", "other"),
                run(new ZfsCommand.TakeSnapshots(List.of(target.snapshot("other")), Scope.SELF, Map.of())),
                bookmark(target.snapshot("other"), "other"),
                send(increment(source.snapshot("1"), "2", StreamMode.DEFAULT)),
                new Operation.Force(increment(source.snapshot("1"), "2", StreamMode.DEFAULT), target));
    }

    private List<Operation> series() {
        StreamMode mode = random.nextBoolean() ? StreamMode.DEFAULT : StreamMode.DEFAULT.withProperties();
        return List.of(
                run(new ZfsCommand.CreateFilesystem(source, Map.of("note:it", "x"))),
                snapshot("1"),
                send(full("1", mode)),
                fill(256),
                run(new ZfsCommand.TakeSnapshots(List.of(source.snapshot("2")), Scope.SELF, Map.of("note:it", "y"))),
                run(new ZfsCommand.ListSnapshotProperty(List.of(source), Scope.SELF, "note:it")),
                snapshot("3"),
                run(new ZfsCommand.EstimateSend(
                        new SendStream.Series(source.snapshot("1"), source.snapshot("3"), mode))),
                send(new SendStream.Series(source.snapshot("1"), source.snapshot("3"), mode)),
                send(increment(source.snapshot("3"), "1", mode)));
    }

    private List<Operation> properties() {
        DatasetName below = target.child("a");
        return List.of(
                run(new ZfsCommand.CreateFilesystem(source, Map.of("readonly", "on", "note:it", "x"))),
                snapshot("1"),
                new Operation.Transfer(
                        full("1", StreamMode.DEFAULT.withProperties()),
                        new ReceiveStream(
                                target,
                                false,
                                false,
                                random.nextBoolean() ? Map.of("note:it", "y") : Map.of(),
                                random.nextBoolean() ? Set.of("readonly") : Set.of(),
                                Optional.empty(),
                                false),
                        Cut.WHOLE),
                run(new ZfsCommand.CreateFilesystem(below, Map.of())),
                run(new ZfsCommand.CreateFilesystem(below.child("b"), Map.of())),
                run(new ZfsCommand.SetProperties(target, Map.of("atime", "off", "sync", "disabled"))),
                run(new ZfsCommand.InheritProperty(target, "note:it")),
                new Operation.Write(target, "f", "text"));
    }

    private List<Operation> clones() {
        DatasetName clone = source.child("clone");
        return List.of(
                new Operation.Encrypt(source),
                fill(256),
                snapshot("1"),
                bookmark(source.snapshot("1"), "1"),
                snapshot("2"),
                run(new ZfsCommand.CloneSnapshot(source.snapshot("2"), clone, Map.of("note:it", "x"))),
                run(new ZfsCommand.TakeSnapshots(List.of(clone.snapshot("1")), Scope.SELF, Map.of())),
                run(new ZfsCommand.DestroySnapshots(source, List.of("2"))),
                run(new ZfsCommand.Promote(clone)),
                run(new ZfsCommand.RenameSnapshot(clone.snapshot("1"), "3")),
                run(new ZfsCommand.Promote(clone)),
                run(new ZfsCommand.UnloadKey(source)),
                run(new ZfsCommand.DestroyBookmark(clone.bookmark("1"))),
                run(new ZfsCommand.Promote(source)),
                run(new ZfsCommand.DestroyDataset(source, Scope.SUBTREE)));
    }

    private List<Operation> clonesCopied() {
        DatasetName clone = source.child("clone");
        return List.of(
                run(new ZfsCommand.CreateFilesystem(source, Map.of())),
                fill(256),
                snapshot("1"),
                send(full("1", StreamMode.DEFAULT)),
                run(new ZfsCommand.CloneSnapshot(source.snapshot("1"), clone, Map.of())),
                new Operation.Fill(clone, "g", 256),
                run(new ZfsCommand.TakeSnapshots(List.of(clone.snapshot("2")), Scope.SELF, Map.of())),
                new Operation.Transfer(
                        new SendStream.Increment(source.snapshot("1"), clone.snapshot("2"), StreamMode.DEFAULT),
                        ReceiveStream.into(target.child("clone")),
                        Cut.WHOLE),
                snapshot("3"),
                send(increment(clone.snapshot("2"), "3", StreamMode.DEFAULT)),
                run(new ZfsCommand.DestroySnapshots(target, List.of("1"))),
                run(new ZfsCommand.Promote(target.child("clone"))));
    }

    private List<Operation> overwritten() {
        ReceiveStream over = new ReceiveStream(target, false, false, Map.of(), Set.of(), Optional.empty(), true);
        return List.of(
                run(new ZfsCommand.CreateVolume(source, 1 << 20, Map.of())),
                snapshot("1"),
                run(new ZfsCommand.CreateFilesystem(target, Map.of())),
                send(full("1", StreamMode.DEFAULT)),
                new Operation.Transfer(full("1", StreamMode.DEFAULT), over, Cut.WHOLE),
                new Operation.Transfer(full("1", StreamMode.DEFAULT), over, Cut.WHOLE),
                run(new ZfsCommand.DestroySnapshots(target, List.of("1"))),
                new Operation.Transfer(full("1", StreamMode.DEFAULT), over, Cut.WHOLE));
    }

    private List<Operation> held() {
        return List.of(
                run(new ZfsCommand.CreateFilesystem(source, Map.of())),
                run(new ZfsCommand.CreateFilesystem(source.child("a"), Map.of())),
                run(new ZfsCommand.TakeSnapshots(List.of(source.snapshot("1")), Scope.SUBTREE, Map.of())),
                run(new ZfsCommand.Hold("keep", List.of(source.child("a").snapshot("1")))),
                run(new ZfsCommand.ListHoldTimes(List.of(source.child("a").snapshot("1")))),
                run(new ZfsCommand.DestroyDataset(source, random.nextBoolean() ? Scope.SELF : Scope.SUBTREE)),
                run(new ZfsCommand.RenameSnapshot(source.child("a").snapshot("1"), "2")),
                run(new ZfsCommand.DestroySnapshots(source.child("a"), List.of("1", "2"))),
                run(new ZfsCommand.TakeSnapshots(
                        List.of(source.child("a").snapshot("3"), source.snapshot("3")), Scope.SELF, Map.of())),
                new Operation.Typed(List.of("destroy", "-r", source + "@3%4")),
                new Operation.Typed(List.of("destroy", "-d", source.child("a") + "@2%3")),
                run(new ZfsCommand.Release("keep", List.of(source.child("a").snapshot("2")))),
                run(new ZfsCommand.Hold("keep", List.of(source.child("a").snapshot("2")))));
    }

    private List<Operation> keys() {
        DatasetName below = source.child("a");
        return List.of(
                new Operation.Encrypt(source),
                run(new ZfsCommand.CreateFilesystem(below, Map.of())),
                run(new ZfsCommand.TakeSnapshots(List.of(below.snapshot("1")), Scope.SELF, Map.of())),
                run(new ZfsCommand.RenameDataset(below, Host.HERE.child("e"))),
                run(new ZfsCommand.UnloadKey(source)),
                run(new ZfsCommand.CheckKey(source, key())),
                new Operation.Transfer(
                        new SendStream.Full(
                                below.snapshot("1"), random.nextBoolean() ? StreamMode.RAW : StreamMode.DEFAULT),
                        ReceiveStream.into(target),
                        Cut.WHOLE),
                run(new ZfsCommand.LoadKey(source, key())),
                run(new ZfsCommand.InheritKey(random.nextBoolean() ? source : below)),
                run(new ZfsCommand.CreateFilesystem(below.child("b"), Map.of())));
    }

    private Secret key() {
        String text = random.nextInt(3) == 0 ? "incorrect horse" : Host.PASSPHRASE;
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Operation run(ZfsCommand<?> command) {
        return new Operation.Run(command);
    }

    private Operation fill(int kibibytes) {
        return new Operation.Fill(source, "f", kibibytes);
    }

    private Operation snapshot(String label) {
        return run(new ZfsCommand.TakeSnapshots(List.of(source.snapshot(label)), Scope.SELF, Map.of()));
    }

    private Operation bookmark(PointName of, String label) {
        return run(new ZfsCommand.CreateBookmark(of, of.dataset().bookmark(label)));
    }

    private SendStream full(String label, StreamMode mode) {
        return new SendStream.Full(source.snapshot(label), mode);
    }

    private SendStream increment(SnapshotName base, String label, StreamMode mode) {
        return new SendStream.Increment(base, source.snapshot(label), mode);
    }

    private Operation send(SendStream stream) {
        return new Operation.Transfer(stream, ReceiveStream.into(target), Cut.WHOLE);
    }
}
