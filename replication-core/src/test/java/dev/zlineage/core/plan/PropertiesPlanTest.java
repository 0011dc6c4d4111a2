// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.StreamForm;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.StreamMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is planned about the properties of targets, and about the form of streams. */
class PropertiesPlanTest {

    private static final String[] OURS = {
        "zlineage:aside", "zlineage:copy", "zlineage:gone", "zlineage:emptied", "zlineage:swap"
    };

    private static ReplicationPlan plan(Seen seen, UnaryOperator<ReplicationRequest.Builder> change) {
        return Planner.plan(
                change.apply(ReplicationRequest.of("tank/data", "backup/data")).build(), seen.now());
    }

    private static UnaryOperator<ReplicationRequest.Builder> with(PropertyChoice choice) {
        return b -> b.properties(choice);
    }

    private static UnaryOperator<ReplicationRequest.Builder> withAll() {
        return with(PropertyChoice.ALL);
    }

    private static Seen pools() {
        return new Seen().target("backup", "");
    }

    private static List<PlannedStream> streams(ReplicationPlan plan) {
        return plan.datasets().get(0).streams();
    }

    private static ReceiveStream receive(ReplicationPlan plan, int index) {
        return streams(plan).get(index).receive();
    }

    /** What is set on the target, the mark of the form of the stream excepted. */
    private static Map<String, String> set(ReplicationPlan plan, int index) {
        Map<String, String> set = new HashMap<>(receive(plan, index).set());
        assertThat(set.remove(StreamMark.PROPERTY)).isNotNull();
        return set;
    }

    private static StreamMode mode(ReplicationPlan plan) {
        return streams(plan).get(0).send().form().orElseThrow();
    }

    private static Decision.Reason refusal(ReplicationPlan plan) {
        assertThat(plan.hasWork()).isFalse();
        return ((Decision.Refuse) plan.datasets().get(0).decision()).reason();
    }

    // properties

    @Test
    void withoutBeingAskedForNothingIsTakenAndNothingExcluded() {
        ReplicationPlan plan = plan(pools().source("tank/data", "@a @b"), b -> b);
        assertThat(streams(plan))
                .allMatch(s -> !s.send().form().orElseThrow().properties())
                .allMatch(s -> s.receive().exclude().isEmpty());
        assertThat(plan.toString()).doesNotContain("propert");
    }

    @Test
    void whatWouldMakeACopyActInTheSourcesPlaceIsNotTaken() {
        ReplicationPlan plan = plan(pools().source("tank/data", "@a @b"), withAll());

        assertThat(streams(plan)).allMatch(s -> s.send().form().orElseThrow().properties());
        assertThat(set(plan, 0)).isEqualTo(Map.of("readonly", "on"));
        assertThat(receive(plan, 0).exclude())
                .contains(OURS)
                .contains("mountpoint", "sharenfs", "sharesmb", "encryption")
                .hasSize(OURS.length + 4);
        assertThat(set(plan, 1)).isEqualTo(Map.of("readonly", "on"));
        assertThat(receive(plan, 1).exclude()).contains("mountpoint").hasSize(OURS.length + 4);
        assertThat(plan.toString())
                .contains("  properties: those of the source, without mountpoint, sharenfs, sharesmb\n")
                .contains("full      @a, with properties\n")
                .contains("increment @a -> @b, with properties\n");
        assertThat(plan.toJson())
                .contains("\"send\": true")
                .contains("\"properties\": true")
                .contains("\"readonly\": \"on\"");
    }

    @Test
    void whatIsLetThroughIsTaken() {
        ReplicationPlan plan = plan(
                pools().source("tank/data", "@a"),
                b -> b.properties(PropertyChoice.ALL.letThrough(Set.of("mountpoint", "sharesmb"))));

        assertThat(receive(plan, 0).exclude())
                .contains("sharenfs", "encryption")
                .doesNotContain("mountpoint", "sharesmb")
                .hasSize(OURS.length + 2);
        assertThat(plan.toString()).contains("  properties: those of the source, without sharenfs\n");
    }

    @Test
    void whatIsSetIsSetWithEachStreamAndTakenInsteadOfWhatComesAlong() {
        PropertyChoice choice = new PropertyChoice(
                true, Set.of("atime", "org.x:a"), Map.of("mountpoint", "none", "compression", "lz4"));
        ReplicationPlan plan = plan(pools().source("tank/data", "@a @b"), with(choice));
        assertThat(set(plan, 0)).isEqualTo(Map.of("readonly", "on", "mountpoint", "none", "compression", "lz4"));
        assertThat(receive(plan, 0).exclude())
                .contains("atime", "org.x:a", "sharenfs")
                .doesNotContain("mountpoint");
        assertThat(set(plan, 1)).isEqualTo(Map.of("readonly", "on", "mountpoint", "none", "compression", "lz4"));
        assertThat(plan.toString())
                .contains("  properties: those of the source, without atime, org.x:a, sharenfs, sharesmb;"
                        + " compression=lz4; mountpoint=none\n");
    }

