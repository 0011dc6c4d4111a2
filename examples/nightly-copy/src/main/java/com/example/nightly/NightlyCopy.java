// SPDX-License-Identifier: Apache-2.0
package com.example.nightly;

import dev.zlineage.core.Replication;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.ZfsException;
import java.util.List;
import java.util.function.Consumer;

/** Copies what matters each night, and calls somebody when a copy did not come about. */
public final class NightlyCopy {

    private final Replication replication;
    private final List<String> datasets;
    private final Consumer<String> alarm;

    /**
     * A copy of some datasets.
     *
     * @param replication from the host that they are on to the one that keeps the copies
     * @param datasets their names below {@code tank}, which become names below {@code backup}
     * @param alarm told of each that has no copy of tonight
     */
    public NightlyCopy(Replication replication, List<String> datasets, Consumer<String> alarm) {
        this.replication = replication;
        this.datasets = List.copyOf(datasets);
        this.alarm = alarm;
    }

    /**
     * Copies all, whatever becomes of one.
     *
     * @throws InterruptedException if the night is over
     */
    public void run() throws InterruptedException {
        for (String dataset : datasets) {
            ReplicationRequest request = ReplicationRequest.of("tank/" + dataset, "backup/" + dataset)
                    .recursive(true)
                    .build();
            try {
                ReplicationResult result = replication.run(replication.plan(request));
                result.datasets().forEach(this::report);
            } catch (ZfsException e) {
                alarm.accept(dataset + ": " + e.failure().kind());
            }
        }
    }

    private void report(DatasetResult result) {
        if (result.outcome() instanceof DatasetResult.Outcome.Failed failed) {
            alarm.accept(result.source() + ": " + failed.failure().kind());
        } else if (result.outcome() instanceof DatasetResult.Outcome.Refused refused) {
            alarm.accept(result.source() + ": " + refused.refusal().reason());
        }
    }
}
