// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.prune;

import dev.zlineage.core.mark.CopyMark;
import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.prune.CopyFate.Act;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of the copies: a pure function of a request and what was seen. */
final class PrunePlanner {

    private final PruneRequest request;
    private final PruneView seen;

    /** By GUID, all that is in the source's pool: what is there under another name is not gone. */
    private final Map<Guid, DatasetName> sources;

    private @Nullable Set<Guid> snapshotsOfSource;

    private long newestOfAll = -1;

    private PrunePlanner(PruneRequest request, PruneView seen) {
        this.request = request;
        this.seen = seen;
        this.sources = Stream.concat(seen.source().datasets().values().stream(), seen.sourcePool().stream())
                .collect(Collectors.toMap(Dataset::guid, Dataset::name, (one, same) -> one));
    }

    static PrunePlan plan(PruneRequest request, PruneView seen) {
        PrunePlanner planner = new PrunePlanner(request, seen);
        return new PrunePlan(request, seen.target().host(), planner.trusted() ? planner.fates() : List.of());
    }

    /** The dataset of the source that one of the target is, or was, a copy of; empty where no name can be. */
    static Optional<DatasetName> sourceOf(ReplicationRequest replication, DatasetName copy) {
        try {
            return Optional.of(copy.rebase(replication.target(), replication.source()));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    /** A source that is not there, or holds nothing, tells nothing about what was destroyed there. */
    private boolean trusted() {
        return request.replication().recursive()
                && seen.source().dataset(request.replication().source()).isPresent()
                && seen.source().histories().values().stream()
                        .anyMatch(history -> history.newestSnapshot().isPresent());
    }

    private List<CopyFate> fates() {
        Map<DatasetName, CopyFate> fates = new LinkedHashMap<>();
        for (DatasetName name : new TreeSet<>(seen.target().datasets().keySet())) {
            Dataset copy = seen.target().dataset(name).orElseThrow();
            if (!besides(name)) {
                fate(copy).ifPresent(fate -> fates.put(name, fate));
            }
        }
        keepWhatOthersNeed(fates);
        return limited(inOrder(new ArrayList<>(fates.values())));
    }

    /** What a swap has to do with is nobody's copy, and what another replication brings is none of this one. */
    private boolean besides(DatasetName name) {
        List<DatasetName> all = new ArrayList<>(name.ancestors());
        all.add(name);
        return request.others().stream().anyMatch(other -> other.contains(name))
                || all.stream()
                        .anyMatch(d -> SetAside.isAside(d) || SetAside.target(d).isPresent());
    }

    private Optional<CopyFate> fate(Dataset copy) {
        Optional<DatasetName> name = sourceOf(request.replication(), copy.name());
        Optional<Dataset> source = name.flatMap(seen.source()::dataset);
        Optional<Guid> of = Optional.ofNullable(seen.copyOf().get(copy.name()));
        if (name.isEmpty() || !request.replication().includes(name.get())) {
            return Optional.empty();
        }
        if (source.isPresent()) {
            return present(copy, source.get(), of);
        }
        if (of.isEmpty()) {
            return Optional.of(fate(
                    copy, Act.LEAVE, "there is no " + name.get() + ", and it is not known whether it ever was a copy"));
        }
        DatasetName moved = sources.get(of.get());
        if (moved != null) {
            return Optional.of(fate(
                    copy, Act.LEAVE, "its source is " + moved + " now: rename the copy alike, or destroy it by hand"));
        }
        return Optional.of(gone(copy, name.get()));
    }

    private Optional<CopyFate> present(Dataset copy, Dataset source, Optional<Guid> of) {
        if (of.isPresent() && !of.get().equals(source.guid())) {
            return Optional.of(fate(
                    copy,
                    Act.LEAVE,
                    "its source is gone, and another dataset has its name: set the copy aside, or rename it"));
        }
        if (of.isPresent()) {
            return seen.goneSince().containsKey(copy.name())
                    ? Optional.of(fate(copy, Act.FORGET, source.name() + " is there again"))
                    : Optional.empty();
        }
        History history = seen.source().history(source.name());
        return seen.target()
                .history(copy.name())
                .newestSnapshot()
                .filter(newest -> request.grace().isPresent() && history.holds(newest.guid()))
                .map(newest -> fate(
                        copy,
                        Act.KNOW,
                        "it is a copy of " + source.name() + ", as both have " + newest,
                        CopyMark.copy(copy.guid(), source.guid(), root())));
    }

    private CopyFate gone(Dataset copy, DatasetName source) {
        Optional<String> obstacle = obstacle(copy);
        if (obstacle.isPresent() || request.grace().isEmpty()) {
            return fate(
                    copy,
                    Act.LEAVE,
                    source + " is gone" + obstacle.map(why -> ", but " + why).orElse(""));
        }
        Long since = seen.goneSince().get(copy.name());
        if (since == null || since < newest(seen.target().history(copy.name()))) {
            long now = request.now().getEpochSecond();
            return fate(
                    copy,
                    Act.NOTE,
                    source + " is gone; the copy stays for " + request.grace().get(),
                    CopyMark.gone(copy.guid(), now));
        }
        Instant end = Instant.ofEpochSecond(since).plus(request.grace().get());
        return request.now().isBefore(end)
                ? fate(copy, Act.WAIT, source + " is gone; the copy stays until " + end)
                : fate(copy, Act.DESTROY, source + " is gone since " + Instant.ofEpochSecond(since));
    }

    /**
     * Whether a run died after it had destroyed the last snapshots and before the dataset: without any, all that it holds counts
     * as written. It is as it was then, and nobody can have written to it since.
     */
    private boolean emptied(Dataset copy) {
        Long referenced = seen.emptied().get(copy.name());
        return referenced != null
                && referenced == copy.referenced()
                && copy.readonly()
                && !copy.mounted()
                && seen.target().history(copy.name()).newestSnapshot().isEmpty();
    }

    private Optional<String> obstacle(Dataset copy) {
        if (copy.name().equals(request.replication().target())) {
            return Optional.of("it is the target itself");
        }
        if (copy.written() > 0 && !emptied(copy) || copy.resumeToken().isPresent()) {
            return Optional.of("it was written to since its newest snapshot");
        }
        History history = seen.target().history(copy.name());
        if (!history.bookmarks().isEmpty()) {
            return Optional.of("it has bookmarks: it is replicated on from here");
        }
        if (history.snapshots().stream().anyMatch(snapshot -> ofSource().contains(snapshot.guid()))) {
            return Optional.of("snapshots of it are there on the source, in another dataset");
        }
        if (request.now().getEpochSecond() < newestOfAll()) {
            return Optional.of("the clock shows a time before that of snapshots that are there");
        }
        return Optional.ofNullable(seen.holds().get(copy.name()))
                .map(tag -> "'" + tag + "' holds one of its snapshots");
    }

    private Guid root() {
        return seen.source()
                .dataset(request.replication().source())
                .orElseThrow()
                .guid();
    }

    private Set<Guid> ofSource() {
        Set<Guid> known = snapshotsOfSource;
        if (known == null) {
            known = seen.source().histories().values().stream()
                    .flatMap(history -> history.snapshots().stream())
                    .map(Snapshot::guid)
                    .collect(Collectors.toSet());
            snapshotsOfSource = known;
        }
        return known;
    }

    /** Asked once for all that is gone. */
    private long newestOfAll() {
        if (newestOfAll < 0) {
            newestOfAll = findNewestOfAll();
        }
        return newestOfAll;
    }

    private long findNewestOfAll() {
        return Stream.of(seen.source(), seen.target())
                .flatMap(side -> side.histories().values().stream())
                .mapToLong(PrunePlanner::newest)
                .max()
                .orElse(0);
    }

    /** When the newest snapshot was taken. */
    private static long newest(History history) {
        long newest = 0;
        for (int i = 0; i < history.size(); i++) {
            newest = Math.max(newest, history.isBookmark(i) ? 0 : history.creation(i));
        }
        return newest;
    }

    /** What has anything below it that stays, or a clone that stays, stays too; and so on. */
    private void keepWhatOthersNeed(Map<DatasetName, CopyFate> fates) {
        Map<DatasetName, Dataset> pool = new HashMap<>();
        seen.pool().forEach(dataset -> pool.put(dataset.name(), dataset));
        Deque<Dataset> staying = new ArrayDeque<>();
        seen.pool().stream().filter(dataset -> !goes(fates.get(dataset.name()))).forEach(staying::add);
        while (!staying.isEmpty()) {
            Dataset stays = staying.remove();
            Map<DatasetName, String> needed = new LinkedHashMap<>();
            originOf(stays).ifPresent(origin -> needed.put(origin, stays.name() + " is a clone of it"));
            stays.name().ancestors().forEach(above -> needed.put(above, stays.name() + " below it stays"));
            needed.forEach((name, why) -> {
                CopyFate fate = fates.get(name);
                if (fate != null && goes(fate)) {
                    fates.put(name, fate.left(why));
                    Optional.ofNullable(pool.get(name)).ifPresent(staying::add);
                }
            });
        }
    }

    private static boolean goes(@Nullable CopyFate fate) {
        return fate != null && fate.act() == Act.DESTROY;
    }

    private static Optional<DatasetName> originOf(Dataset dataset) {
        return dataset.origin().map(SnapshotName::dataset);
    }

    /** Children and clones first. */
    private List<CopyFate> inOrder(List<CopyFate> fates) {
        Map<DatasetName, CopyFate> going = new LinkedHashMap<>();
        fates.stream().filter(PrunePlanner::goes).forEach(fate -> going.put(fate.dataset(), fate));
        Map<DatasetName, List<DatasetName>> first = new HashMap<>();
        for (DatasetName name : going.keySet()) {
            Stream.concat(name.parent().stream(), seen.target().dataset(name).flatMap(PrunePlanner::originOf).stream())
                    .forEach(later ->
                            first.computeIfAbsent(later, n -> new ArrayList<>()).add(name));
        }
        Set<DatasetName> ordered = new LinkedHashSet<>();
        Set<DatasetName> entered = new HashSet<>();
        Deque<DatasetName> open = new ArrayDeque<>(going.keySet());
        while (!open.isEmpty()) {
            DatasetName name = open.peek();
            if (entered.add(name)) {
                first.getOrDefault(name, List.of()).forEach(open::push);
            } else {
                open.pop();
                if (going.containsKey(name)) {
                    ordered.add(name);
                }
            }
        }
        List<CopyFate> all = new ArrayList<>(fates);
        all.removeIf(PrunePlanner::goes);
        ordered.forEach(name -> all.add(going.get(name)));
        return all;
    }

    private List<CopyFate> limited(List<CopyFate> fates) {
        long going = fates.stream().filter(f -> f.act() == Act.DESTROY).count();
        long all =
                seen.copyOf().keySet().stream().filter(name -> !besides(name)).count();
        if (going <= request.maximumShare() * all) {
            return fates;
        }
        String why = going + " of " + all + " copies would go at once, more than maximumShare=" + request.maximumShare()
                + " allows; if that is meant, consent to it once with maximumShare="
                + String.format(Locale.ROOT, "%.2f", Math.min(1, Math.ceil(100.0 * going / all) / 100));
        return fates.stream().map(f -> f.act() == Act.DESTROY ? f.left(why) : f).toList();
    }

    private CopyFate fate(Dataset copy, Act act, String why) {
        return new CopyFate(
                copy.name(),
                copy.guid(),
                act,
                why,
                Optional.empty(),
                seen.target().history(copy.name()).snapshots(),
                Optional.ofNullable(seen.copyOf().get(copy.name())),
                originOf(copy));
    }

    private CopyFate fate(Dataset copy, Act act, String why, String mark) {
        return new CopyFate(
                copy.name(),
                copy.guid(),
                act,
                why,
                Optional.of(mark),
                seen.target().history(copy.name()).snapshots(),
                Optional.ofNullable(seen.copyOf().get(copy.name())),
                originOf(copy));
    }
}
