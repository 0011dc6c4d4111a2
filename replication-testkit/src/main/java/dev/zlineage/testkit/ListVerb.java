// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.HistoryPoint;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** {@code zfs list}: of datasets, or of their snapshots and bookmarks. */
final class ListVerb {

    private static final Set<String> DATASETS = Set.of("filesystem", "volume");
    private static final Set<String> POINTS = Set.of("snapshot", "bookmark");

    private final FakeZfs zfs;

    ListVerb(FakeZfs zfs) {
        this.zfs = zfs;
    }

    void register(Verbs verbs) {
        verbs.on("list", "Hprd:t:o:", this::list);
    }

    private void list(Invocation call, Printer to) {
        call.requireScripted();
        List<DatasetName> names = call.datasetsFrom(0);
        Set<String> types = new HashSet<>(call.parts('t', "filesystem,volume"));
        List<String> columns = call.parts('o', "name,used,available,referenced,mountpoint");
        if (DATASETS.containsAll(types)) {
            datasets(names, scope(call, "0"), types, columns, to);
        } else if (POINTS.containsAll(types)) {
            points(names, scope(call, "1"), types, columns, to);
        } else {
            throw new NotModelled("zfs list -t " + call.value('t', ""));
        }
    }

    private static Scope scope(Invocation call, String depthOfOne) {
        if (call.has('r') && !call.has('d')) {
            return Scope.SUBTREE;
        }
        if (call.has('r') || !call.value('d', "0").equals(depthOfOne)) {
            throw new NotModelled("zfs list to that depth");
        }
        return Scope.SELF;
    }

    private void datasets(List<DatasetName> names, Scope scope, Set<String> types, List<String> columns, Printer to) {
        Answer<List<Dataset>> answer = zfs.execute(new ZfsCommand.ListDatasets(names, scope));
        if (answer instanceof Answer.Failed<List<Dataset>> failed) {
            to.complain(1, failed.failure());
            return;
        }
        Set<DatasetName> found = new HashSet<>();
        for (Dataset dataset : answer.orThrow()) {
            found.add(dataset.name());
            if (types.contains(dataset.kind() == DatasetKind.VOLUME ? "volume" : "filesystem")) {
                to.row(DatasetColumns.row(dataset, columns));
            }
        }
        complainOfMissing(names.stream().filter(name -> !found.contains(name)).toList(), to);
    }

    private void points(List<DatasetName> names, Scope scope, Set<String> types, List<String> columns, Printer to) {
        Answer<Map<DatasetName, History>> answer = zfs.execute(new ZfsCommand.ListHistories(names, scope));
        if (answer instanceof Answer.Failed<Map<DatasetName, History>> failed) {
            to.complain(1, failed.failure());
            return;
        }
        answer.orThrow().forEach((dataset, history) -> {
            if (types.contains("snapshot")) {
                points(history, false, at -> to.row(point(columns, dataset.snapshot(history.label(at)), history, at)));
            }
            if (types.contains("bookmark")) {
                points(history, true, at -> to.row(point(columns, dataset.bookmark(history.label(at)), history, at)));
            }
        });
        complainOfMissing(
                zfs.look(host ->
                        names.stream().filter(name -> host.find(name) == null).toList()),
                to);
    }

    private static void points(History history, boolean bookmarks, IntConsumer row) {
        IntStream.range(0, history.size())
                .filter(at -> history.isBookmark(at) == bookmarks)
                .forEach(row);
    }

    private static List<String> point(List<String> columns, Object name, History history, int at) {
        HistoryPoint point = history.point(at);
        List<String> row = new ArrayList<>();
        for (String column : columns) {
            row.add(
                    switch (column) {
                        case "name" -> name.toString();
                        case "guid" -> point.guid().toString();
                        case "createtxg" -> Long.toString(point.createtxg());
                        case "creation" -> Long.toString(history.creation(at));
                        default ->
                            throw new NotModelled("the column " + column + " of zfs list for snapshots and bookmarks");
                    });
        }
        return row;
    }

    private static void complainOfMissing(Collection<DatasetName> missing, Printer to) {
        missing.forEach(name -> to.complain(1, "cannot open '" + name + "': dataset does not exist"));
    }
}
