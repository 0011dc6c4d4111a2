// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.tick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.Approval;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.tick.SourceReport.Outcome;
import dev.zlineage.scheduler.tick.Tally.Verdict;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickReport;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Consent to a preview, and a run that destroys nothing else. */
class ApprovalOnFakeTest extends TickWorld {

    private void diverged(String name) throws InterruptedException {
        create(nas, "tank/" + name);
        snapshot(nas, "tank/" + name, "auto-2026-01-10_00-00");
        replications.add(push(name, VAULT, "tank/" + name, "backup/" + name)
                .own(OwnOptions.DEFAULTS.withOnDivergence(DivergencePolicy.ROLL_BACK))
                .build());
        byHand(name);
        snapshot(nas, "tank/" + name, "auto-2026-01-10_01-00");
        write(vault, "backup/" + name, "mine");
        snapshot(vault, "backup/" + name, "own");
    }

    @Test
    void whatTurnsUpAfterThePreviewStaysAndTheOtherTasksRun() throws InterruptedException {
        diverged("a");
        diverged("b");
        Tick tick = Tick.all(definition(), now);
        Approval looked = run().plan(tick).approval();
        snapshot(vault, "backup/b", "later");

        TickReport report = run().approving(looked).run(tick);

        assertThat(report.tally()).hasToString("Tally[good=1, refused=1, failed=0, cancelled=0]");
        assertThat(report.tally().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(report.tasks().get(1).sources().get(0).outcome()).isInstanceOf(Outcome.NotApproved.class);
        assertThat(report.toString()).contains("REFUSED, what it would destroy is not what was approved:", "@later");
        assertThat(report.toJson()).contains("\"outcome\": \"not-approved\"");
        assertThat(labels(vault, "backup/a")).containsExactly("auto-2026-01-10_00-00", "auto-2026-01-10_01-00");
        assertThat(labels(vault, "backup/b")).containsExactly("auto-2026-01-10_00-00", "own", "later");
    }

    @Test
    void aTokenStandsForWhatIsDestroyedAndNothingElse() {
        assertThat(new Approval(Set.of()).token()).isEmpty();
        assertThat(new Approval(Set.of("x", "y")).token()).isEqualTo(new Approval(Set.of("y", "x")).token());
        assertThat(new Approval(Set.of("xy")).token()).isNotEqualTo(new Approval(Set.of("x", "y")).token());
    }
}
