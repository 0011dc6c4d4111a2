// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReplicationRequest;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which policy gives a target up for a new one, in which way, and what speaks against it. */
class ReplacementPlanTest {

    private static Seen pools() {
        return new Seen().target("backup", "");
    }

    private static DatasetPlan first(Seen seen, DivergencePolicy policy) {
        return plan(seen, "backup/data", policy).datasets().get(0);
    }

    private static ReplicationPlan plan(Seen seen, String target, DivergencePolicy policy) {
        return Planner.plan(
                ReplicationRequest.of("tank/data", target)
                        .recursive(true)
                        .onDivergence(policy)
                        .build(),
                seen.now());
    }

    /** In a word or two: {@code anew} and {@code clone} for targets that are replaced, else the reason of the refusal. */
    private static String outcome(DatasetPlan plan) {
        if (plan.decision() instanceof Decision.Refuse no) {
            return no.reason().name();
        }
        if (plan.after().stream().noneMatch(TargetStep.Swap.class::isInstance)) {
            return plan.before().stream().anyMatch(TargetStep.RollBack.class::isInstance) ? "rolled back" : "onto it";
        }
        return plan.decision().why().contains("into a clone of") ? "clone" : "anew";
    }

    private static final UnaryOperator<SeenDataset> RAW = d -> d.encrypted("tank/data", false);

    /** What becomes of a target that stands so to its source. */
    private static Seen standing(String relation) {
        return switch (relation) {
            case "unrelated" -> pools().source("tank/data", "@a @b").target("backup/data", "@x");
            case "data" -> pools().source("tank/data", "@a @b").target("backup/data", "");
            case "clash" -> pools().source("tank/data", "@a @b=1").target("backup/data", "@a @b=2");
            case "old clash" -> pools().source("tank/data", "@a @n=1").target("backup/data", "@n=2 @a");
            case "diverged" ->
                pools().source("tank/data", "@a @b")
                        .target("backup/data", "@a", d -> d.readonly().written());
            case "written" ->
                pools().source("tank/data", "@a")
                        .target("backup/data", "@a", d -> d.readonly().written());
            case "harmless" ->
                pools().source("tank/data", "@a @b")
                        .target("backup/data", "@a @own")
                        .unwritten("backup/data@own");
            case "harmless, raw" ->
                pools().source("tank/data", "@a @b", RAW)
                        .target("backup/data", "@a @own", d -> d.readonly().encrypted("backup/data", false))
                        .unwritten("backup/data@own");
            default -> pools().source("tank/data", "@a @b").target("backup/data", "@a");
        };
    }

    @ParameterizedTest
    @CsvSource({
        "behind,        START_OVER,           onto it",
        "unrelated,     START_OVER,           anew",
        "data,          START_OVER,           anew",
        "clash,         START_OVER,           anew",
        "diverged,      START_OVER,           anew",
        "written,       START_OVER,           anew",
        "harmless,      START_OVER,           onto it",
        "'harmless, raw', START_OVER,         anew",
        "unrelated,     START_OVER_UNRELATED, anew",
        "data,          START_OVER_UNRELATED, anew",
        "clash,         START_OVER_UNRELATED, NAME_CLASH",
        "diverged,      START_OVER_UNRELATED, DIVERGED",
        "'harmless, raw', START_OVER_UNRELATED, TARGET_AHEAD",
        "unrelated,     SET_ASIDE,            UNRELATED",
        "data,          SET_ASIDE,            TARGET_HOLDS_DATA",
        "clash,         SET_ASIDE,            NAME_CLASH",
        "diverged,      SET_ASIDE,            clone",
        "written,       SET_ASIDE,            TARGET_WRITTEN",
        "harmless,      SET_ASIDE,            onto it",
        "'harmless, raw', SET_ASIDE,          clone",
        "unrelated,     ROLL_BACK,            UNRELATED",
        "clash,         ROLL_BACK,            rolled back",
        "old clash,     ROLL_BACK,            NAME_CLASH",
        "diverged,      ROLL_BACK,            rolled back",
        "written,       ROLL_BACK,            rolled back",
        "diverged,      ROLL_BACK_UNCHANGED,  DIVERGED",
        "harmless,      ROLL_BACK_UNCHANGED,  rolled back",
        "'harmless, raw', ROLL_BACK_UNCHANGED, rolled back",
        "harmless,      TOLERATE_HARMLESS,    onto it",
        "'harmless, raw', TOLERATE_HARMLESS,  TARGET_AHEAD",
        "diverged,      TOLERATE_HARMLESS,    DIVERGED",
    })
    void whatBecomesOfATarget(String relation, DivergencePolicy policy, String expected) {
        assertThat(outcome(first(standing(relation), policy))).isEqualTo(expected);
    }

