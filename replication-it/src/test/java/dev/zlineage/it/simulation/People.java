// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What users and administrators of both hosts do, drawn by chance. What makes no sense where it is tried fails, as for them. */
final class People {

    private final Universe universe;
    private final Random random;
    private int texts;

    People(Universe universe, Random random) {
        this.universe = universe;
        this.random = random;
    }

    /** Something on the source. */
    void atTheSource() {
        FakeZfs nas = universe.nas;
        Optional<Dataset> found = one(nas, Universe.DATA);
        if (found.isEmpty()) {
            return;
        }
        Dataset dataset = found.get();
        DatasetName name = dataset.name();
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> write(nas, name, "f" + random.nextInt(4), noise());
            case 4, 5, 6 -> run(nas, snapshot(Universe.DATA, Scope.SUBTREE));
            case 7, 8 -> run(nas, snapshot(name, Scope.SELF));
            case 9, 10 ->
                oneSnapshot(nas, name)
                        .ifPresent(s -> run(nas, new ZfsCommand.DestroySnapshots(name, List.of(s.label()))));
            case 11 ->
                oneSnapshot(nas, name)
                        .ifPresent(s -> run(nas, new ZfsCommand.RenameSnapshot(name.snapshot(s.label()), label())));
            case 12 -> run(nas, new ZfsCommand.CreateFilesystem(name.child(child()), Map.of()));
            case 13 -> {
                if (!name.equals(Universe.DATA)) {
                    run(
                            nas,
                            new ZfsCommand.RenameDataset(
                                    name, name.parent().orElseThrow().child(child())));
                }
            }
            case 14 -> {
                if (!name.equals(Universe.DATA) && random.nextInt(3) == 0) {
                    run(nas, new ZfsCommand.DestroyDataset(name, Scope.SUBTREE));
                }
            }
            case 15 ->
                oneSnapshot(nas, name)
                        .ifPresent(s -> run(
                                nas,
                                new ZfsCommand.CloneSnapshot(
                                        name.snapshot(s.label()),
                                        Universe.DATA.child("clone" + random.nextInt(3)),
                                        Map.of())));
            case 16 -> run(nas, new ZfsCommand.Promote(name));
            case 17 ->
                oneSnapshot(nas, name)
                        .ifPresent(
                                s -> run(nas, new ZfsCommand.Rollback(name.snapshot(s.label()), random.nextBoolean())));
            case 18 ->
                oneSnapshot(nas, name)
                        .ifPresent(s -> run(
                                nas,
                                new ZfsCommand.CreateBookmark(
                                        name.snapshot(s.label()), name.bookmark("theirs" + random.nextInt(3)))));
            default -> holdOrRelease(nas, name);
        }
    }

    /** Something on the target. */
    void atTheTarget() {
        FakeZfs vault = universe.vault;
        Optional<Dataset> found = one(vault, Universe.COPY);
        if (found.isEmpty()) {
            return;
        }
        DatasetName name = found.get().name();
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                run(vault, new ZfsCommand.SetProperties(name, Map.of("readonly", "off")));
                String text = "precious " + texts++;
                if (write(vault, name, "mine" + random.nextInt(3), text.getBytes(StandardCharsets.UTF_8))) {
                    universe.chronicle.written.add(text);
                }
            }
            case 3, 4 -> run(vault, snapshot(name, Scope.SELF));
            case 5 ->
                oneSnapshot(vault, name)
                        .ifPresent(s -> run(vault, new ZfsCommand.DestroySnapshots(name, List.of(s.label()))));
            case 6 ->
                oneSnapshot(vault, name)
                        .ifPresent(s -> run(vault, new ZfsCommand.RenameSnapshot(name.snapshot(s.label()), label())));
            case 7 -> run(vault, new ZfsCommand.CreateFilesystem(name.child(child()), Map.of()));
            case 8 -> {
                if (random.nextInt(4) == 0 && !name.equals(Universe.COPY)) {
                    run(vault, new ZfsCommand.DestroyDataset(name, Scope.SUBTREE));
                }
            }
            case 9 ->
                oneSnapshot(vault, name)
                        .ifPresent(s ->
                                run(vault, new ZfsCommand.Rollback(name.snapshot(s.label()), random.nextInt(4) == 0)));
            default -> holdOrRelease(vault, name);
        }
    }

    /** Lets go of all that could stand in the way of anything. */
    void letGo() {
        for (FakeZfs host : List.of(universe.nas, universe.vault)) {
            DatasetName root = host == universe.nas ? Universe.DATA : Universe.COPY;
            for (Dataset dataset : datasets(host, root)) {
                for (Snapshot snapshot : history(host, dataset.name()).snapshots()) {
                    run(
                            host,
                            new ZfsCommand.Release(
                                    "theirs", List.of(dataset.name().snapshot(snapshot.label()))));
                }
            }
        }
    }

    /** One more snapshot of everything on the source. */
    void last() {
        run(
                universe.nas,
                new ZfsCommand.TakeSnapshots(List.of(Universe.DATA.snapshot("last")), Scope.SUBTREE, Map.of()));
    }

    /** Leaves next to no room on the target. */
    void fill() {
        long room = universe.vault
                .execute(new ZfsCommand.ListDatasets(List.of(Universe.BACKUP), Scope.SELF))
                .orThrow()
                .get(0)
                .available();
        int size = (int) Math.max(0, room - 200_000 + random.nextInt(200_000));
        write(universe.vault, Universe.FILLER, "filler", new byte[size]);
    }

    void empty() {
        write(universe.vault, Universe.FILLER, "filler", new byte[0]);
    }

    private void holdOrRelease(FakeZfs host, DatasetName name) {
        oneSnapshot(host, name).ifPresent(s -> {
            List<SnapshotName> names = List.of(name.snapshot(s.label()));
            run(
                    host,
                    random.nextInt(3) == 0
                            ? new ZfsCommand.Hold("theirs", names)
                            : new ZfsCommand.Release("theirs", names));
        });
    }

    private ZfsCommand.TakeSnapshots snapshot(DatasetName name, Scope scope) {
        return new ZfsCommand.TakeSnapshots(List.of(name.snapshot(label())), scope, Map.of());
    }

    /** Few enough that names come again. */
    private String label() {
        return "s" + random.nextInt(30);
    }

    private String child() {
        return List.of("a", "b", "c", "d").get(random.nextInt(4));
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(6_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private Optional<Dataset> one(FakeZfs host, DatasetName root) {
        // nobody works in what the engine has half made
        List<Dataset> all = datasets(host, root).stream()
                .filter(dataset -> !dataset.name().value().contains(".zl1-"))
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private static List<Dataset> datasets(FakeZfs host, DatasetName root) {
        return host.execute(new ZfsCommand.ListDatasets(List.of(root), Scope.SUBTREE))
                        instanceof Answer.Done<List<Dataset>> done
                ? done.value()
                : List.of();
    }

    private Optional<Snapshot> oneSnapshot(FakeZfs host, DatasetName name) {
        List<Snapshot> all = history(host, name).snapshots();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private static History history(FakeZfs host, DatasetName name) {
        return host.execute(new ZfsCommand.ListHistories(List.of(name), Scope.SELF))
                        instanceof Answer.Done<Map<DatasetName, History>> done
                ? done.value().getOrDefault(name, History.EMPTY)
                : History.EMPTY;
    }

    private void run(FakeZfs host, ZfsCommand<?> command) {
        universe.chronicle.moved |= host == universe.nas
                && (command instanceof ZfsCommand.RenameSnapshot || command instanceof ZfsCommand.Promote);
        Answer<?> answer;
        try {
            answer = host.execute(List.of(command)).get(0);
        } catch (UnsupportedOperationException e) {
            return; // what the fake does not model nobody does
        }
        if (answer instanceof Answer.Done<?>) {
            universe.chronicle.step("people at " + host.host() + ": " + command);
        }
    }

    /** Whether the file system took it. */
    private boolean write(FakeZfs host, DatasetName name, String path, byte[] bytes) {
        try {
            host.write(name, path, bytes);
            universe.chronicle.step(
                    "people at " + host.host() + ": write " + bytes.length + " bytes to " + name + "/" + path);
            return true;
        } catch (IllegalStateException | IllegalArgumentException e) {
            return false;
        }
    }
}
