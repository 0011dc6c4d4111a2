// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReplicationRequest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApprovalTest {

    private static ReplicationPlan plan(String target, DivergencePolicy policy) {
        return Planner.plan(
                ReplicationRequest.of("tank/data", "backup/data")
                        .onDivergence(policy)
                        .build(),
                new Seen()
                        .target("backup", "")
                        .source("tank/data", "@a @b")
                        .target("backup/data", target)
                        .now());
    }

    @Test
    void consentCoversWhatWasLookedAtAndNoMore() {
        ReplicationPlan one = plan("@a @x", DivergencePolicy.ROLL_BACK);
        ReplicationPlan more = plan("@a @x @y", DivergencePolicy.ROLL_BACK);
        Approval consent = Approval.of(List.of(one));

        assertThat(one.destroys()).isNotEmpty();
        assertThat(consent.covers(one)).isTrue();
        assertThat(consent.covers(more)).isFalse();
        assertThat(Approval.of(List.of(one, more)).covers(more)).isTrue();
        assertThat(Approval.of(List.of()).covers(plan("@a", DivergencePolicy.REFUSE)))
                .as("it destroys nothing")
                .isTrue();
    }

    @Test
    void whatRetentionDestroysIsPartOfIt() {
        Approval consent = Approval.of(List.of()).and(List.of("nas snapshot tank/data@a (GUID 1)"));

        assertThat(consent.covers(Set.of("nas snapshot tank/data@a (GUID 1)"))).isTrue();
        assertThat(consent.covers(Set.of("nas snapshot tank/data@a (GUID 2)"))).isFalse();
        assertThat(consent.covers(Set.of())).isTrue();
    }

    @Test
    void aTokenStandsForTheLossesAndForNothingElse() {
        assertThat(Approval.of(List.of()).token()).isEmpty();
        assertThat(Approval.of(List.of(plan("@a", DivergencePolicy.ROLL_BACK))).token())
                .isEmpty();
        String one = Approval.of(List.of(plan("@a @x", DivergencePolicy.ROLL_BACK)))
                .token()
                .orElseThrow();
        assertThat(one).matches("[0-9a-f]{16}");
        assertThat(Approval.of(List.of(plan("@a @x", DivergencePolicy.ROLL_BACK)))
                        .token())
                .hasValue(one);
        assertThat(Approval.of(List.of(plan("@a @y", DivergencePolicy.ROLL_BACK)))
                        .token())
                .isPresent()
                .get()
                .isNotEqualTo(one);
    }
}
