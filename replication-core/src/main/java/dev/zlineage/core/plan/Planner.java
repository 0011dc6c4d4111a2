// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Base;
import dev.zlineage.core.lineage.Lineage;
import dev.zlineage.core.lineage.Relation;
import dev.zlineage.core.lineage.Replica;
import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.memory.Glance;
import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.observe.PendingSwap;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.StreamForm;
import dev.zlineage.core.zfs.Bookmark;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides what a replication does: a pure function of a request and what was seen of both sides. */
public final class Planner {

    private final ReplicationRequest request;
    private final HostView source;
    private final HostView target;

    /** What an earlier run began. The target is looked at as if it were finished, and it is finished first. */
    private final List<PendingSwap> swaps;

    private final List<DatasetName> leftOut;
    private final Glance glance;

    private final OnPoolNames names;
    private final Room room;
    private final TargetEncryption encryption;
    private final KeyGroups groups;
    private final List<NewParent> parents = new ArrayList<>();
    private final List<DatasetPlan> datasets = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Clones clones;

    /** By target and label: what snapshots that only the target has wrote. */
    private final Map<DatasetName, Map<String, Long>> written = new HashMap<>();

    /** Targets that exist, or will once the plan so far was run. */
    private final Set<DatasetName> present = new HashSet<>();

    private Planner(ReplicationRequest request, Observation observation, boolean alone) {
        this.request = request;
        this.source = observation.source();
        this.swaps = observation.target().swaps();
        this.leftOut = observation.leftOut();
        this.target = observation.target().withSwapsFinished();
        this.glance = observation.glance();
        this.names = target.dataset(request.target().pool())
                .map(pool -> OnPoolNames.of(pool, request.target()))
                .orElseGet(() -> new OnPoolNames(glance.destination().orElseThrow()));
        this.room = new Room(target);
        this.encryption = new TargetEncryption(request, target, names);
        this.clones = new Clones(request, new Observation(source, target), encryption, alone);
        this.groups = new KeyGroups(request, target);
        present.addAll(target.datasets().keySet());
        target.written()
                .forEach((name, bytes) -> written.computeIfAbsent(name.dataset(), n -> new HashMap<>())
                        .put(name.label(), bytes));
    }

    /**
     * Makes a plan.
     *
     * @param request what is asked for
     * @param observation what was seen of both sides; the source and, unless nothing has changed, the target's pool are in it
     * @return what is to be done
     * @throws InvalidRequestException if source and target overlap, or the snapshot to take exists already
     */
    public static ReplicationPlan plan(ReplicationRequest request, Observation observation) {
        Planner planner = new Planner(request, observation, false);
        return planner.plan(SendOrder.of(planner.source.datasets()));
    }

    /**
     * Plans one dataset of a request anew, from what is there while the rest is under way.
     *
     * @param request what was asked for
     * @param observation what was seen of that dataset on both sides, and of what it is a clone of
     * @param dataset the dataset of the source
     * @return a plan of that dataset
     */
    public static ReplicationPlan plan(ReplicationRequest request, Observation observation, DatasetName dataset) {
        return new Planner(request, observation, true).plan(List.of(dataset));
    }

    private ReplicationPlan plan(List<DatasetName> order) {
        refuseOverlap();
        refuseTakenLabel();
        missingParents();
        Set<DatasetName> withDescendantsToSend = request.recursive() ? ancestorsOfSelected(order) : Set.of();
        for (DatasetName name : order) {
            Dataset from = source.dataset(name).orElseThrow();
            boolean descendantsToSend = withDescendantsToSend.contains(name);
            Optional<Decision> obstacle =
                    leftOut.isEmpty() ? Optional.empty() : parentsLeftOut(name, descendantsToSend);
            DatasetPlan plan = groups.joining(
                    from, obstacle.flatMap(no -> refused(from, no)).orElseGet(() -> dataset(from, descendantsToSend)));
            datasets.add(plan);
            clones.planned(plan);
            if (plan.sends()) {
                present.add(plan.target());
            }
        }
        warnings.addAll(groups.warnings());
        datasets.forEach(dataset -> Gaps.warning(dataset).ifPresent(warnings::add));
        Set<DatasetName> targets = datasets.stream().map(DatasetPlan::target).collect(Collectors.toSet());
        datasets.forEach(dataset -> Leftovers.warning(dataset, targets, target).ifPresent(warnings::add));
        return new ReplicationPlan(
                request,
                source.host(),
                target.host(),
                request.takeSnapshot().map(request.source()::snapshot),
                datasets.stream().anyMatch(DatasetPlan::sends) ? parents : List.of(),
                names.holdTag(),
                datasets,
                leftOut,
                groups.shared(),
                warnings);
    }

