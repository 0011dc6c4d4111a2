// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes up steps by chance. Most of them make sense where they are taken, some do not. */
final class Generator {

    static final List<String> CHILDREN = List.of("a", "b", "c", "d");
    private static final List<String> LABELS = List.of("1", "2", "3", "4", "5", "6");
    private static final List<String> TAGS = List.of("keep", "other");
    private static final List<String> FILES = List.of("f", "g");

    /** One of so many steps within a story is another one, but for the first story. */
    private static final int STRAYS = 10;

    /** Takes part where the host has what it needs, and now and then elsewhere. */
    private record Weighted(int weight, Predicate<Look> where, Function<Look, @Nullable Operation> maker) {}

    private static final Predicate<Look> ANYWHERE = look -> true;
    private static final Predicate<Look> CHILD = look -> look.datasets().size() > 2;
    private static final Predicate<Look> SNAPSHOT = look -> !look.snapshots().isEmpty();
    private static final Predicate<Look> CLONE = has(dataset -> dataset.origin().isPresent());
    private static final Predicate<Look> KEY =
            has(dataset -> dataset.encryption().isPresent());
    private static final Predicate<Look> TOKEN =
            has(dataset -> dataset.resumeToken().isPresent());

    private static Predicate<Look> has(Predicate<Dataset> wanted) {
        return look -> look.datasets().stream().anyMatch(wanted);
    }

    private final Random random;
    private final List<Weighted> makers = new ArrayList<>();
    private final Deque<Operation> story = new ArrayDeque<>();
    /** At first that of the seed, so that seeds that follow each other begin with all of them. */
    private int nextStory;

    private int storiesBegun;
    private int texts;

    Generator(long seed) {
        random = new Random(seed);
        nextStory = (int) Math.floorMod(seed, (long) Stories.COUNT);
        with(8, ANYWHERE, look -> new Operation.Run(new ZfsCommand.CreateFilesystem(place(look), settings())));
        with(1, ANYWHERE, look -> new Operation.Run(new ZfsCommand.CreateVolume(place(look), 1 << 20, Map.of())));
        with(3, ANYWHERE, look -> vacant(look).map(Operation.Encrypt::new).orElse(null));
        with(12, ANYWHERE, this::write);
        with(14, CHILD, this::takeSnapshots);
        with(6, SNAPSHOT, this::bookmark);
        with(5, SNAPSHOT, look -> new Operation.Run(new ZfsCommand.Hold(one(TAGS), List.of(snapshot(look)))));
        with(5, SNAPSHOT, look -> new Operation.Run(new ZfsCommand.Release(one(TAGS), List.of(held(look)))));
        with(7, SNAPSHOT, this::destroySnapshots);
        with(2, SNAPSHOT, look -> new Operation.Run(new ZfsCommand.DestroyBookmark(bookmarkOf(dataset(look), look))));
        with(4, CHILD, look -> new Operation.Run(new ZfsCommand.DestroyDataset(child(look), one(Scope.values()))));
        with(7, SNAPSHOT, look -> new Operation.Run(new ZfsCommand.Rollback(snapshot(look), random.nextInt(3) > 0)));
        with(6, CHILD, look -> new Operation.Run(new ZfsCommand.RenameDataset(child(look), place(look))));
        with(3, SNAPSHOT, look -> new Operation.Run(new ZfsCommand.RenameSnapshot(snapshot(look), one(LABELS))));
        with(7, SNAPSHOT, this::cloneSnapshot);
        with(8, CLONE, look -> new Operation.Run(new ZfsCommand.Promote(cloneOr(look))));
        with(6, ANYWHERE, look -> new Operation.Run(new ZfsCommand.SetProperties(dataset(look), setting())));
        with(
                3,
                CHILD,
                look -> new Operation.Run(new ZfsCommand.InheritProperty(
                        dataset(look), one(setting().keySet()))));
        with(4, KEY, look -> new Operation.Run(new ZfsCommand.LoadKey(root(look), key())));
        with(4, KEY, look -> new Operation.Run(new ZfsCommand.UnloadKey(root(look))));
        with(5, SNAPSHOT, this::destroyAtAPrompt);
        with(2, ANYWHERE, look -> new Operation.Run(new ZfsCommand.CountObjects(dataset(look))));
        with(1, ANYWHERE, look -> new Operation.Run(new ZfsCommand.ListLocalProperties(dataset(look))));
        with(1, SNAPSHOT, look -> new Operation.Run(new ZfsCommand.EstimateSend(full(look))));
        with(1, KEY, look -> new Operation.Run(new ZfsCommand.CheckKey(root(look), key())));
        with(1, KEY, look -> new Operation.Run(new ZfsCommand.InheritKey(root(look))));
        with(14, SNAPSHOT, look -> new Operation.Transfer(full(look), receive(place(look)), cut()));
        with(22, SNAPSHOT, this::increment);
        with(12, TOKEN, this::resume);
        with(3, TOKEN, look -> new Operation.Run(new ZfsCommand.AbortReceive(partialOr(look))));
        with(2, SNAPSHOT, this::force);
    }

