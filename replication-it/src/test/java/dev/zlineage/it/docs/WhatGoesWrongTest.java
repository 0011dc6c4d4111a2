// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docs;

import static dev.zlineage.testkit.assertj.ZfsAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import dev.zlineage.testkit.junit.Host;
import dev.zlineage.testkit.junit.ZfsExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The faults of docs/testing.md. */
@ExtendWith(ZfsExtension.class)
class WhatGoesWrongTest {

    @Test
    void whatWasPlannedIsDoneWhateverHappensMeanwhile(
            @Host("nas") FakeZfs nas, @Host("vault") FakeZfs vault, VirtualConcurrency time) throws Exception {
        nas.live(DatasetName.of("tank/data"), "@monday");
        Replication replication = Replication.between(nas, vault).with(time);
        ReplicationPlan plan = replication.plan(
                ReplicationRequest.of("tank/data", "backup/data").build());
        nas.failNext(command -> command instanceof ZfsCommand.Hold, ZfsFailure.Kind.BUSY);
        nas.beforeEachSend(stream -> nas.live(DatasetName.of("tank/data"), "@tuesday")); // somebody else's

        ReplicationResult result = replication.run(plan);

        assertThat(result.success()).isTrue();
        assertThat(vault, "backup/data").hasHistory("@monday"); // what was planned, and nothing else
    }
}
