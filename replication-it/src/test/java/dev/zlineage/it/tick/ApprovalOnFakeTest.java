// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.tick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.Approval;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.tick.SourceReport.Outcome;
import dev.zlineage.scheduler.tick.Tally;
import dev.zlineage.scheduler.tick.Tally.Verdict;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickReport;
import java.time.Duration;
import java.time.Instant;
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

        assertThat(report.tally()).isEqualTo(new Tally(1, 1, 0, 0, 0));
        assertThat(report.tally().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(report.tasks().get(1).sources().get(0).outcome()).isInstanceOf(Outcome.NotApproved.class);
        assertThat(report.toString()).contains("REFUSED, what it would destroy is not what was approved:", "@later");
        assertThat(report.toJson()).contains("\"outcome\": \"not-approved\"");
        assertThat(labels(vault, "backup/a")).containsExactly("auto-2026-01-10_00-00", "auto-2026-01-10_01-00");
        assertThat(labels(vault, "backup/b")).containsExactly("auto-2026-01-10_00-00", "own", "later");
    }

    /** An hour after the preview one more has expired. */
    @Test
    void retentionDestroysWhatWasSeenAndNothingElse() throws InterruptedException {
        create(nas, "tank/r");
        replications.add(
                push("r", VAULT, "tank/r", "backup/r").retention(custom("PT3H")).build());
        for (int hour = 0; hour < 3; hour++) {
            snapshot(nas, "tank/r", "auto-2026-01-10_0" + hour + "-00");
        }
        now = Instant.parse("2026-01-10T02:00:00Z");
        byHand("r");
        snapshot(nas, "tank/r", "auto-2026-01-10_04-00");
        Approval looked = run().plan(Tick.of(definition(), Instant.parse("2026-01-10T03:30:00Z"), "r"))
                .approval();
        assertThat(looked.lost()).singleElement().asString().contains("backup/r@auto-2026-01-10_00-00 (GUID ");
        Tick later = Tick.of(definition(), Instant.parse("2026-01-10T04:30:00Z"), "r");
        assertThat(run().plan(later).approval().token()).isNotEqualTo(looked.token());

        TickReport report = run().approving(looked).run(later);

        assertThat(labels(vault, "backup/r"))
                .containsExactly("auto-2026-01-10_01-00", "auto-2026-01-10_02-00", "auto-2026-01-10_04-00");
        assertThat(report.retention().toString()).contains("it is not in the plan that was approved");
        assertThat(run().run(later).tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(labels(vault, "backup/r")).containsExactly("auto-2026-01-10_02-00", "auto-2026-01-10_04-00");
    }

    @Test
    void pruningDestroysWhatWasSeenAndNothingElse() throws InterruptedException {
        create(nas, "tank/p", "tank/p/a", "tank/p/b", "tank/p/c", "tank/p/d");
        snapshot(nas, "tank/p", "auto-2026-01-09_00-00");
        replications.add(push("p", VAULT, "tank/p", "backup/p")
                .recursive()
                .own(OwnOptions.DEFAULTS.withPrune(Duration.ofDays(1)))
                .build());
        byHand("p");
        gone("tank/p/a");
        byHand("p");
        now = now.plus(Duration.ofHours(1));
        gone("tank/p/b");
        byHand("p");
        Approval looked = run().plan(Tick.of(definition(), now.plus(Duration.ofHours(23)), "p"))
                .approval();
        assertThat(looked.lost()).singleElement().asString().contains("dataset backup/p/a (GUID ");
        now = now.plus(Duration.ofDays(2));

        TickReport report = run().approving(looked).run(Tick.of(definition(), now, "p"));

        assertThat(report.pruning().toString()).contains("it is not in the plan that was approved");
        assertThat(history(vault, "backup/p/a").isEmpty()).isTrue();
        assertThat(labels(vault, "backup/p/b")).hasSize(1);
        byHand("p");
        assertThat(history(vault, "backup/p/b").isEmpty()).isTrue();
    }

    private void gone(String source) {
        nas.execute(new ZfsCommand.DestroyDataset(DatasetName.of(source), Scope.SUBTREE))
                .orThrow();
    }

    @Test
    void aTokenStandsForWhatIsDestroyedAndNothingElse() {
        assertThat(new Approval(Set.of()).token()).isEmpty();
        assertThat(new Approval(Set.of("x", "y")).token()).isEqualTo(new Approval(Set.of("y", "x")).token());
        assertThat(new Approval(Set.of("xy")).token()).isNotEqualTo(new Approval(Set.of("x", "y")).token());
    }
}
