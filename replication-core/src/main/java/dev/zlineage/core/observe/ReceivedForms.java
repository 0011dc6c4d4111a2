// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.PoolFeature;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * In which form targets were received last: one command for all of them, and only where a change of it would be punished, which
 * is where what is sent is encrypted, or large blocks are left out; and one on the source where that may be a change.
 */
final class ReceivedForms {

    private final ReplicationRequest request;
    private final HostView source;
    private final Map<DatasetName, History> targets;

    ReceivedForms(ReplicationRequest request, HostView source, Map<DatasetName, History> targets) {
        this.request = request;
        this.source = source;
        this.targets = targets;
    }

    /** What is not known is absent, also where it can't be read. Large blocks count where the source's pool has any. */
    Map<DatasetName, StreamMode> on(Zfs target, Zfs from) {
        Map<DatasetName, StreamMode> received = on(target);
        boolean givenUp =
                !request.form().largeBlocks() && received.values().stream().anyMatch(StreamMode::largeBlocks);
        if (givenUp
                && Observer.features(from, request.source()).getOrDefault("large_blocks", PoolFeature.ACTIVE)
                        != PoolFeature.ACTIVE) {
            received.replaceAll((name, mode) ->
                    new StreamMode(false, mode.compressed(), mode.embedded(), mode.raw(), mode.properties()));
        }
        return received;
    }

    private Map<DatasetName, StreamMode> on(Zfs target) {
        Set<DatasetName> names = new TreeSet<>();
        for (Dataset from : source.datasets().values()) {
            if (from.encryption().isPresent() || !request.form().largeBlocks()) {
                addCopies(from.name(), names);
            }
        }
        Map<DatasetName, StreamMode> received = new HashMap<>();
        if (!names.isEmpty()
                && target.execute(new ZfsCommand.GetProperties(List.copyOf(names), List.of(StreamMark.PROPERTY)))
                        instanceof Answer.Done<List<PropertyValue>> marks) {
            for (PropertyValue mark : marks.value()) {
                StreamMark.read(mark, targets.getOrDefault(mark.dataset(), History.EMPTY))
                        .ifPresent(mode -> received.put(mark.dataset(), mode));
            }
        }
        return received;
    }

    /** The copy, and one that is to take its place; those that hold anything. */
    private void addCopies(DatasetName from, Set<DatasetName> names) {
        try {
            DatasetName to = from.rebase(request.source(), request.target());
            if (targets.containsKey(to)) {
                names.add(to);
            }
            DatasetName beside = SetAside.incoming(to);
            if (targets.containsKey(beside)) {
                names.add(beside);
            }
        } catch (InvalidNameException e) {
            // too long to be there
        }
    }
}
