// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.StreamForm;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A target goes on in the form of stream that it began in. */
class FormsOnFakeTest extends TwoFakes {

    private ReplicationPlan planWithout() {
        return replication.plan(ReplicationRequest.of("tank/data", "backup/data")
                .recursive(true)
                .form(new StreamForm(false, true, false))
                .build());
    }

    /** From now on the filesystems of the source have large blocks; its volume has none. */
    private void large() {
        nas.execute(new ZfsCommand.SetProperties(DATA, Map.of("recordsize", "1M")))
                .orThrow();
    }

    private void next(String label) {
        write(nas, "tank/data/a", "g", label);
        snapshot(nas, "tank/data@" + label);
        vault.forgetLog();
    }

    @Test
    void aChangeThatWouldBePunishedIsRefusedForTheSameNumberOfCommandsWhateverTheNumberOfDatasets()
            throws InterruptedException {
        tree();
        run();
        next("two");
        assertThat(planWithout().refused()).as("no block is large").isZero();
        large();
        vault.forgetLog();
        ReplicationPlan plan = planWithout();

        assertThat(plan.refused()).as("%s", plan).isEqualTo(4);
        assertThat(plan.datasets())
                .filteredOn(d -> d.decision() instanceof Decision.Refuse)
                .extracting(d -> ((Decision.Refuse) d.decision()).reason())
                .containsOnly(Decision.Reason.FORM_CHANGED);
        assertThat(vault.commandsRun()).hasSize(4);
        vault.forgetLog();
        plan();
        assertThat(vault.commandsRun()).as("where it does not matter").hasSize(3);
    }

    @Test
    void whatTheTargetWasGivenByOthersIsNotTrusted() throws InterruptedException {
        tree();
        large();
        run();
        next("two");
        vault.execute(new ZfsCommand.InheritProperty(COPY.child("a"), StreamMark.PROPERTY))
                .orThrow();
        vault.execute(new ZfsCommand.SetProperties(
                        COPY.child("b"), Map.of(StreamMark.PROPERTY, "9 of another version")))
                .orThrow();

        ReplicationPlan plan = planWithout();
        assertThat(plan.refused()).as("%s", plan).isEqualTo(2);
    }

    @Test
    void itIsKnownStillWhenTheTargetKeepsItsNewestSnapshotAlone() throws InterruptedException {
        tree();
        large();
        run();
        next("two");
        run();
        next("three");
        destroy(vault, "backup/data/a", "one");

        assertThat(planWithout().refused()).isEqualTo(4);
    }
}
