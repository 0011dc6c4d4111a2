// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docs;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.transport.local.LocalHost;

/** The example of the README: compiled here, and held to the text there by {@link ReadmeTest}. */
final class EmbeddingExample {

    private EmbeddingExample() {}

    static void replicate() throws InterruptedException {
        try (Zfs host = LocalHost.open()) {
            Replication replication = Replication.between(host, host);
            ReplicationPlan plan = replication.plan(ReplicationRequest.of("tank/data", "backup/data")
                    .recursive(true)
                    .build());
            System.out.print(plan);
            ReplicationResult result = replication.run(plan);
            System.out.print(result);
        }
    }
}
