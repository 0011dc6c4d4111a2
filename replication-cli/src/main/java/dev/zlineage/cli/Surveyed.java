// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.Survey;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What there is to know before something is replicated.
 *
 * @param task whose question it is; empty for that of the options
 * @param request what would be replicated
 * @param host the host of the source
 * @param datasets the source, and what lies below it
 * @param count of their snapshots
 * @param target what is to know of the target, where there is one
 */
record Surveyed(
        Optional<String> task,
        ReplicationRequest request,
        String host,
        List<Dataset> datasets,
        Survey.Count count,
        Optional<Target> target) {

    /**
     * A target.
     *
     * @param host its host
     * @param unmatched snapshots that its source lacks
     * @param keys by encryption root, the root of the source whose key opens it
     */
    record Target(
            String host, SortedMap<DatasetName, List<Snapshot>> unmatched, SortedMap<DatasetName, DatasetName> keys) {}

    /**
     * A source of a task that nothing is known of.
     *
     * @param task whose
     * @param source which
     * @param failure why
     */
    record Missed(String task, DatasetName source, ZfsFailure failure) {}

    /**
     * Asks the hosts.
     *
     * @throws ZfsException if one can't be listed, or the source is not there
     */
    static Surveyed of(Optional<String> task, ReplicationRequest request, Zfs source, Optional<Zfs> target) {
        Scope scope = request.recursive() ? Scope.SUBTREE : Scope.SELF;
        List<Dataset> datasets = source.execute(new ZfsCommand.ListDatasets(List.of(request.source()), scope))
                .orThrow();
        if (datasets.isEmpty()) {
            throw new ZfsException(new ZfsFailure(
                    ZfsFailure.Kind.NO_SUCH_DATASET,
                    "zfs list " + request.source(),
                    "there is no dataset " + request.source() + " on " + source.host()));
        }
        Survey survey = Survey.of(request);
        return new Surveyed(
                task,
                request,
                source.host(),
                datasets,
                survey.count(source),
                target.map(to -> new Target(to.host(), survey.unmatched(source, to), survey.keys(source, to))));
    }
}
