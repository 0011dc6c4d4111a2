// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.lineage.Lineage;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks at both sides of a replication: two commands on the source and three on the target, whatever the number of
 * datasets and snapshots; one more on the target where it has newer snapshots of its own, and one for each filesystem that
 * was created there by hand and has no snapshots.
 */
public final class Observer {

    private Observer() {}

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
        Scope scope = request.recursive() ? Scope.SUBTREE : Scope.SELF;
        Map<DatasetName, Dataset> sources = datasets(source, List.of(request.source()), scope);
        require(source, sources, request.source(), "the source");
        Map<DatasetName, Dataset> targets = targets(target, request, scope);
        require(target, targets, request.target().pool(), "the pool of the target");
        Map<DatasetName, History> sourceHistories = source.execute(
                        new ZfsCommand.ListHistories(List.of(request.source()), scope))
                .orThrow();
        Map<DatasetName, History> targetHistories = targets.containsKey(request.target())
                ? target.execute(new ZfsCommand.ListHistories(List.of(request.target()), scope))
                        .orThrow()
                : Map.of();
        HostView from = new HostView(source.host(), sources, sourceHistories, Map.of(), Set.of());
        Map<SnapshotName, Long> written = written(target, request, from, targetHistories);
        Set<DatasetName> empty = empty(target, request, targets.values(), targetHistories);
        return new Observation(from, new HostView(target.host(), targets, targetHistories, written, empty));
    }

    private static Map<DatasetName, Dataset> targets(Zfs target, ReplicationRequest request, Scope scope) {
        List<DatasetName> above = new ArrayList<>(request.target().ancestors());
        if (scope == Scope.SELF || above.isEmpty()) {
            above.add(request.target());
            return datasets(target, above, above.size() == 1 ? scope : Scope.SELF);
        }
        List<Answer<?>> answers = target.execute(List.of(
                new ZfsCommand.ListDatasets(above, Scope.SELF),
                new ZfsCommand.ListDatasets(List.of(request.target()), scope)));
        Map<DatasetName, Dataset> found = new LinkedHashMap<>();
        for (Answer<?> answer : answers) {
            for (Object row : (List<?>) answer.orThrow()) {
                Dataset dataset = (Dataset) row;
                found.put(dataset.name(), dataset);
            }
        }
        return found;
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
    private static Map<SnapshotName, Long> written(
            Zfs target, ReplicationRequest request, HostView source, Map<DatasetName, History> targets) {
        List<SnapshotName> questions = new ArrayList<>();
        for (DatasetName name : source.datasets().keySet()) {
            DatasetName mapped;
            try {
                mapped = name.rebase(request.source(), request.target());
            } catch (InvalidNameException e) {
                continue; // too long to exist; the plan refuses it
            }
            History history = targets.get(mapped);
            if (history != null) {
                for (Snapshot own : Lineage.targetOnly(source.history(name), history)) {
                    questions.add(mapped.snapshot(own.label()));
                }
            }
        }
        questions.sort((a, b) -> a.toString().compareTo(b.toString()));
        return questions.isEmpty()
                ? Map.of()
                : target.execute(new ZfsCommand.ListWritten(questions)).orThrow();
    }

    /** Space can't tell: a small file lies in blocks that an empty filesystem has too. The number of objects can. */
    private static Set<DatasetName> empty(
            Zfs target, ReplicationRequest request, Collection<Dataset> seen, Map<DatasetName, History> histories) {
        Set<DatasetName> empty = new HashSet<>();
        for (Dataset dataset : seen) {
            boolean candidate = request.target().contains(dataset.name())
                    && dataset.kind() == DatasetKind.FILESYSTEM
                    && dataset.origin().isEmpty()
                    && histories
                            .getOrDefault(dataset.name(), History.EMPTY)
                            .newestSnapshot()
                            .isEmpty();
            if (candidate
                    && target.execute(new ZfsCommand.CountObjects(dataset.name())) instanceof Answer.Done<Long> count
                    && count.value() == 1) {
                empty.add(dataset.name());
            }
        }
        return empty;
    }
}
