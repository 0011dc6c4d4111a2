// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.retain.Link;
import dev.zlineage.core.retain.Tie;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.ReplicationTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One source of a task and its copy, whether the task is due, or enabled, or not. */
record Replica(ReplicationTask task, ReplicationRequest request) {

    static List<Replica> all(Definition definition) {
        List<Replica> all = new ArrayList<>();
        for (ReplicationTask task : definition.replicationTasks()) {
            TaskRequests.of(task, definition).requests().forEach(request -> all.add(new Replica(task, request)));
        }
        return all;
    }

    HostKey sourceHost() {
        return task.direction() == Direction.PUSH ? HostKey.HERE : HostKey.of(task.transport());
    }

    HostKey targetHost() {
        return task.direction() == Direction.PUSH ? HostKey.of(task.transport()) : HostKey.HERE;
    }

    boolean sends(HostKey host) {
        return sourceHost().equals(host);
    }

    boolean receives(HostKey host) {
        return targetHost().equals(host);
    }

    /** As the source sees it. */
    Tie fromSource() {
        Optional<SnapshotSelection> pending =
                task.enabled() && task.holdPending() ? Optional.of(request.snapshots()) : Optional.empty();
        return new Tie(task.id(), Link.Role.SENDS, request.source(), request.target(), pending, this::coversSource);
    }

    /** As the target sees it. */
    Tie fromTarget() {
        return new Tie(
                task.id(),
                Link.Role.RECEIVES,
                request.target(),
                request.source(),
                Optional.empty(),
                this::coversTarget);
    }

    private boolean coversSource(DatasetName dataset) {
        return dataset.equals(request.source())
                || request.recursive() && request.source().contains(dataset) && request.includes(dataset);
    }

    boolean coversTarget(DatasetName dataset) {
        return request.target().contains(dataset)
                && dataset.bytes() - request.target().bytes() + request.source().bytes() <= DatasetName.MAX_BYTES
                && coversSource(dataset.rebase(request.target(), request.source()));
    }
}
