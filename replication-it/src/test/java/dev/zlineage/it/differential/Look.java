// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.HistoryPoint;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.TokenContents;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Reads everything that the port shows of a host, in a form in which two hosts can be compared: a GUID by the place where
 * it was first seen, a transaction group by its rank, space as none or some, times as set or not.
 */
final class Look {

    static final List<String> PROPERTIES = List.of(
            "readonly",
            "compression",
            "canmount",
            "atime",
            "sync",
            "quota",
            "refquota",
            "recordsize",
            "volmode",
            "mountpoint",
            "mounted",
            "note:it");

    private final Zfs zfs;
    private final Map<Guid, String> guids = new HashMap<>();
    private List<Dataset> datasets = List.of();
    private Map<DatasetName, History> histories = Map.of();
    private Map<SnapshotName, Set<String>> holds = Map.of();

    Look(Zfs zfs) {
        this.zfs = zfs;
    }

    /** As of the last {@link #again}. */
    List<Dataset> datasets() {
        return datasets;
    }

    /** As of the last {@link #again}. */
    List<SnapshotName> snapshots() {
        List<SnapshotName> found = new ArrayList<>();
        histories.forEach((dataset, history) -> {
            for (Snapshot snapshot : history.snapshots()) {
                found.add(dataset.snapshot(snapshot.label()));
            }
        });
        return found;
    }

    /** Of each dataset its newest snapshot, as of the last {@link #again}. */
    List<SnapshotName> newest() {
        List<SnapshotName> found = new ArrayList<>();
        histories.forEach((dataset, history) ->
                history.newestSnapshot().ifPresent(snapshot -> found.add(dataset.snapshot(snapshot.label()))));
        return found;
    }

    /** As of the last {@link #again}. */
    History history(DatasetName dataset) {
        return histories.getOrDefault(dataset, History.EMPTY);
    }

    /** As of the last {@link #again}. */
    Set<String> holds(SnapshotName snapshot) {
        return holds.getOrDefault(snapshot, Set.of());
    }

    /** Looks at datasets and histories, and tells what there is, a line each. */
    @SuppressWarnings("unchecked") // execute answers Answer<R> for ZfsCommand<R>
    List<String> again() {
        List<DatasetName> roots = List.of(Host.HERE, Host.THERE);
        var first = zfs.execute(List.of(
                new ZfsCommand.ListDatasets(roots, Scope.SUBTREE), new ZfsCommand.ListHistories(roots, Scope.SUBTREE)));
        datasets = ((List<Dataset>) first.get(0).orThrow());
        histories = new TreeMap<>((Map<DatasetName, History>) first.get(1).orThrow());

        List<String> lines = new ArrayList<>();
        Map<String, Integer> ranks = ranks();
        datasets.stream().sorted(Comparator.comparing(Dataset::name)).forEach(dataset -> {
            lines.add(line(dataset, ranks));
            History history = history(dataset.name());
            for (int i = 0; i < history.size(); i++) {
                HistoryPoint point = history.point(i);
                lines.add(dataset.name() + "" + point + " " + guid(point.guid()) + " txg "
                        + ranks.get(key(dataset.name(), point.createtxg())));
            }
        });
        return lines;
    }

    /** Looks at holds, sizes, properties and tokens of what was there {@link #again before}. */
    @SuppressWarnings("unchecked") // execute answers Answer<R> for ZfsCommand<R>
    List<String> closer() {
        List<ZfsCommand<?>> commands = new ArrayList<>();
        commands.add(new ZfsCommand.ListHolds(snapshots()));
        commands.add(new ZfsCommand.ListWritten(snapshots()));
        commands.add(new ZfsCommand.GetProperties(
                datasets.stream().map(Dataset::name).toList(), PROPERTIES));
        datasets.forEach(
                dataset -> dataset.resumeToken().ifPresent(token -> commands.add(new ZfsCommand.ReadToken(token))));
        List<Answer<?>> answers = zfs.execute(commands);
        holds = (Map<SnapshotName, Set<String>>) answers.get(0).orThrow();

        List<String> lines = new ArrayList<>();
        holds.forEach((snapshot, tags) -> lines.add(snapshot + " is held by " + new TreeSet<>(tags)));
        ((Map<SnapshotName, Long>) answers.get(1).orThrow())
                .forEach((snapshot, bytes) -> lines.add(snapshot + " wrote " + (bytes > 0 ? "something" : "nothing")));
        ((List<PropertyValue>) answers.get(2).orThrow())
                .forEach(value -> lines.add(
                        value.dataset() + " has " + value.property() + "=" + value.value() + " " + value.source()));
        lines.sort(Comparator.naturalOrder());
        answers.subList(3, answers.size()).forEach(token -> lines.add(line((TokenContents) token.orThrow())));
        return lines;
    }

    private String line(Dataset dataset, Map<String, Integer> ranks) {
        return dataset.name() + " is a " + dataset.kind() + " " + guid(dataset.guid()) + " txg "
                + ranks.get(key(dataset.name(), dataset.createtxg()))
                + dataset.origin().map(origin -> ", clone of " + origin).orElse("")
                + dataset.encryption()
                        .map(e -> ", key of " + e.root() + (e.keyLoaded() ? " loaded" : " not loaded"))
                        .orElse("")
                + (dataset.readonly() ? ", readonly" : "") + (dataset.mounted() ? ", mounted" : "")
                + (dataset.written() > 0 ? ", written" : "") + (dataset.referenced() > 0 ? "" : ", refers to nothing")
                + (dataset.volumeSize().isPresent()
                        ? ", " + dataset.volumeSize().getAsLong()
                        : "")
                + (dataset.resumeToken().isPresent() ? ", token" : "")
                + (dataset.snapshotsChanged().isPresent() ? ", snapshots changed" : "");
    }

    private String line(TokenContents token) {
        return "token of " + token.toName() + " " + guid(token.to()) + " from "
                + token.from().map(this::guid).orElse("nothing") + (token.raw() ? ", raw" : "");
    }

    private String guid(Guid guid) {
        return guids.computeIfAbsent(guid, g -> "guid" + guids.size());
    }

    private static String key(DatasetName dataset, long txg) {
        return dataset.pool() + " " + txg;
    }

    /** For each pool and transaction group in which something came into being, how many there were before. */
    private Map<String, Integer> ranks() {
        Map<DatasetName, TreeSet<Long>> txgs = new HashMap<>();
        datasets.forEach(dataset -> txgs.computeIfAbsent(dataset.name().pool(), p -> new TreeSet<>())
                .add(dataset.createtxg()));
        histories.forEach((dataset, history) -> IntStream.range(0, history.size())
                .forEach(i -> txgs.computeIfAbsent(dataset.pool(), p -> new TreeSet<>())
                        .add(history.point(i).createtxg())));
        Map<String, Integer> ranks = new HashMap<>();
        txgs.forEach((pool, all) -> {
            int rank = 0;
            for (long txg : all) {
                ranks.put(key(pool, txg), rank++);
            }
        });
        return ranks;
    }
}