    private void with(int weight, Predicate<Look> where, Function<Look, @Nullable Operation> maker) {
        makers.add(new Weighted(weight, look -> where.test(look) || random.nextInt(50) == 0, maker));
    }

    /** The next step on a host that looks like that. */
    Operation next(Look look) {
        if (story.isEmpty() && (storiesBegun == 0 || random.nextInt(4) == 0)) {
            story.addAll(Stories.tell(nextStory, random, look));
            storiesBegun++;
            nextStory = random.nextInt(Stories.COUNT);
        }
        if (!story.isEmpty() && (storiesBegun == 1 || random.nextInt(STRAYS) != 0)) {
            return story.remove();
        }
        return byChance(look);
    }

    private Operation byChance(Look look) {
        while (true) {
            int at = random.nextInt(makers.stream().mapToInt(Weighted::weight).sum());
            for (Weighted each : makers) {
                at -= each.weight();
                if (at < 0) {
                    Operation made = each.where().test(look) ? each.maker().apply(look) : null;
                    if (made != null) {
                        return made;
                    }
                    break;
                }
            }
        }
    }

    private boolean rarely() {
        return random.nextInt(12) == 0;
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private <T> T one(Set<T> all) {
        return one(List.copyOf(all));
    }

    @SafeVarargs
    private <T> T one(T... all) {
        return one(Arrays.asList(all));
    }

    private <T> Optional<T> any(Stream<T> some) {
        List<T> all = some.toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(one(all));
    }

    // names

    private DatasetName dataset(Look look) {
        return rarely() ? Host.THERE.child("missing") : one(look.datasets()).name();
    }

    /** Not one of the two that the programs live in. */
    private DatasetName child(Look look) {
        return any(look.datasets().stream()
                        .map(Dataset::name)
                        .filter(name -> name.ancestors().size() > 1))
                .orElse(Host.HERE.child("missing"));
    }

    /** Where something can be put, or is already. */
    private DatasetName place(Look look) {
        List<DatasetName> above = look.datasets().stream()
                .map(Dataset::name)
                .filter(name -> name.ancestors().size() < 3)
                .toList();
        return one(above).child(one(CHILDREN));
    }

    private Optional<DatasetName> vacant(Look look) {
        DatasetName place = place(look);
        boolean fits = look.datasets().stream()
                .noneMatch(dataset -> dataset.name().equals(place)
                        || place.parent().equals(Optional.of(dataset.name()))
                                && (dataset.kind() == DatasetKind.VOLUME
                                        || dataset.resumeToken().isPresent()
                                        || dataset.encryption().isPresent()));
        return fits ? Optional.of(place) : Optional.empty();
    }

    private SnapshotName snapshot(Look look) {
        return any(look.snapshots().stream())
                .filter(name -> !rarely())
                .orElseGet(() -> dataset(look).snapshot(one(LABELS)));
    }

    private BookmarkName bookmarkOf(DatasetName dataset, Look look) {
        return any(look.history(dataset).bookmarks().stream())
                .map(bookmark -> dataset.bookmark(bookmark.label()))
                .filter(name -> !rarely())
                .orElseGet(() -> dataset.bookmark(one(LABELS)));
    }

    private SnapshotName held(Look look) {
        return any(look.snapshots().stream().filter(name -> !look.holds(name).isEmpty()))
                .filter(name -> !rarely())
                .orElseGet(() -> snapshot(look));
    }

    private DatasetName cloneOr(Look look) {
        return any(look.datasets().stream()
                        .filter(dataset -> dataset.origin().isPresent())
                        .map(Dataset::name))
                .filter(name -> !rarely())
                .orElseGet(() -> child(look));
    }

    private DatasetName partialOr(Look look) {
        return any(look.datasets().stream()
                        .filter(dataset -> dataset.resumeToken().isPresent())
                        .map(Dataset::name))
                .filter(name -> !rarely())
                .orElseGet(() -> dataset(look));
    }

    private DatasetName root(Look look) {
        return any(look.datasets().stream()
                        .flatMap(dataset -> dataset.encryption().stream())
                        .map(Dataset.Encryption::root))
                .filter(name -> !rarely())
                .orElseGet(() -> dataset(look));
    }

    private Secret key() {
        return new Secret((rarely() ? "incorrect horse" : Host.PASSPHRASE).getBytes(StandardCharsets.UTF_8));
    }

    // steps

    private Map<String, String> settings() {
        return random.nextInt(4) == 0 ? setting() : Map.of();
    }

    private Map<String, String> setting() {
        return one(
                Map.of("readonly", "on"),
                Map.of("readonly", "off"),
                Map.of("compression", one("off", "lz4")),
                Map.of("canmount", one("on", "off", "noauto")),
                Map.of("atime", one("on", "off")),
                Map.of("sync", one("standard", "always")),
                Map.of("note:it", one("x", "y")));
    }

    private @Nullable Operation write(Look look) {
        Optional<DatasetName> at = any(look.datasets().stream()
                .filter(dataset -> dataset.kind() == DatasetKind.FILESYSTEM)
                .filter(dataset -> dataset.resumeToken().isEmpty())
                .filter(dataset ->
                        dataset.encryption().map(Dataset.Encryption::keyLoaded).orElse(true))
                .filter(dataset -> dataset.mounted() || rarely())
                .map(Dataset::name));
        if (at.isEmpty()) {
            return null;
        }
        String file = one(FILES);
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Operation.Write(at.get(), file, "text " + texts++);
            case 2 -> new Operation.Delete(at.get(), file);
            default -> new Operation.Fill(at.get(), file, 256);
        };
    }

