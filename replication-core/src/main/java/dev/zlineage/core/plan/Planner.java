// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Base;
import dev.zlineage.core.lineage.Lineage;
import dev.zlineage.core.lineage.Relation;
import dev.zlineage.core.lineage.Replica;
import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Bookmark;
import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Decides what a replication does: a pure function of a request and what was seen of both sides. */
public final class Planner {

    private final ReplicationRequest request;
    private final HostView source;
    private final HostView target;
    private final OnPoolNames names;
    private final List<NewParent> parents = new ArrayList<>();
    private final List<DatasetPlan> datasets = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** By target and label: what snapshots that only the target has wrote. */
    private final Map<DatasetName, Map<String, Long>> written = new HashMap<>();

    /** Targets that exist, or will once the plan so far was run. */
    private final Set<DatasetName> present = new HashSet<>();

    private Planner(ReplicationRequest request, Observation observation) {
        this.request = request;
        this.source = observation.source();
        this.target = observation.target();
        this.names = OnPoolNames.of(target.dataset(request.target().pool()).orElseThrow(), request.target());
        present.addAll(target.datasets().keySet());
        target.written()
                .forEach((name, bytes) -> written.computeIfAbsent(name.dataset(), n -> new HashMap<>())
                        .put(name.label(), bytes));
    }

    /**
     * Makes a plan.
     *
     * @param request what is asked for
     * @param observation what was seen of both sides; the source and the target's pool are in it
     * @return what is to be done
     * @throws InvalidRequestException if source and target overlap, or the snapshot to take exists already
     */
    public static ReplicationPlan plan(ReplicationRequest request, Observation observation) {
        return new Planner(request, observation).plan();
    }

    private ReplicationPlan plan() {
        refuseOverlap();
        refuseTakenLabel();
        missingParents();
        Set<DatasetName> order = new TreeSet<>(source.datasets().keySet());
        Set<DatasetName> withDescendantsToSend = request.recursive() ? ancestorsOfSelected(order) : Set.of();
        for (DatasetName name : order) {
            DatasetPlan plan = dataset(source.dataset(name).orElseThrow(), withDescendantsToSend.contains(name));
            datasets.add(plan);
            if (plan.sends()) {
                present.add(plan.target());
            }
        }
        return new ReplicationPlan(
                request,
                source.host(),
                target.host(),
                request.takeSnapshot().map(request.source()::snapshot),
                datasets.stream().anyMatch(DatasetPlan::sends) ? parents : List.of(),
                names.holdTag(),
                datasets,
                warnings);
    }

    /** By identity: the two hosts may be one under two names. */
    private void refuseOverlap() {
        Guid root = source.dataset(request.source()).orElseThrow().guid();
        String problem = "";
        for (Dataset seen : target.datasets().values()) {
            if (seen.guid().equals(root)) {
                problem = seen.name().equals(request.target())
                        ? "source and target are the same dataset"
                        : request.target().contains(seen.name())
                                ? "the source " + request.source() + " lies inside it"
                                : "it lies inside the source " + request.source();
            }
        }
        if (!problem.isEmpty()) {
            throw new InvalidRequestException(List.of(new InvalidRequestException.Problem(
                    "target", "'" + request.target() + "' can't be the target: " + problem)));
        }
    }

    private void refuseTakenLabel() {
        for (DatasetName name : new TreeSet<>(source.datasets().keySet())) {
            request.takeSnapshot().flatMap(source.history(name)::snapshot).ifPresent(taken -> {
                throw new InvalidRequestException(List.of(new InvalidRequestException.Problem(
                        "snapshot", "'" + taken.label() + "' can't be taken: " + name + taken + " exists already")));
            });
        }
    }

    private void missingParents() {
        for (DatasetName above : request.target().ancestors()) {
            if (!present.contains(above)) {
                createParent(above, "the target " + request.target() + " needs it as a parent");
            }
        }
    }