    @Test
    void whatIsSetNeedsNoOthersToGoAlong() {
        PropertyChoice choice = new PropertyChoice(false, Set.of("atime"), Map.of("compression", "lz4"));
        ReplicationPlan plan = plan(pools().source("tank/data", "@a @b").target("backup/data", "@a"), with(choice));
        assertThat(mode(plan).properties()).isFalse();
        assertThat(set(plan, 0)).isEqualTo(Map.of("compression", "lz4"));
        assertThat(receive(plan, 0).exclude()).isEmpty();
        assertThat(plan.toString()).contains("  properties: compression=lz4\n");
    }

    @Test
    void aVolumeIsNotAskedForWhatOnlyFilesystemsHave() {
        PropertyChoice choice = new PropertyChoice(
                true, Set.of("quota", "org.x:a"), Map.of("canmount", "off", "recordsize", "1M", "compression", "lz4"));
        Seen seen = pools().source("tank/data", "@a @b", SeenDataset::volume);
        ReplicationPlan plan = plan(seen, with(choice));
        assertThat(set(plan, 0)).isEqualTo(Map.of("readonly", "on", "volmode", "none", "compression", "lz4"));
        assertThat(receive(plan, 0).exclude())
                .contains(OURS)
                .contains("encryption", "org.x:a")
                .hasSize(OURS.length + 2);
        assertThat(set(plan, 1)).containsKeys("readonly", "volmode");
        assertThat(receive(plan, 1).exclude()).contains("org.x:a").doesNotContain("mountpoint");
        ReplicationPlan own = plan(seen, with(new PropertyChoice(true, Set.of(), Map.of("volmode", "dev"))));
        assertThat(set(own, 0)).isEqualTo(Map.of("readonly", "on", "volmode", "dev"));
    }

    @Test
    void whatIsEncryptedGoesWithPropertiesRawOrNotAtAll() {
        UnaryOperator<SeenDataset> open = d -> d.encrypted("tank/data", true);
        ReplicationPlan anew = plan(pools().source("tank/data", "@a", open), withAll());
        assertThat(mode(anew)).isEqualTo(StreamMode.RAW.withProperties());
        assertThat(receive(anew, 0).exclude()).contains("mountpoint").doesNotContain("encryption");
        PropertyChoice without = new PropertyChoice(true, Set.of("encryption"), Map.of());
        assertThat(receive(plan(pools().source("tank/data", "@a", open), with(without)), 0)
                        .exclude())
                .doesNotContain("encryption");

        Seen inTheClear = pools().source("tank/data", "@a @b", open).target("backup/data", "@a");
        assertThat(refusal(plan(inTheClear, withAll()))).isEqualTo(Decision.Reason.PROPERTIES_OF_ENCRYPTED);
        assertThat(plan(inTheClear, b -> b).datasets().get(0).sends()).isTrue();
    }

    @Test
    void aStreamThatCanHaveNoneSaysWhenTheyArrive() {
        Seen cut = pools().source("tank/data", "@a @b")
                .target("backup/data", "@a")
                .interrupted("backup/data", "tank/data@b", "@a", false);
        assertThat(plan(cut, withAll()).warnings())
                .containsExactly(
                        "the properties of tank/data arrive with its next increment: what is carried on after a"
                                + " cut has none");
        assertThat(plan(cut, b -> b).warnings()).isEmpty();
        cut.source("tank/data", "@a @b @c");
        ReplicationPlan more = plan(cut, withAll());
        assertThat(more.warnings()).isEmpty();
        assertThat(set(more, 1)).containsKey("readonly");
        assertThat(receive(more, 1).exclude()).contains("mountpoint");

        Seen first = pools().source("tank/data", "@a").target("backup/data", "");
        first.interrupted("backup/data", "tank/data@a", "", false);
        assertThat(plan(first, withAll()).warnings()).isEmpty();

        Seen written = pools().source("tank/data", "@a @b").target("backup/data", "@a", SeenDataset::written);
        ReplicationPlan aside =
                plan(written, b -> b.properties(PropertyChoice.ALL).onDivergence(DivergencePolicy.SET_ASIDE));
        assertThat(mode(aside).properties()).isFalse();
        assertThat(receive(aside, 0).exclude()).isEmpty();
        assertThat(aside.warnings())
                .contains("the properties of tank/data arrive with its next increment: what is received into a clone"
                        + " has none");
        written.source("tank/data", "@a @b @x @c");
        assertThat(streams(plan(
                        written,
                        b -> b.properties(PropertyChoice.ALL)
                                .onDivergence(DivergencePolicy.SET_ASIDE)
                                .snapshotsMatching("[abc]"))))
                .extracting(s -> s.send().form().orElseThrow().properties())
                .containsExactly(false, true);
    }

    @Test
    void whatWasSetOnAnEmptyTargetIsGivenUpAndThePlanSaysSo() {
        Seen seen = pools().source("tank/data", "@a").empty("backup/data");
        assertThat(plan(seen, withAll()).warnings())
                .containsExactly("what was set on backup/data gives way to the properties of tank/data");
        assertThat(plan(seen, b -> b).warnings()).isEmpty();
    }