    private Operation takeSnapshots(Look look) {
        Scope scope = random.nextInt(3) == 0 ? Scope.SUBTREE : Scope.SELF;
        List<SnapshotName> names = new ArrayList<>(List.of(dataset(look).snapshot(one(LABELS))));
        if (scope == Scope.SELF && random.nextInt(4) == 0) {
            names.add(dataset(look).snapshot(one(LABELS)));
        }
        return new Operation.Run(new ZfsCommand.TakeSnapshots(names, scope, Map.of()));
    }

    /** In the pool of the snapshot most of the time. */
    private Operation cloneSnapshot(Look look) {
        SnapshotName origin = snapshot(look);
        DatasetName place = place(look);
        for (int i = 0; i < 5 && !place.pool().equals(origin.dataset().pool()); i++) {
            place = place(look);
        }
        return new Operation.Run(new ZfsCommand.CloneSnapshot(origin, place, Map.of()));
    }

    private Operation bookmark(Look look) {
        SnapshotName of = snapshot(look);
        PointName base = random.nextInt(4) == 0 ? bookmarkOf(of.dataset(), look) : of;
        return new Operation.Run(
                new ZfsCommand.CreateBookmark(base, of.dataset().bookmark(one(LABELS))));
    }

    private Operation destroySnapshots(Look look) {
        SnapshotName first = snapshot(look);
        List<String> labels = new ArrayList<>(List.of(first.label()));
        if (random.nextInt(3) == 0) {
            labels.add(one(LABELS));
        }
        return new Operation.Run(new ZfsCommand.DestroySnapshots(
                first.dataset(), labels.stream().distinct().toList()));
    }

    private Operation destroyAtAPrompt(Look look) {
        SnapshotName first = snapshot(look);
        String which = switch (random.nextInt(5)) {
            case 0 -> first.label() + "%" + one(LABELS);
            case 1 -> "%" + first.label();
            case 2 -> first.label() + "%";
            case 3 -> one(LABELS) + "," + first.label();
            default -> first.label();
        };
        List<String> words = new ArrayList<>(List.of("destroy"));
        if (random.nextInt(2) == 0) {
            words.add("-d");
        }
        if (random.nextInt(3) == 0) {
            words.add("-r");
        }
        words.add(first.dataset() + "@" + which);
        return new Operation.Typed(words);
    }

