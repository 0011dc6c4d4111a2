// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.lineage.Lineage;
import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.memory.Glance;
import dev.zlineage.core.memory.Memory;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.PoolFeature;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.TokenContents;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at both sides of a replication: two commands on the source and three on the target, whatever the number of
 * datasets and snapshots; one more on the source where snapshots are selected by a user property, one more on the target where it has newer snapshots of its own,
 * one more there where it matters in which form it was received, one on the source for each
 * interrupted receive, and one for each filesystem that was created on the target by hand and has no snapshots.
 *
 * <p>With a {@link Memory}, datasets are listed first, one command a side, and histories only of those that changed.
 */
public final class Observer {

    private static final Logger LOG = LoggerFactory.getLogger(Observer.class);

    private final Zfs source;
    private final Zfs target;
    private final ReplicationRequest request;
    private final DatasetName from;
    private final DatasetName to;
    private final Scope scope;
    private final Memory memory;

    private Observer(
            Zfs source,
            Zfs target,
            ReplicationRequest request,
            DatasetName from,
            DatasetName to,
            Scope scope,
            Memory memory) {
        this.source = source;
        this.target = target;
        this.request = request;
        this.from = from;
        this.to = to;
        this.scope = scope;
        this.memory = memory;
    }

    /**
     * Looks at both sides.
     *
     * @param source the host that sends
     * @param target the host that receives
     * @param request what it is about
     * @return what was seen
     * @throws ZfsException if a listing failed, or the source or the target's pool does not exist
     */
    public static Observation observe(Zfs source, Zfs target, ReplicationRequest request) {
        return observe(source, target, request, Memory.NONE);
    }

    /**
     * Looks at both sides, but not at the snapshots of what is known to be unchanged.
     *
     * @param source the host that sends
     * @param target the host that receives
     * @param request what it is about
     * @param memory what is known of them
     * @return what was seen
     * @throws ZfsException if a listing failed, or the source or the target's pool does not exist
     */
    public static Observation observe(Zfs source, Zfs target, ReplicationRequest request, Memory memory) {
        Scope scope = request.recursive() ? Scope.SUBTREE : Scope.SELF;
        return new Observer(source, target, request, request.source(), request.target(), scope, memory).look();
    }

    /**
     * Looks at one dataset of a request on both sides, at what lies above it on the target and, where it is a clone, at what it is
     * a clone of.
     *
     * @param source the host that sends
     * @param target the host that receives
     * @param request what it is about
     * @param dataset the dataset of the source
     * @return what was seen
     * @throws ZfsException if a listing failed, or the dataset or the target's pool does not exist
     */
    public static Observation observe(Zfs source, Zfs target, ReplicationRequest request, DatasetName dataset) {
        DatasetName mapped = dataset.rebase(request.source(), request.target());
        return new Observer(source, target, request, dataset, mapped, Scope.SELF, Memory.NONE).look();
    }

    /**
     * Asks what the user of a host may do. Where that can't be told, everything is taken to be permitted: the attempt will tell.
     *
     * @param host which host
     * @param names the datasets in question; for none nothing is asked
     * @return what may be done there
     */
    public static Permissions permissions(Zfs host, List<DatasetName> names) {
        if (names.isEmpty()) {
            return Permissions.ALL;
        }
        Answer<Permissions> answer = host.execute(new ZfsCommand.ListPermissions(names));
        if (answer instanceof Answer.Failed<Permissions> failed) {
            LOG.info("Permissions on {} are not checked beforehand: {}", host.host(), failed.failure());
            return Permissions.ALL;
        }
        return answer.orThrow();
    }

    /**
     * Asks what a pool knows. Where that can't be told, as where there is no {@code zpool}, nothing is said to be missing.
     *
     * @param host which host
     * @param dataset any dataset of the pool
     * @return its features; empty where they are not known
     */
    public static Map<String, PoolFeature> features(Zfs host, DatasetName dataset) {
        Answer<Map<String, PoolFeature>> answer = host.execute(new ZfsCommand.ListFeatures(dataset.pool()));
        if (answer instanceof Answer.Failed<Map<String, PoolFeature>> failed) {
            LOG.info(
                    "Features of {} on {} are not checked beforehand: {}",
                    dataset.pool(),
                    host.host(),
                    failed.failure());
            return Map.of();
        }
        return answer.orThrow();
    }