    private void createParent(DatasetName name, String why) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("canmount", "off");
        if (request.readonly()) {
            properties.put("readonly", "on");
        }
        parents.add(new NewParent(name, properties, why));
        present.add(name);
    }

    /** Datasets that have, somewhere below them, one with a selected snapshot. */
    private Set<DatasetName> ancestorsOfSelected(Set<DatasetName> order) {
        Set<DatasetName> found = new HashSet<>();
        for (DatasetName name : order) {
            if (!request.snapshots().in(history(name)).isEmpty()) {
                for (Optional<DatasetName> above = name.parent();
                        above.isPresent() && found.add(above.get());
                        above = above.get().parent()) {}
            }
        }
        return found;
    }

    /** The history that the source will have when the snapshot to take was taken. */
    private History history(DatasetName name) {
        History seen = source.history(name);
        return request.takeSnapshot()
                .map(label -> new History.Builder()
                        .addAll(seen)
                        .add(new Snapshot(label, Guid.PLANNED, Long.MAX_VALUE))
                        .build())
                .orElse(seen);
    }

    private DatasetPlan dataset(Dataset from, boolean descendantsToSend) {
        DatasetName to;
        try {
            to = from.name().rebase(request.source(), request.target());
            ReceiveStream.into(to);
        } catch (InvalidNameException e) {
            return without(
                    from,
                    request.target(),
                    new Relation.Absent(),
                    refuse(
                            Decision.Reason.TARGET_NAME_TOO_LONG,
                            String.valueOf(e.getMessage()),
                            "choose a shorter target, or rename the source"));
        }
        History history = history(from.name());
        Optional<Dataset> existing = target.dataset(to);
        Relation relation = Lineage.relate(history, existing.map(this::replica));
        Optional<Decision> refusal = refuseTarget(from, existing)
                .or(() -> refuseRelation(from, to, relation))
                .or(() -> refuseParent(to));
        if (refusal.isPresent()) {
            return without(from, to, relation, refusal.get());
        }
        Optional<Base> base = base(relation);
        BitSet selected = request.snapshots().in(history);
        List<StreamSeries.Segment> segments = StreamSeries.minimal(history, base, selected);
        if (segments.isEmpty()) {
            return nothingToSend(from, to, relation, base, history, descendantsToSend);
        }
        if (relation instanceof Relation.AheadHarmless && raw(from, existing)) {
            return without(
                    from, to, relation, ahead("a raw increment needs its base to be the target's newest snapshot"));
        }
        return sending(from, to, relation, base, history, segments, existing);
    }

    private Replica replica(Dataset dataset) {
        return new Replica(
                target.history(dataset.name()),
                dataset.written(),
                target.empty().contains(dataset.name()),
                written.getOrDefault(dataset.name(), Map.of()));
    }

    private static Optional<Base> base(Relation relation) {
        if (relation instanceof Relation.Equal equal) {
            return Optional.of(equal.base());
        }
        if (relation instanceof Relation.Behind behind) {
            return Optional.of(behind.base());
        }
        if (relation instanceof Relation.AheadHarmless ahead) {
            return Optional.of(ahead.base());
        }
        return Optional.empty();
    }

    private Optional<Decision> refuseTarget(Dataset from, Optional<Dataset> existing) {
        if (existing.isEmpty()) {
            return Optional.empty();
        }
        Dataset to = existing.get();
        if (to.kind() != from.kind()) {
            return Optional.of(refuse(
                    Decision.Reason.KIND_MISMATCH,
                    "the source is a " + word(from.kind()) + ", the target a " + word(to.kind()),
                    "choose another target"));
        }
        if (to.resumeToken().isPresent()) {
            return Optional.of(refuse(
                    Decision.Reason.PARTIAL_RECEIVE,
                    "an interrupted receive left its state on the target",
                    "let the tool that began it finish, or discard the state: zfs receive -A " + to.name()));
        }
        return Optional.empty();
    }

    private Optional<Decision> refuseRelation(Dataset from, DatasetName to, Relation relation) {
        Decision refusal = null;
        if (relation instanceof Relation.DataWithoutSnapshots data) {
            refusal = refuse(
                    Decision.Reason.TARGET_HOLDS_DATA,
                    "the target exists without snapshots and may hold data (" + data.bytes() + " bytes)",
                    "choose another target, or destroy that dataset yourself if nobody needs it");
        } else if (relation instanceof Relation.Unrelated unrelated) {
            refusal = refuse(
                    Decision.Reason.UNRELATED,
                    "source and target have no snapshot in common; the target's newest is "
                            + unrelated.newestOnTarget(),
                    "choose another target, or rename the one that is there out of the way");
        } else if (relation instanceof Relation.Clashing clashing) {
            refusal = refuse(
                    Decision.Reason.NAME_CLASH,
                    "the target has another snapshot of the name @"
                            + clashing.clashes().get(0).label()
                            + (clashing.clashes().size() > 1
                                    ? " (and " + (clashing.clashes().size() - 1) + " more such)"
                                    : ""),
                    "rename that snapshot on the target, or choose another target");
        } else if (relation instanceof Relation.Diverged diverged) {
            refusal = refuse(
                    Decision.Reason.DIVERGED,
                    "both sides went on since " + diverged.base().onTarget() + ": the target was written to"
                            + own(diverged.targetOnly()),
                    rollback(to, diverged.base()));
        } else if (relation instanceof Relation.AheadWritten ahead) {
            refusal = refuse(
                    Decision.Reason.TARGET_WRITTEN,
                    "the target was written to since " + ahead.base().onTarget() + own(ahead.targetOnly()),
                    rollback(to, ahead.base()));
        } else if (relation instanceof Relation.AheadHarmless harmless
                && request.divergence() != DivergencePolicy.TOLERATE_HARMLESS) {
            refusal = ahead(
                    "the target has newer snapshots of its own, which hold no changes" + own(harmless.targetOnly()));
        } else if (relation instanceof Relation.Behind behind
                && behind.base().onSource() instanceof Bookmark
                && from.readonly()
                && !request.trustBookmarks()) {
            refusal = refuse(
                    Decision.Reason.BOOKMARK_OF_REPLICA,
                    "only the bookmark " + behind.base().onSource()
                            + " is left of the base, and the source is read-only, so it may be a replica that was rolled back",
                    "if it never was, say that bookmarks are to be trusted (--trust-bookmarks)");
        }
        return Optional.ofNullable(refusal);
    }

    private static String rollback(DatasetName to, Base base) {
        return "keep what was written by renaming the target away, or give it up yourself: zfs rollback -r " + to
                + base.onTarget();
    }

    private static Decision.Refuse ahead(String why) {
        return refuse(
                Decision.Reason.TARGET_AHEAD,
                why,
                "destroy or move those snapshots, or tolerate them where they hold no changes (--tolerate-harmless)");
    }

    private static String own(List<Snapshot> snapshots) {
        if (snapshots.isEmpty()) {
            return "";
        }
        return ", its own newest snapshot is " + snapshots.get(snapshots.size() - 1);
    }

    private Optional<Decision> refuseParent(DatasetName to) {
        return to.parent()
                .filter(above -> !present.contains(above))
                .map(above -> refuse(
                        Decision.Reason.PARENT_MISSING,
                        "its parent " + above + " will not exist, because it was refused or is a volume",
                        "see to the parent first"));
    }

    private DatasetPlan nothingToSend(
            Dataset from,
            DatasetName to,
            Relation relation,
            Optional<Base> base,
            History history,
            boolean descendantsToSend) {
        if (base.isEmpty()) {
            String what = history.snapshots().isEmpty()
                    ? "the source has no snapshots"
                    : "none of the source's snapshots is selected";
            if (relation instanceof Relation.Absent && descendantsToSend && from.kind() == DatasetKind.FILESYSTEM) {
                createParent(to, what + ", but what lies below it is sent");
            }
            return without(from, to, relation, new Decision.Skip(what));
        }
        Decision decision = new Decision.UpToDate("both have " + base.get().onTarget());
        return continuing(from, to, relation, decision, List.of(), base, history, 0);
    }

    private DatasetPlan sending(
            Dataset from,
            DatasetName to,
            Relation relation,
            Optional<Base> base,
            History history,
            List<StreamSeries.Segment> segments,
            Optional<Dataset> existing) {
        boolean raw = raw(from, existing);
        boolean unreadable = from.encryption().filter(e -> !e.keyLoaded()).isPresent();
        if (unreadable && !raw) {
            return without(
                    from,
                    to,
                    relation,
                    refuse(
                            Decision.Reason.KEY_NOT_LOADED,
                            "the source is encrypted, its key is not loaded, and the target was not received raw",
                            "load the key: zfs load-key "
                                    + from.encryption().orElseThrow().root()));
        }
        StreamMode mode = raw ? StreamMode.RAW : StreamMode.DEFAULT;
        List<PlannedStream> streams = new ArrayList<>();
        int brought = 0;
        for (StreamSeries.Segment segment : segments) {
            PlannedStream stream = stream(from, to, history, segment, mode, relation);
            streams.add(stream);
            brought += stream.arriving().size();
        }
        String why = base.map(b -> "from " + b.onSource() + ", the newest that both know"
                        + (b.onSource() instanceof Bookmark ? "; the source has only a bookmark of it" : ""))
                .orElse(
                        relation instanceof Relation.Empty
                                ? "in full, because the target exists but holds nothing"
                                : "in full, because the target does not exist");
        int candidates = 0;
        for (int i = base.map(b -> b.sourceIndex() + 1).orElse(0); i < history.size(); i++) {
            candidates += history.isBookmark(i) ? 0 : 1;
        }
        return continuing(from, to, relation, new Decision.Send(why), streams, base, history, candidates - brought);
    }

    private PlannedStream stream(
            Dataset from,
            DatasetName to,
            History history,
            StreamSeries.Segment segment,
            StreamMode mode,
            Relation relation) {
        List<Snapshot> arriving = new ArrayList<>();
        for (int i = segment.first(); i <= segment.to(); i++) {
            if (!history.isBookmark(i)) {
                arriving.add((Snapshot) history.point(i));
            }
        }
        SnapshotName last = from.name().snapshot(history.label(segment.to()));
        if (segment.full()) {
            return new PlannedStream(
                    new SendStream.Full(last, mode),
                    newTarget(from, to, relation instanceof Relation.Empty),
                    Optional.empty(),
                    arriving);
        }
        Optional<Guid> base = Optional.of(new Guid(history.guidBits(segment.from())));
        String label = history.label(segment.from());
        SendStream send;
        if (segment.series()) {
            send = new SendStream.Series(from.name().snapshot(label), last, mode);
        } else if (history.isBookmark(segment.from())) {
            send = new SendStream.Increment(from.name().bookmark(label), last, mode);
        } else {
            send = new SendStream.Increment(from.name().snapshot(label), last, mode);
        }
        return new PlannedStream(send, ReceiveStream.into(to), base, arriving);
    }

    private ReceiveStream newTarget(Dataset from, DatasetName to, boolean overwriteEmpty) {
        Map<String, String> set = new LinkedHashMap<>();
        if (request.readonly()) {
            set.put("readonly", "on");
            if (from.kind() == DatasetKind.VOLUME) {
                set.put("volmode", "none");
            }
        }
        return new ReceiveStream(to, false, request.mount(), set, Set.of(), Optional.empty(), overwriteEmpty);
    }

    /**
     * Encrypted data stays encrypted on its way and at its end, unless a target that is there was made otherwise: one that
     * is not encrypted, or by the key of a dataset outside of what is replicated.
     */
    private boolean raw(Dataset from, Optional<Dataset> existing) {
        if (from.encryption().isEmpty()) {
            return false;
        }
        return existing.filter(to -> target.history(to.name()).newestSnapshot().isPresent())
                .map(to -> to.encryption()
                        .filter(e -> request.target().contains(e.root()))
                        .isPresent())
                .orElse(true);
    }

    /** Bookmarks what the target will end in, and sees to the bookmarks and holds that this makes superfluous. */
    private DatasetPlan continuing(
            Dataset from,
            DatasetName to,
            Relation relation,
            Decision decision,
            List<PlannedStream> streams,
            Optional<Base> base,
            History history,
            int omitted) {
        Optional<Snapshot> goal = streams.isEmpty()
                ? base.map(Base::onSource).filter(Snapshot.class::isInstance).map(Snapshot.class::cast)
                : Optional.of(streams.get(streams.size() - 1).last());
        Optional<NewBookmark> bookmark = Optional.empty();
        List<BookmarkName> obsolete = new ArrayList<>();
        List<SnapshotName> release = new ArrayList<>();
        List<Bookmark> ours = names.ours(history);
        if (goal.isPresent()) {
            Snapshot snapshot = goal.get();
            Optional<BookmarkName> name = names.bookmark(from.name(), snapshot.guid());
            if (name.isEmpty()) {
                warnings.add(
                        from.name() + " has too long a name to bookmark what is sent: the next increment depends on "
                                + snapshot + " being there");
            }
            bookmark = name.filter(n -> ours.stream().noneMatch(b -> b.guid().equals(snapshot.guid())))
                    .map(n -> new NewBookmark(from.name().snapshot(snapshot.label()), n));
        }
        Guid keep = goal.map(Snapshot::guid)
                .or(() -> base.map(b -> b.onTarget().guid()))
                .orElse(Guid.PLANNED);
        for (Bookmark mine : ours) {
            if (!mine.guid().equals(keep)) {
                obsolete.add(from.name().bookmark(mine.label()));
                history.snapshots().stream()
                        .filter(s -> s.guid().equals(mine.guid()))
                        .forEach(s -> release.add(from.name().snapshot(s.label())));
            }
        }
        return new DatasetPlan(
                from.name(), to, from.kind(), relation, decision, streams, bookmark, obsolete, release, omitted);
    }

    private DatasetPlan without(Dataset from, DatasetName to, Relation relation, Decision decision) {
        return new DatasetPlan(
                from.name(), to, from.kind(), relation, decision, List.of(), Optional.empty(), List.of(), List.of(), 0);
    }

    private static Decision.Refuse refuse(Decision.Reason reason, String why, String wayOut) {
        return new Decision.Refuse(reason, why, wayOut);
    }

    private static String word(DatasetKind kind) {
        return kind == DatasetKind.VOLUME ? "volume" : "filesystem";
    }
}