    // streams

    private StreamMode mode(SnapshotName of, Look look) {
        boolean encrypted = look.datasets().stream()
                .anyMatch(dataset -> dataset.name().equals(of.dataset())
                        && dataset.encryption().isPresent());
        return encrypted ? one(StreamMode.RAW, StreamMode.RAW, StreamMode.DEFAULT) : StreamMode.DEFAULT;
    }

    private SendStream full(Look look) {
        SnapshotName to = snapshot(look);
        return new SendStream.Full(to, mode(to, look));
    }

    private ReceiveStream receive(DatasetName target) {
        ReceiveStream plain = new ReceiveStream(
                target,
                random.nextBoolean(),
                random.nextInt(3) == 0,
                Map.of(),
                Set.of(),
                Optional.empty(),
                random.nextInt(10) == 0);
        return random.nextInt(3) == 0 ? plain.with("readonly", "on") : plain;
    }

    private Cut cut() {
        return one(
                Cut.WHOLE,
                Cut.WHOLE,
                Cut.WHOLE,
                Cut.WHOLE,
                Cut.WHOLE,
                Cut.BEFORE_THE_END,
                Cut.BEFORE_THE_END,
                Cut.AT_ONCE);
    }

    /** From something that the target has, most of the time. */
    private @Nullable Operation increment(Look look) {
        SnapshotName to = snapshot(look);
        PointName base = rarely() ? snapshot(look) : earlier(to, look);
        if (base == null) {
            return null;
        }
        StreamMode mode = mode(to, look);
        SendStream stream = base instanceof SnapshotName snapshot && random.nextInt(3) == 0
                ? new SendStream.Series(snapshot, to, mode)
                : new SendStream.Increment(base, to, mode);
        ReceiveStream receive = receive(targetOf(to, base, look));
        ReceiveStream harmless = new ReceiveStream(
                receive.target(),
                receive.resumable(),
                receive.mount(),
                receive.set(),
                receive.exclude(),
                receive.origin(),
                false);
        return new Operation.Transfer(stream, harmless, cut());
    }

    private @Nullable PointName earlier(SnapshotName to, Look look) {
        List<PointName> before = new ArrayList<>();
        var history = look.history(to.dataset());
        for (int i = 0; i < history.size(); i++) {
            boolean isBookmark = history.isBookmark(i);
            if (!isBookmark && history.label(i).equals(to.label())) {
                break;
            }
            before.add(
                    isBookmark
                            ? to.dataset().bookmark(history.label(i))
                            : to.dataset().snapshot(history.label(i)));
        }
        Optional<SnapshotName> origin = look.datasets().stream()
                .filter(dataset -> dataset.name().equals(to.dataset()))
                .findFirst()
                .flatMap(Dataset::origin);
        origin.ifPresent(before::add);
        return before.isEmpty() ? null : one(before);
    }

    private DatasetName targetOf(SnapshotName to, PointName base, Look look) {
        var history = look.history(base.dataset());
        Set<Long> guids = new java.util.HashSet<>();
        for (int i = 0; i < history.size(); i++) {
            if (history.label(i).equals(base.label())) {
                guids.add(history.guidBits(i));
            }
        }
        return any(look.datasets().stream()
                        .map(Dataset::name)
                        .filter(name -> !name.equals(to.dataset()) && !name.equals(base.dataset()))
                        .filter(name -> look.history(name).snapshots().stream()
                                .anyMatch(snapshot ->
                                        guids.contains(snapshot.guid().bits()))))
                .filter(name -> !rarely())
                .orElseGet(() -> place(look));
    }

    private @Nullable Operation resume(Look look) {
        return any(look.datasets().stream()
                        .filter(dataset -> dataset.resumeToken().isPresent()))
                .map(dataset -> new Operation.Resume(receive(dataset.name()), cut()))
                .orElse(null);
    }

    private @Nullable Operation force(Look look) {
        Operation made = increment(look);
        return made instanceof Operation.Transfer transfer
                ? new Operation.Force(transfer.stream(), transfer.receive().target())
                : null;
    }
}
