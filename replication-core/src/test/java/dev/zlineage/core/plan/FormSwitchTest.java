// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.StreamForm;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamMode;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FormSwitchTest {

    private static final StreamMode SPLIT = new StreamMode(false, true, false, false, false);

    private static DatasetPlan plan(Seen seen, UnaryOperator<ReplicationRequest.Builder> options) {
        return Planner.plan(
                        options.apply(ReplicationRequest.of("tank/data", "backup/data"))
                                .build(),
                        seen.now())
                .datasets()
                .get(0);
    }

    private static Seen both() {
        return new Seen().target("backup", "").source("tank/data", "@a @b @c").target("backup/data", "@a @b");
    }

    private static Seen encrypted(String root) {
        return new Seen()
                .target("backup", "")
                .source("tank/data", "@a @b @c", d -> d.encrypted("tank/data", true))
                .target("backup/data", "@a @b", d -> d.encrypted(root, true).readonly());
    }

    private static UnaryOperator<ReplicationRequest.Builder> form(boolean largeBlocks) {
        return b -> b.form(new StreamForm(largeBlocks, true, false));
    }

    private static String refusal(DatasetPlan plan) {
        assertThat(plan.works()).isFalse();
        Decision.Refuse refuse = (Decision.Refuse) plan.decision();
        assertThat(refuse.reason()).isEqualTo(Decision.Reason.FORM_CHANGED);
        return refuse.why() + ": " + refuse.wayOut();
    }

    private static boolean raw(DatasetPlan plan) {
        return plan.streams().get(0).send().form().orElseThrow().raw();
    }

    @Test
    void largeBlocksAreNotGivenUpAndMayBegin() {
        assertThat(refusal(plan(both().received("backup/data", StreamMode.DEFAULT), form(false))))
                .contains("large blocks", "--no-large-blocks");
        assertThat(plan(both().received("backup/data", SPLIT), form(true)).sends())
                .isTrue();
        assertThat(plan(both().received("backup/data", SPLIT), form(false)).sends())
                .isTrue();
        assertThat(plan(both(), form(false)).sends()).as("not known").isTrue();
    }

    @Test
    void nothingIsRefusedWhereNothingIsSent() {
        Seen same = new Seen()
                .target("backup", "")
                .source("tank/data", "@a @b")
                .target("backup/data", "@a @b")
                .received("backup/data", StreamMode.DEFAULT);
        assertThat(plan(same, form(false)).decision()).isInstanceOf(Decision.UpToDate.class);
    }

    @Test
    void whatWasRawStaysRawAndTheOtherWayRound() {
        assertThat(refusal(plan(
                        encrypted("backup/data").received("backup/data", StreamMode.RAW),
                        b -> b.encryption(new EncryptionChoice.Inherited()))))
                .contains("received raw", "--encryption");
        assertThat(refusal(plan(encrypted("backup/data").received("backup/data", StreamMode.DEFAULT), b -> b)))
                .contains("not received raw", "--encryption");
        assertThat(raw(plan(encrypted("backup/data").received("backup/data", StreamMode.RAW), b -> b)))
                .isTrue();
        assertThat(raw(plan(
                        encrypted("backup/data").received("backup/data", StreamMode.DEFAULT),
                        b -> b.encryption(new EncryptionChoice.Inherited()))))
                .isFalse();
    }

    @Test
    void aTargetThatTookTheKeyOfWhatIsAboveItGoesOnRawWhereItIsKnownToBe() {
        assertThat(raw(plan(encrypted("backup").received("backup/data", StreamMode.RAW), b -> b)))
                .isTrue();
        assertThat(raw(plan(encrypted("backup"), b -> b))).as("not known").isFalse();
    }

    @Test
    void eachStreamMarksItsForm() {
        DatasetPlan plan = plan(
                new Seen()
                        .target("backup", "")
                        .source("tank/data", "@a=1 @b=2 @c=3", d -> d.encrypted("tank/data", false)),
                b -> b);

        assertThat(plan.streams())
                .extracting(s -> s.receive().set().get(StreamMark.PROPERTY))
                .containsExactly("1 0000000000000001 Lcw", "1 0000000000000003-0000000000000001 Lcw");
    }

    @Test
    void whatCarriesOnMarksNothing() {
        DatasetPlan plan = plan(
                new Seen()
                        .target("backup", "")
                        .source("tank/data", "@a=1 @b=2 @c=3")
                        .target("backup/data", "@a=1")
                        .interrupted("backup/data", "tank/data@b=2", "@a=1", false),
                b -> b);

        assertThat(plan.streams().get(0).send()).isInstanceOf(SendStream.Resume.class);
        assertThat(plan.streams())
                .extracting(s -> s.receive().set().getOrDefault(StreamMark.PROPERTY, "none"))
                .containsExactly("none", "1 0000000000000003 Lc");
    }

    /** Nothing may arrive, and then the mark is about what was there. */
    @Test
    void aMarkSpeaksOfTheBaseOnlyWhereThatIsKnownToHaveComeInTheSameForm() {
        Seen two =
                new Seen().target("backup", "").source("tank/data", "@a=1 @b=2").target("backup/data", "@a=1");
        assertThat(mark(two)).isEqualTo("1 0000000000000002 Lc");
        assertThat(mark(two.received("backup/data", SPLIT))).isEqualTo("1 0000000000000002 Lc");
        assertThat(mark(two.received("backup/data", StreamMode.DEFAULT)))
                .isEqualTo("1 0000000000000002-0000000000000001 Lc");
    }

    private static String mark(Seen seen) {
        return plan(seen, b -> b).streams().get(0).receive().set().get(StreamMark.PROPERTY);
    }
}