    private Observation look() {
        Map<DatasetName, Dataset> sources = new LinkedHashMap<>(datasets(source, List.of(from), scope));
        List<DatasetName> leftOut = leftOut(sources.keySet());
        sources.keySet().removeIf(name -> !request.includes(name));
        require(source, sources, from, "the source");
        List<DatasetName> origins = origins(sources);
        sources.putAll(origins.isEmpty() ? Map.of() : datasets(source, origins, Scope.SELF));
        Map<DatasetName, Dataset> targets = new LinkedHashMap<>(
                memory.knows() ? datasets(target, TargetPlaces.roots(to), scope) : targets(origins));
        Glance glance = Unchanged.of(request, sources, targets, memory.glance(request, sources, targets));
        List<DatasetName> changed = sources.keySet().stream()
                .filter(name -> !glance.unchanged(name))
                .toList();
        boolean whole = glance.unchanged().isEmpty();
        Scope depth = whole ? scope : Scope.SELF;
        Map<DatasetName, History> sourceHistories = changed.isEmpty()
                ? Map.of()
                : Histories.list(
                        source,
                        whole ? Stream.concat(Stream.of(from), origins.stream()).toList() : changed,
                        depth,
                        request.snapshots());
        Set<DatasetName> received = (whole
                        ? Stream.concat(TargetPlaces.roots(to).stream(), copies(origins).stream())
                        : copies(changed).stream())
                .filter(targets::containsKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Map<DatasetName, History> targetHistories =
                targetHistories(targets, List.copyOf(received), depth, memory.knows() && !changed.isEmpty());
        if (!changed.isEmpty()) {
            require(target, targets, to.pool(), "the pool of the target");
        }
        Map<DatasetName, Dataset> read = new LinkedHashMap<>(targets);
        if (!whole) {
            read.keySet().retainAll(received);
        }
        HostView sent = new HostView(source.host(), sources, sourceHistories);
        Map<DatasetName, Long> objects = objects(read, targetHistories);
        return new Observation(
                sent,
                new HostView(
                        target.host(),
                        targets,
                        targetHistories,
                        written(sent, targetHistories),
                        named(objects, count -> count == 1),
                        named(objects, count -> count > 1),
                        tokens(read),
                        swaps(targets),
                        new ReceivedForms(request, sent, targetHistories).on(target, source)),
                leftOut,
                glance);
    }

    /** With the datasets above the target, where they were not listed yet: in the same round trip. */
    private Map<DatasetName, History> targetHistories(
            Map<DatasetName, Dataset> targets, List<DatasetName> names, Scope depth, boolean withAbove) {
        List<ZfsCommand<?>> commands = new ArrayList<>();
        List<DatasetName> above = withAbove ? TargetPlaces.above(to) : List.of();
        if (!above.isEmpty()) {
            commands.add(new ZfsCommand.ListDatasets(above, Scope.SELF));
        }
        if (!names.isEmpty()) {
            commands.add(new ZfsCommand.ListHistories(names, depth));
        }
        Map<DatasetName, History> histories = new HashMap<>();
        for (Answer<?> answer : commands.isEmpty() ? List.<Answer<?>>of() : target.execute(commands)) {
            Object value = answer.orThrow();
            if (value instanceof Map<?, ?> found) {
                found.forEach((name, history) -> histories.put((DatasetName) name, (History) history));
            } else {
                rows(value, targets);
            }
        }
        return histories;
    }

    /** Not what is below others of them. */
    private List<DatasetName> leftOut(Set<DatasetName> seen) {
        return seen.stream()
                .filter(name -> !request.includes(name))
                .filter(name -> name.parent().filter(request::includes).isPresent())
                .sorted()
                .toList();
    }

    /** What a dataset that is looked at alone is a clone of; with the whole tree, that is in view anyway. */
    private List<DatasetName> origins(Map<DatasetName, Dataset> sources) {
        return scope == Scope.SUBTREE || !request.recursive()
                ? List.of()
                : Stream.of(from)
                        .flatMap(name -> Optional.ofNullable(sources.get(name)).stream())
                        .flatMap(dataset -> dataset.origin().stream())
                        .map(SnapshotName::dataset)
                        .filter(name -> request.source().contains(name) && request.includes(name))
                        .toList();
    }

    private List<DatasetName> copies(List<DatasetName> names) {
        List<DatasetName> copies = new ArrayList<>();
        for (DatasetName name : names) {
            try {
                copies.add(name.rebase(request.source(), request.target()));
            } catch (InvalidNameException e) {
                // too long to be there
            }
        }
        return copies;
    }

    private Map<DatasetName, Dataset> targets(List<DatasetName> origins) {
        List<DatasetName> above = TargetPlaces.above(to);
        if (scope == Scope.SELF || above.isEmpty()) {
            above.addAll(TargetPlaces.roots(to));
            above.addAll(copies(origins));
            return datasets(target, above, above.size() == 1 ? scope : Scope.SELF);
        }
        List<Answer<?>> answers = target.execute(List.of(
                new ZfsCommand.ListDatasets(above, Scope.SELF),
                new ZfsCommand.ListDatasets(TargetPlaces.roots(to), scope)));
        Map<DatasetName, Dataset> found = new LinkedHashMap<>();
        answers.forEach(answer -> rows(answer.orThrow(), found));
        return found;
    }

    private static void rows(Object answer, Map<DatasetName, Dataset> found) {
        for (Object row : (List<?>) answer) {
            Dataset dataset = (Dataset) row;
            found.put(dataset.name(), dataset);
        }
    }

    /** Only datasets of such a name are asked for the mark, so that this costs nothing where there are none. */
    private List<PendingSwap> swaps(Map<DatasetName, Dataset> seen) {
        List<DatasetName> incoming = seen.keySet().stream()
                .filter(name -> SetAside.target(name).isPresent())
                .sorted()
                .toList();
        if (incoming.isEmpty()) {
            return List.of();
        }
        List<PendingSwap> swaps = new ArrayList<>();
        for (PropertyValue mark : target.execute(new ZfsCommand.GetProperties(incoming, List.of(SetAside.SWAP)))
                .orThrow()) {
            Dataset dataset = seen.get(mark.dataset());
            if (dataset != null && SetAside.read(mark.value(), dataset.guid()).isPresent()) {
                swaps.add(new PendingSwap(SetAside.target(mark.dataset()).orElseThrow(), mark.dataset()));
            }
        }
        return swaps;
    }

    private static Map<DatasetName, Dataset> datasets(Zfs host, List<DatasetName> names, Scope scope) {
        Map<DatasetName, Dataset> found = new LinkedHashMap<>();
        for (Dataset dataset :
                host.execute(new ZfsCommand.ListDatasets(names, scope)).orThrow()) {
            found.put(dataset.name(), dataset);
        }
        return found;
    }

    private static void require(Zfs host, Map<DatasetName, Dataset> seen, DatasetName name, String role) {
        if (!seen.containsKey(name)) {
            throw new ZfsException(new ZfsFailure(
                    ZfsFailure.Kind.NO_SUCH_DATASET,
                    "list datasets on " + host.host(),
                    role + " does not exist: there is no " + name + " on " + host.host()));
        }
    }

    /** Whether snapshots that only the target has hold changes: asked for all of them at once, and only for them. */
    private Map<SnapshotName, Long> written(HostView sent, Map<DatasetName, History> targets) {
        List<SnapshotName> questions = new ArrayList<>();
        for (DatasetName name : sent.datasets().keySet()) {
            DatasetName mapped;
            try {
                mapped = name.rebase(request.source(), request.target());
            } catch (InvalidNameException e) {
                continue; // too long to exist; the plan refuses it
            }
            History history = targets.get(mapped);
            if (history != null) {
                for (Snapshot own : Lineage.targetOnly(sent.history(name), history)) {
                    questions.add(mapped.snapshot(own.label()));
                }
            }
        }
        questions.sort((a, b) -> a.toString().compareTo(b.toString()));
        return questions.isEmpty()
                ? Map.of()
                : target.execute(new ZfsCommand.ListWritten(questions)).orThrow();
    }

    private boolean covers(DatasetName name) {
        return TargetPlaces.roots(to).stream().anyMatch(root -> root.contains(name));
    }

    /** Space can't tell: a small file lies in blocks that an empty filesystem has too. The number of objects can. */
    private Map<DatasetName, Long> objects(Map<DatasetName, Dataset> seen, Map<DatasetName, History> histories) {
        Map<DatasetName, Long> objects = new HashMap<>();
        for (Dataset dataset : seen.values()) {
            boolean candidate = covers(dataset.name())
                    && dataset.kind() == DatasetKind.FILESYSTEM
                    && dataset.origin().isEmpty()
                    && histories
                            .getOrDefault(dataset.name(), History.EMPTY)
                            .newestSnapshot()
                            .isEmpty();
            if (candidate
                    && target.execute(new ZfsCommand.CountObjects(dataset.name())) instanceof Answer.Done<Long> count) {
                objects.put(dataset.name(), count.value());
            }
        }
        return objects;
    }

    private static Set<DatasetName> named(Map<DatasetName, Long> objects, LongPredicate which) {
        return objects.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** In one round trip. Any host can read any token; the source is asked because it is the one that would go on. */
    private Map<DatasetName, TokenContents> tokens(Map<DatasetName, Dataset> seen) {
        List<Dataset> interrupted = seen.values().stream()
                .filter(d -> covers(d.name()) && d.resumeToken().isPresent())
                .toList();
        if (interrupted.isEmpty()) {
            return Map.of();
        }
        List<Answer<?>> answers = source.execute(interrupted.stream()
                .map(d -> new ZfsCommand.ReadToken(d.resumeToken().orElseThrow()))
                .toList());
        Map<DatasetName, TokenContents> tokens = new HashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) instanceof Answer.Done<?> done && done.value() instanceof TokenContents contents) {
                tokens.put(interrupted.get(i).name(), contents);
            } else if (!answers.get(i).failedWith(ZfsFailure.Kind.TOKEN_CORRUPT)) {
                answers.get(i).orThrow();
            }
        }
        return tokens;
    }
}