    /** By identity: the two hosts may be one under two names. */
    private void refuseOverlap() {
        Optional<Guid> root = source.dataset(request.source()).map(Dataset::guid);
        String problem = "";
        for (Dataset seen : target.datasets().values()) {
            if (root.isPresent() && seen.guid().equals(root.get())) {
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
        if (request.takeSnapshot().isEmpty()) {
            return;
        }
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

    /** What is left out has no copy, but what is taken in again below it needs a parent. Tells why there can be none. */
    private Optional<Decision> parentsLeftOut(DatasetName name, boolean descendantsToSend) {
        for (DatasetName above : name.ancestors()) {
            if (!request.source().contains(above) || request.includes(above)) {
                continue;
            }
            DatasetName to;
            try {
                to = above.rebase(request.source(), request.target());
            } catch (InvalidNameException e) {
                return Optional.empty(); // what lies below has a longer name yet, and is refused for it
            }
            boolean needed = !present.contains(to)
                    && to.parent().filter(present::contains).isPresent()
                    && (descendantsToSend
                            || !request.snapshots().in(history(name)).isEmpty());
            Optional<DatasetName> locked = needed ? lockedAbove(to) : Optional.empty();
            if (locked.isPresent()) {
                return Optional.of(Refusals.lockedParent(to, locked.get()));
            }
            if (needed) {
                createParent(to, above + " is left out, but what lies below it is sent");
            }
        }
        return Optional.empty();
    }

    /** The encryption root without whose key nothing can be created in a place. What arrives raw brings no key along. */
    private Optional<DatasetName> lockedAbove(DatasetName to) {
        DatasetName parent = to.parent().orElseThrow();
        return target.dataset(parent)
                .map(there -> there.encryption().filter(e -> !e.keyLoaded()).map(Dataset.Encryption::root))
                .orElseGet(() -> datasets.stream()
                        .filter(plan -> plan.target().equals(parent) && plan.sends())
                        .filter(plan -> source.dataset(plan.source())
                                .filter(from -> raw(from, Optional.empty()))
                                .isPresent())
                        .map(DatasetPlan::target)
                        .findFirst());
    }

    /** Empty where the target has no name that can be; that is refused as such. */
    private Optional<DatasetPlan> refused(Dataset from, Decision why) {
        try {
            DatasetName to = from.name().rebase(request.source(), request.target());
            return Optional.of(without(from, to, new Relation.Absent(), why));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private void createParent(DatasetName name, String why) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("canmount", "off");
        if (request.readonly() != ReadonlyPolicy.IGNORE) {
            properties.put("readonly", "on");
        }
        properties.putAll(TargetEncryption.properties(request, names, name));
        parents.add(new NewParent(name, properties, encryption.storing(name), why));
        present.add(name);
    }

    /** Datasets that have, somewhere below them, one with a selected snapshot. */
    private Set<DatasetName> ancestorsOfSelected(List<DatasetName> order) {
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
        if (glance.unchanged(from.name())) {
            glance.warning(from.name()).ifPresent(warnings::add);
            return without(
                    from,
                    from.name().rebase(request.source(), request.target()),
                    new Relation.Unchanged(),
                    new Decision.UpToDate("neither side has changed since there was nothing to do"));
        }
        try {
            to = from.name().rebase(request.source(), request.target());
            ReceiveStream.into(to);
        } catch (InvalidNameException e) {
            return without(
                    from,
                    request.target(),
                    new Relation.Absent(),
                    Refusals.refuse(
                            Decision.Reason.TARGET_NAME_TOO_LONG,
                            String.valueOf(e.getMessage()),
                            "choose a shorter target, or rename the source"));
        }
        Optional<PendingSwap> above = swaps.stream()
                .filter(swap -> swap.target().contains(request.target())
                        && !swap.target().equals(request.target()))
                .findFirst();
        if (above.isPresent()) {
            return without(
                    from,
                    to,
                    new Relation.Absent(),
                    Refusals.pending(above.get().target()));
        }
        Optional<String> obstacle = request.snapshots().obstacle(history(from.name()));
        if (obstacle.isPresent()) {
            return without(from, to, new Relation.Absent(), Refusals.obstacle(obstacle.get()));
        }
        return target.dataset(to)
                .map(existing -> onto(from, existing, descendantsToSend))
                .orElseGet(() -> anew(from, to, descendantsToSend));
    }

    /** The target does not exist. */
    private DatasetPlan anew(Dataset from, DatasetName to, boolean descendantsToSend) {
        Relation absent = new Relation.Absent();
        Optional<Decision> orphan = orphan(to);
        if (orphan.isPresent()) {
            return without(from, to, absent, orphan.get());
        }
        History history = history(from.name());
        if (request.snapshots().in(history).isEmpty()) {
            return nothingSelected(from, to, absent, history, descendantsToSend);
        }
        return first(from, to, absent, history, "the target does not exist", List.of(), Optional.empty());
    }

    /** What a target begins with: as a clone where the source is one and its origin is there, otherwise in full. */
    private DatasetPlan first(
            Dataset from,
            DatasetName to,
            Relation relation,
            History history,
            String because,
            List<TargetStep> before,
            Optional<Dataset> replaced) {
        boolean raw = raw(from, Optional.empty());
        // what is discarded goes, and its dataset with it where a receive had made that
        Clones.Way way = replaced.isPresent() ? new Clones.Way.InFull("") : clones.way(from, to, raw);
        Optional<Decision> refusal = way instanceof Clones.Way.Not not ? Optional.of(not.decision()) : Optional.empty();
        refusal = refusal.or(() -> way instanceof Clones.Way.AsClone ? Optional.empty() : room(from, to, history))
                .or(() -> replaced.isPresent() && before.isEmpty()
                        ? encryption.ofReplaced(replaced.get(), raw)
                        : encryption.ofNew(to, raw));
        if (refusal.isPresent()) {
            return without(from, to, relation, refusal.get());
        }
        Streams streams = streams(from, to, history, raw);
        if (way instanceof Clones.Way.AsClone clone) {
            String why = "as a clone of " + clone.onTarget() + ", as it is one of " + clone.onSource();
            return sending(from, to, relation, why, before, streams.clone(clone, to));
        }
        List<TargetStep> steps = new ArrayList<>(before);
        steps.addAll(replaced.isPresent() ? List.of() : encryption.before(to));
        String why = "in full, because " + because + ((Clones.Way.InFull) way).because();
        return sending(from, to, relation, why, steps, streams.first(to, replaced.isPresent()));
    }

    /** Judged where the newest snapshot is sent: of older ones a listing of datasets does not tell the size. */
    private Optional<Decision> room(Dataset from, DatasetName to, History history) {
        int newest = history.size() - 1;
        while (newest >= 0 && history.isBookmark(newest)) {
            newest--;
        }
        return request.ignoreRoom()
                        || newest < 0
                        || !request.snapshots().in(history).get(newest)
                ? Optional.empty()
                : room.take(from, to, request.takeSnapshot().isPresent());
    }

    /** The target exists. */
    private DatasetPlan onto(Dataset from, Dataset to, boolean descendantsToSend) {
        History history = history(from.name());
        Relation relation = Lineage.relate(history, Optional.of(replica(to)));
        boolean raw = raw(from, Optional.of(to));
        BitSet selected = request.snapshots().in(history);
        Optional<Decision> refusal = Refusals.kind(from, to)
                .or(() -> orphan(to.name()))
                .or(() -> writable(to))
                .or(() -> request.divergence().startsOver() && Replacement.applies(request.divergence(), relation, raw)
                        ? Optional.empty()
                        : encryption.ofExisting(to, raw));
        if (refusal.isPresent()) {
            return without(from, to.name(), relation, refusal.get());
        }
        PartialState partial = PartialState.of(
                from,
                history,
                selected,
                to,
                target.history(to.name()),
                clones.shared(from, to),
                Optional.ofNullable(target.tokens().get(to.name())),
                raw);
        if (partial instanceof PartialState.Refuse refuse) {
            return without(from, to.name(), relation, refuse.decision());
        }
        boolean holdsSomething = target.history(to.name()).newestSnapshot().isPresent();
        if (request.onlyNew() && (holdsSomething || !(partial instanceof PartialState.CarryOn))) {
            return without(from, to.name(), relation, Refusals.notNew(to.name()));
        }
        if (relation instanceof Relation.DataWithoutSnapshots || relation instanceof Relation.Empty) {
            return beginning(from, to, relation, history, partial, raw, descendantsToSend);
        }
        return continuing(from, to, relation, history, partial, raw, selected);
    }

    /** The target holds no snapshots: a receive that was cut, or an empty dataset, or data that is not ours. */
    private DatasetPlan beginning(
            Dataset from,
            Dataset to,
            Relation relation,
            History history,
            PartialState partial,
            boolean raw,
            boolean descendantsToSend) {
        boolean empty = relation instanceof Relation.Empty;
        // a receive would have to overwrite what was written to it since its first stream was cut
        boolean occupied = target.occupied().contains(to.name());
        if (partial instanceof PartialState.CarryOn on && !occupied) {
            Streams streams = streams(from, to.name(), history, raw).resumed(on, to.name(), empty);
            String why = "in full, carrying on with what was cut";
            return sending(from, to.name(), relation, why, madeReadonly(to), streams);
        }
        boolean made = partial instanceof PartialState.Discard && !empty && !occupied;
        if (!made && Replacement.applies(request.divergence(), relation, raw)) {
            return replacing(from, to, relation, history);
        }
        Relation before = made ? new Relation.Absent() : relation;
        Optional<Decision> refusal = Refusals.relation(to.name(), before);
        if (refusal.isPresent()) {
            return without(from, to.name(), relation, refusal.get());
        }
        if (request.snapshots().in(history).isEmpty()) {
            return nothingSelected(from, to.name(), relation, history, descendantsToSend);
        }
        if (empty && request.properties().send()) {
            warnings.add("what was set on " + to.name() + " gives way to the properties of " + from.name());
        }
        String because = empty ? "the target exists but holds nothing" : "what was cut can't be carried on";
        Optional<Dataset> replaced = empty ? Optional.of(to) : Optional.empty();
        return first(from, to.name(), relation, history, because, steps(partial), replaced);
    }

    /** The target holds snapshots. */
    private DatasetPlan continuing(
            Dataset from,
            Dataset to,
            Relation relation,
            History history,
            PartialState partial,
            boolean raw,
            BitSet selected) {
        if (Replacement.applies(request.divergence(), relation, raw)) {
            return replacing(from, to, relation, history);
        }
        Remedy remedy = Remedy.of(request.divergence(), relation, history, to, target.history(to.name()), raw);
        Optional<Base> common = Remedy.base(relation);
        boolean nothing = common.isPresent()
                && StreamSeries.minimal(history, common, selected).isEmpty();
        boolean harmless = relation instanceof Relation.AheadHarmless;
        if (remedy instanceof Remedy.None) {
            Optional<Decision> refusal = harmless && request.divergence() == DivergencePolicy.TOLERATE_HARMLESS
                    ? nothing
                            ? Optional.empty()
                            : Optional.of(
                                    Refusals.ahead("a raw increment needs its base to be the target's newest snapshot"))
                    : Refusals.relation(to.name(), relation);
            if (refusal.isPresent()) {
                return without(from, to.name(), relation, refusal.get());
            }
        }
        Base base = common.orElseThrow();
        boolean goesOn = !(relation instanceof Relation.Equal) || !nothing;
        if (goesOn && base.onSource() instanceof Bookmark && from.readonly() && !request.trustBookmarks()) {
            return without(from, to.name(), relation, Refusals.bookmarkOfReplica(base));
        }
        List<TargetStep> before = new ArrayList<>(steps(partial));
        if (remedy instanceof Remedy.RollBack back && !(harmless && nothing)) {
            before.add(back.step());
        }
        if (partial instanceof PartialState.CarryOn on && before.isEmpty()) {
            Streams streams = streams(from, to.name(), history, raw).resumed(on, to.name(), false);
            String why = "carrying on from what was cut, " + since(base);
            return sending(from, to.name(), relation, why, madeReadonly(to), streams);
        }
        before.addAll(0, madeReadonly(to));
        if (nothing && before.isEmpty()) {
            Decision decision = new Decision.UpToDate("both have " + base.onTarget());
            Continuity kept = Continuity.of(names, from, history, Optional.empty(), Optional.of(base));
            return planned(from, to.name(), relation, decision, List.of(), List.of(), List.of(), kept);
        }
        String why = nothing ? "nothing, once the target is put right: both have " + base.onTarget() : since(base);
        Streams streams = streams(from, to.name(), history, raw).since(base, to.name());
        return sending(from, to.name(), relation, why, before, streams);
    }

    /** Everything goes into a dataset beside the target, which then takes its place. */
    private DatasetPlan replacing(Dataset from, Dataset to, Relation relation, History history) {
        boolean over = request.divergence().startsOver();
        boolean raw = raw(from, over ? Optional.empty() : Optional.of(to));
        BitSet selected = request.snapshots().in(history);
        Optional<Base> common = Remedy.base(relation);
        DatasetName name = SetAside.incoming(to.name());
        Optional<Dataset> incoming = target.dataset(name);
        Optional<Decision> refusal = Replacement.obstacle(target, to, raw, !over)
                .or(() -> over && incoming.isEmpty() ? room(from, name, history) : Optional.empty())
                .or(() -> over && incoming.isEmpty() ? encryption.ofNew(name, raw) : Optional.empty())
                .or(() ->
                        over || !StreamSeries.minimal(history, common, selected).isEmpty()
                                ? Optional.empty()
                                : Refusals.relation(to.name(), relation));
        if (refusal.isPresent()) {
            return without(from, to.name(), relation, refusal.get());
        }
        Streams streams = streams(from, name, history, raw);
        List<TargetStep> before = List.of();
        String why = over ? "everything anew, beside " + to.name() : "into a clone of " + to.name();
        Optional<Base> there = incoming.flatMap(d -> Lineage.base(history, target.historyWithOrigin(d.name())));
        PartialState partial = incoming.map(d -> PartialState.of(
                        from,
                        history,
                        selected,
                        d,
                        target.historyWithOrigin(d.name()),
                        Optional.empty(),
                        Optional.ofNullable(target.tokens().get(d.name())),
                        raw))
                .orElseGet(PartialState.None::new);
        if (partial instanceof PartialState.Refuse refuse) {
            return without(from, to.name(), relation, refuse.decision());
        }
        Optional<Snapshot> begun = incoming.flatMap(d -> target.history(name).newestSnapshot());
        if (partial instanceof PartialState.CarryOn on) {
            streams.resumed(on, name, false);
            why += ", carrying on with what was cut";
        } else if (begun.isPresent()) {
            Optional<Base> end = there.filter(
                    base -> base.onTarget().guid().equals(begun.get().guid()));
            if (end.isEmpty()) {
                return without(from, to.name(), relation, Replacement.staleIncoming(name, begun.get()));
            }
            before = steps(partial);
            streams.since(end.get(), name);
        } else if (over) {
            before = Stream.concat(steps(partial).stream(), encryption.before(name).stream())
                    .toList();
            streams.first(name, false);
        } else {
            before = steps(partial);
            Base base = common.orElseThrow();
            streams.cloned(base, name, to.name());
            why += ", " + since(base);
        }
        Optional<Guid> goal = streams.goal()
                .map(Snapshot::guid)
                .or(() -> there.map(base -> base.onTarget().guid()));
        if (goal.isEmpty()) {
            return nothingSelected(from, to.name(), relation, history, false);
        }
        warnings.add(to.name() + " will be set aside as " + SetAside.aside(to.name(), to.guid())
                + " and takes its room until you destroy it; permissions by zfs allow stay with it");
        return sending(from, to.name(), relation, why, before, streams, List.of(Replacement.swap(to, goal.get())));
    }

    private static String since(Base base) {
        return "from " + base.onSource() + ", the newest that both know"
                + (base.onSource() instanceof Bookmark ? "; the source has only a bookmark of it" : "");
    }

    /** What is to be finished first, where this dataset is in the middle of a swap. */
    private List<TargetStep> unfinished(DatasetName to) {
        return swaps.stream()
                .filter(swap -> swap.target().equals(to))
                .<TargetStep>map(swap -> new TargetStep.Swap(swap.target(), swap.incoming(), Optional.empty()))
                .toList();
    }

    /** Before all else, so that nothing is written between that and the rest. */
    private List<TargetStep> madeReadonly(Dataset to) {
        return request.readonly() == ReadonlyPolicy.SET && !to.readonly()
                ? List.of(new TargetStep.MakeReadonly(to.name()))
                : List.of();
    }

    private Optional<Decision> writable(Dataset to) {
        return request.readonly() == ReadonlyPolicy.REQUIRE && !to.readonly()
                ? Optional.of(Refusals.writable(to.name()))
                : Optional.empty();
    }

    private static List<TargetStep> steps(PartialState partial) {
        return partial instanceof PartialState.Discard discard ? List.of(discard.step()) : List.of();
    }

    private Replica replica(Dataset dataset) {
        return new Replica(
                target.history(dataset.name()),
                dataset.written(),
                target.empty().contains(dataset.name()),
                written.getOrDefault(dataset.name(), Map.of()));
    }

    private Optional<Decision> orphan(DatasetName to) {
        Optional<DatasetName> volume = to.ancestors().stream()
                .filter(above -> target.dataset(above)
                        .filter(there -> there.kind() == DatasetKind.VOLUME)
                        .isPresent())
                .findFirst();
        return volume.<Decision>map(Refusals::belowVolume)
                .or(() -> to.parent().filter(above -> !present.contains(above)).map(Refusals::parent));
    }

    private DatasetPlan nothingSelected(
            Dataset from, DatasetName to, Relation relation, History history, boolean descendantsToSend) {
        String what = history.snapshots().isEmpty()
                ? "the source has no snapshots"
                : "none of the source's snapshots is selected";
        if (relation instanceof Relation.Absent && descendantsToSend && from.kind() == DatasetKind.FILESYSTEM) {
            Optional<DatasetName> locked = lockedAbove(to);
            if (locked.isPresent()) {
                return without(from, to, relation, Refusals.lockedParent(to, locked.get()));
            }
            createParent(to, what + ", but what lies below it is sent");
        }
        return without(from, to, relation, new Decision.Skip(what));
    }

    private DatasetPlan sending(
            Dataset from, DatasetName to, Relation relation, String why, List<TargetStep> before, Streams streams) {
        return sending(from, to, relation, why, before, streams, List.of());
    }

    private DatasetPlan sending(
            Dataset from,
            DatasetName to,
            Relation relation,
            String why,
            List<TargetStep> before,
            Streams streams,
            List<TargetStep> after) {
        Optional<Snapshot> goal = streams.goal();
        boolean raw = streams.mode().raw();
        Optional<Decision> switched = goal.flatMap(
                g -> FormSwitch.refusal(target, from, streams.list().get(0).receive(), streams.mode()));
        if (switched.isPresent()) {
            return without(from, to, relation, switched.get());
        }
        if (from.encryption().isPresent() && !raw && goal.isPresent()) {
            if (request.properties().send()) {
                return without(from, to, relation, Refusals.propertiesOfEncrypted());
            }
            if (!from.encryption().get().keyLoaded()) {
                return without(from, to, relation, Refusals.keyNotLoaded(from));
            }
        }
        if (goal.isPresent() && !raw) {
            Optional<Decision> locked =
                    encryption.locked(streams.list().get(0).receive().target());
            if (locked.isPresent()) {
                return without(from, to, relation, locked.get());
            }
        }
        streams.withoutProperties()
                .ifPresent(none ->
                        warnings.add("the properties of " + from.name() + " arrive with its next increment: " + none));
        Continuity kept = Continuity.of(names, from, streams.history(), goal, streams.base());
        if (kept.unmarkable() && goal.isPresent()) {
            warnings.add(from.name() + " has too long a name to bookmark what is sent: the next increment depends on "
                    + goal.get() + " being there");
        }
        Decision send = new Decision.Send(why);
        List<TargetStep> last = new ArrayList<>(after);
        if (request.mount()
                && from.kind() == DatasetKind.FILESYSTEM
                && after.isEmpty()
                && target.history(to).newestSnapshot().isEmpty()) {
            last.add(new TargetStep.Mount(to));
        }
        return planned(from, to, relation, send, before, streams.list(), last, kept);
    }

    private DatasetPlan planned(
            Dataset from,
            DatasetName to,
            Relation relation,
            Decision decision,
            List<TargetStep> before,
            List<PlannedStream> streams,
            List<TargetStep> after,
            Continuity kept) {
        List<TargetStep> first = new ArrayList<>(unfinished(to));
        first.addAll(before);
        return new DatasetPlan(
                from.name(),
                to,
                from.kind(),
                relation,
                decision,
                first,
                streams,
                after,
                kept.ofGoal(),
                kept.temporary(),
                kept.obsolete(),
                released(from, streams, kept),
                from.readonly(),
                fates(from, to, decision, streams));
    }

    /** What is carried on was the goal of an earlier run, which held it; its bookmark may never have been made. */
    private static List<SnapshotName> released(Dataset from, List<PlannedStream> streams, Continuity kept) {
        if (streams.size() < 2 || !(streams.get(0).send() instanceof SendStream.Resume)) {
            return kept.release();
        }
        List<SnapshotName> release = new ArrayList<>(kept.release());
        release.add(from.name().snapshot(streams.get(0).last().label()));
        return release;
    }

    private Fates fates(Dataset from, DatasetName to, Decision decision, List<PlannedStream> streams) {
        Optional<PlannedStream> first = streams.stream().findFirst();
        DatasetName receiver = first.map(s -> s.receive().target()).orElse(to);
        History there = target.dataset(receiver).isPresent()
                ? target.historyWithOrigin(receiver)
                : first.flatMap(PlannedStream::base).isPresent() ? target.history(to) : History.EMPTY;
        return Fates.of(history(from.name()), there, request.snapshots(), streams, decision);
    }

    private DatasetPlan without(Dataset from, DatasetName to, Relation relation, Decision decision) {
        return planned(from, to, relation, decision, List.of(), List.of(), List.of(), Continuity.NONE);
    }

    private Streams streams(Dataset from, DatasetName to, History history, boolean raw) {
        StreamForm form = request.form();
        StreamMode mode = raw
                ? StreamMode.RAW
                : new StreamMode(
                        form.largeBlocks(),
                        form.compressed(),
                        form.embedded() && !encryption.encrypts(to),
                        false,
                        false);
        return new Streams(
                from,
                history,
                request.snapshots(),
                request.properties().send() ? mode.withProperties() : mode,
                Reception.of(request, names, from, raw),
                target.received());
    }

    /**
     * Encrypted data stays encrypted on its way and at its end, unless a target that is there was made otherwise: one that
     * is not encrypted, or by the key of a dataset outside of what is replicated, or unless it was asked for.
     */
    private boolean raw(Dataset from, Optional<Dataset> existing) {
        if (from.encryption().isEmpty() || !(request.encryption() instanceof EncryptionChoice.AsItComes)) {
            return false;
        }
        return existing.filter(to -> target.history(to.name()).newestSnapshot().isPresent())
                .map(to -> FormSwitch.raw(target, to.name()).filter(raw -> raw).isPresent()
                        || to.encryption()
                                .filter(e -> request.target().contains(e.root()))
                                .isPresent())
                .orElse(true);
    }
}