    @Test
    void theRootOfAPoolStaysWhereItIs() {
        Seen seen = new Seen().source("tank/data", "@a @b").target("backup", "@a", SeenDataset::written);

        assertThat(plan(seen, "backup", DivergencePolicy.SET_ASIDE)
                        .datasets()
                        .get(0)
                        .decision()
                        .why())
                .isEqualTo("the target can't be set aside: it is the root of its pool, which can't be renamed");
    }

    @Test
    void aNameNeedsRoomForASecondOneBesideIt() {
        String name = "backup/" + "x".repeat(230);
        Seen seen = pools().source("tank/data", "@a @b").target(name, "@a", SeenDataset::written);

        assertThat(plan(seen, name, DivergencePolicy.SET_ASIDE)
                        .datasets()
                        .get(0)
                        .decision()
                        .why())
                .isEqualTo(
                        "the target can't be set aside: its name leaves no room for that of a second copy beside it");
    }

    /** The key of the target | that of the dataset above it | whether a clone of the target can take its place. */
    @ParameterizedTest
    @CsvSource({
        "backup/data,  '',           clone",
        "backup/data,  backup,       clone",
        "backup,       backup,       clone",
        "backup/other, '',           CANNOT_BE_REPLACED",
        "backup/other, backup,       CANNOT_BE_REPLACED",
    })
    void aCloneIsPromotedBelowItsOwnEncryptionRootAlone(String key, String above, String expected) {
        Seen seen = new Seen()
                .target("backup", "", d -> above.isEmpty() ? d : d.encrypted(above, true))
                .source("tank/data", "@a @b")
                .target("backup/data", "@a", d -> d.encrypted(key, true).written());

        assertThat(outcome(first(seen, DivergencePolicy.SET_ASIDE))).isEqualTo(expected);
    }

    /** Whether the target is encrypted | whether a dataset below it is | whether it can be replaced. */
    @ParameterizedTest
    @CsvSource({
        "false, false, anew",
        "true,  false, CANNOT_BE_REPLACED",
        "false, true,  CANNOT_BE_REPLACED",
    })
    void whatInheritsAKeyStaysBelowWhereItHasItFrom(boolean itself, boolean below, String expected) {
        Seen seen = pools().source("tank/data", "@a @b")
                .target("backup/data", "@a", d -> (itself ? d.encrypted("backup/data", true) : d).written())
                .target("backup/data/own", "@x", d -> below ? d.encrypted("backup/data/own", true) : d)
                .target("backup/data/own/deeper", "@x", d -> d.encrypted("backup/data/own/deeper", true));

        assertThat(outcome(first(seen, DivergencePolicy.START_OVER))).isEqualTo(expected);
    }

    @Test
    void thePlanSaysWhatBecomesOfTheOldOne() {
        ReplicationPlan plan = plan(standing("diverged"), "backup/data", DivergencePolicy.SET_ASIDE);

        assertThat(plan.toString()).contains("into a clone of backup/data, from @a, the newest that both know");
        assertThat(plan.warnings())
                .singleElement()
                .asString()
                .startsWith("backup/data will be set aside as backup/data.zl1-aside-")
                .contains("takes its room until you destroy it");
        assertThat(plan.destroys()).isEmpty();
    }

    @Test
    void everythingAnewNeedsRoomBesideTheOldOne() {
        Seen seen = new Seen()
                .target("backup", "", d -> d.space(0, 0, 100))
                .source("tank/data", "@a @b", d -> d.space(101, 0, 0))
                .target("backup/data", "@a", d -> d.written().space(512, 512, 100));

        assertThat(outcome(first(seen, DivergencePolicy.START_OVER))).isEqualTo("NO_ROOM");
        assertThat(outcome(first(seen, DivergencePolicy.SET_ASIDE))).isEqualTo("clone");
    }

    @Test
    void whatWasBegunBesideATargetIsGoneOnWith() {
        Seen begun = standing("unrelated").target("backup/data.zl1-incoming", "@a");
        assertThat(first(begun, DivergencePolicy.START_OVER).streams())
                .singleElement()
                .satisfies(stream -> assertThat(stream.receive().target()).hasToString("backup/data.zl1-incoming"))
                .satisfies(stream ->
                        assertThat(stream.arriving()).extracting(s -> s.label()).containsExactly("b"));

        Seen cut = standing("unrelated")
                .target("backup/data.zl1-incoming", "")
                .interrupted("backup/data.zl1-incoming", "tank/data@a", "", false);
        assertThat(first(cut, DivergencePolicy.START_OVER).decision().why())
                .contains("everything anew, beside backup/data")
                .contains("carrying on with what was cut");
    }
}