    // the form of blocks

    @Test
    void blocksTravelAsIsAskedForUnlessTheyAreRaw() {
        StreamForm form = new StreamForm(false, false, true);
        assertThat(mode(plan(pools().source("tank/data", "@a"), b -> b.form(form))))
                .isEqualTo(new StreamMode(false, false, true, false, false));
        assertThat(mode(plan(
                        pools().source("tank/data", "@a", d -> d.encrypted("tank/data", true)), b -> b.form(form))))
                .isEqualTo(StreamMode.RAW);
        assertThat(plan(pools().source("tank/data", "@a"), b -> b.form(form)).toString())
                .contains("  blocks: none over 128 KiB, not compressed, small ones embedded\n");
    }

    @Test
    void nothingEmbeddedIsSentToWhatIsEncrypted() {
        StreamForm form = new StreamForm(true, true, true);
        Seen vault = new Seen()
                .target("backup", "", d -> d.encrypted("backup", true))
                .source("tank/data", "@a");
        assertThat(mode(plan(vault, b -> b.form(form))).embedded()).isFalse();
        Seen clear = vault.source("tank/data", "@a @b").target("backup/data", "@a");
        assertThat(mode(plan(clear, b -> b.form(form))).embedded()).isTrue();
    }

    // readonly

    @Test
    void aTargetThatIsWritableIsMadeReadOnlyBeforeAllElse() {
        Seen seen = pools().source("tank/data", "@a @b").target("backup/data", "@a", d -> d);
        ReplicationPlan plan = plan(seen, b -> b);
        assertThat(plan.datasets().get(0).before())
                .extracting(TargetStep::what)
                .containsExactly("make backup/data read-only");
        assertThat(plan.destroys()).isEmpty();
        assertThat(plan.toString()).contains("first: make backup/data read-only\n");

        ReplicationPlan same = plan(pools().source("tank/data", "@a").target("backup/data", "@a", d -> d), b -> b);
        assertThat(same.hasWork()).isTrue();
        assertThat(streams(same)).isEmpty();
        assertThat(same.datasets().get(0).decision().why()).contains("once the target is put right");

        Seen written = pools().source("tank/data", "@a @b").target("backup/data", "@a", SeenDataset::written);
        assertThat(plan(written, b -> b.onDivergence(DivergencePolicy.ROLL_BACK))
                        .datasets()
                        .get(0)
                        .before())
                .hasSize(2)
                .first()
                .isInstanceOf(TargetStep.MakeReadonly.class);
        assertThat(plan(written, b -> b).hasWork()).as("refused").isFalse();
    }

    @Test
    void aCutStreamIsCarriedOnIntoATargetThatIsMadeReadOnly() {
        Seen cut = pools().source("tank/data", "@a @b")
                .target("backup/data", "@a", d -> d)
                .interrupted("backup/data", "tank/data@b", "@a", false);
        DatasetPlan plan = plan(cut, b -> b).datasets().get(0);
        assertThat(plan.before()).hasSize(1).first().isInstanceOf(TargetStep.MakeReadonly.class);
        assertThat(plan.streams().get(0).saved()).isPositive();
    }

    @Test
    void whereItIsRequiredAWritableTargetIsRefused() {
        UnaryOperator<ReplicationRequest.Builder> require = b -> b.readonly(ReadonlyPolicy.REQUIRE);
        assertThat(refusal(plan(pools().source("tank/data", "@a @b").target("backup/data", "@a", d -> d), require)))
                .isEqualTo(Decision.Reason.TARGET_WRITABLE);
        assertThat(plan(pools().source("tank/data", "@a @b").target("backup/data", "@a"), require)
                        .datasets()
                        .get(0)
                        .before())
                .isEmpty();
        ReplicationPlan anew = plan(pools().source("tank/data", "@a"), require);
        assertThat(set(anew, 0)).isEqualTo(Map.of("readonly", "on"));
        assertThat(anew.toString()).contains("  readonly: required of targets\n");
        assertThat(anew.toJson()).contains("\"readonly\": \"require\"");
    }

    @Test
    void whereItIsIgnoredNothingIsSetAndNothingGuarded() {
        UnaryOperator<ReplicationRequest.Builder> ignore =
                b -> b.readonly(ReadonlyPolicy.IGNORE).properties(PropertyChoice.ALL);
        Seen seen = pools().source("tank/data", "@a @b").target("backup/data", "@a", d -> d);
        assertThat(plan(seen, ignore).datasets().get(0).before()).isEmpty();
        assertThat(set(plan(seen, ignore), 0)).isEmpty();
        assertThat(receive(plan(seen, ignore), 0).exclude()).doesNotContain("readonly");
        ReplicationPlan anew = plan(pools().source("tank/data", "@a", SeenDataset::volume), ignore);
        assertThat(set(anew, 0)).isEmpty();
        assertThat(receive(anew, 0).exclude()).doesNotContain("readonly", "volmode");
    }
}
