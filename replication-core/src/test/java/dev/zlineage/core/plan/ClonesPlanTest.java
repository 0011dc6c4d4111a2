// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SendStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ClonesPlanTest {

    private static final UnaryOperator<ReplicationRequest.Builder> WITH_PROPERTIES =
            b -> b.properties(new PropertyChoice(true, Set.of(), Map.of()));

    private static ReplicationPlan plan(Seen seen, UnaryOperator<ReplicationRequest.Builder> change) {
        return Planner.plan(
                change.apply(ReplicationRequest.of("tank/data", "backup/data").recursive(true))
                        .build(),
                seen.now());
    }

    private static ReplicationPlan plan(Seen seen) {
        return plan(seen, b -> b);
    }

    private static Seen tree() {
        return new Seen().target("backup", "").source("tank/data", "@a");
    }

    /** The origin sorts behind its clone. */
    private static Seen cloned() {
        return tree().source("tank/data/clone", "@c1!90 @c2!91 @c3!92", d -> d.cloneOf("tank/data/z@z1"))
                .source("tank/data/z", "@z1!50 @z2!60");
    }

    private static DatasetPlan of(ReplicationPlan plan, String source) {
        return plan.datasets().stream()
                .filter(d -> d.source().equals(DatasetName.of(source)))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> order(ReplicationPlan plan) {
        return plan.datasets().stream().map(d -> d.source().value()).toList();
    }

    private static PlannedStream first(ReplicationPlan plan, String source) {
        return of(plan, source).streams().get(0);
    }

    private static void inFull(ReplicationPlan plan, String source, String because) {
        assertThat(first(plan, source).send()).isInstanceOf(SendStream.Full.class);
        assertThat(of(plan, source).decision().why())
                .contains("not as a clone of")
                .contains(because);
        assertThat(of(plan, source).cloneOf()).isEmpty();
    }

    @Test
    void aCloneComesAfterItsOriginAndIsReceivedOntoTheCopyOfThat() {
        ReplicationPlan plan = plan(cloned());

        assertThat(order(plan)).containsExactly("tank/data", "tank/data/z", "tank/data/clone");
        DatasetPlan clone = of(plan, "tank/data/clone");
        assertThat(clone.cloneOf()).contains(DatasetName.of("tank/data/z").snapshot("z1"));
        assertThat(clone.begins()).isTrue();
        assertThat(first(plan, "tank/data/clone").receive().origin())
                .contains(DatasetName.of("backup/data/z").snapshot("z1"));
        assertThat(plan.toString())
                .contains("tank/data/clone: send as a clone of backup/data/z@z1, as it is one of tank/data/z@z1")
                .contains("increment tank/data/z@z1 -> @c1")
                .contains("series    @c1 -> @c3, 2 snapshots: @c2 @c3");
        assertThat(plan.toJson()).contains("\"cloneOf\": \"tank/data/z@z1\"");
        assertThat(clone.bookmarks())
                .as("the base is not its own")
                .allMatch(b -> b.of().dataset().equals(clone.source()));
    }

    @Test
    void theCopyOfTheOriginMayBeThereUnderAnotherName() {
        Seen seen = cloned().target("backup/data", "@a");
        seen.target("backup/data/z", "@renamed=" + Long.toUnsignedString(guidOf("z1")) + "!5 @z2!6");

        assertThat(first(plan(seen), "tank/data/clone").receive().origin())
                .contains(DatasetName.of("backup/data/z").snapshot("renamed"));
    }

    private static long guidOf(String label) {
        return dev.zlineage.core.zfs.History.parse("@" + label).guidBits(0);
    }

    @Test
    void whatCanBeNoCloneIsSentInFullAndSaysWhy() {
        inFull(plan(cloned(), b -> b.keepClones(false)), "tank/data/clone", "clones are not to be kept");
        inFull(
                plan(tree().source("tank/data/clone", "@c1", d -> d.cloneOf("tank/other@x"))),
                "tank/data/clone",
                "that is no part of what is replicated");
        inFull(
                plan(cloned(), b -> b.snapshotsMatching("[ac].*|z2")),
                "tank/data/clone",
                "the target has no copy of that");
        Seen below = new Seen()
                .target("backup", "")
                .source("tank/data", "@a!90", d -> d.cloneOf("tank/data/child@x"))
                .source("tank/data/child", "@x!50");
        inFull(plan(below), "tank/data", "that can't come first");
        assertThat(order(plan(below))).containsExactly("tank/data", "tank/data/child");
    }

    @Test
    void clonesThatAreEncryptedAnewAreSentInFull() {
        Seen seen = cloned().target("backup/data", "@a", d -> d.encrypted("backup/data", true));

        inFull(
                plan(seen, b -> b.encryption(new EncryptionChoice.Inherited())),
                "tank/data/clone",
                "encrypted in another way");
    }

    @Test
    void aCloneOfItsOwnParentAndAChainOfClonesKeepTheirOrder() {
        Seen seen = tree().source("tank/data/a", "@a1!95", d -> d.cloneOf("tank/data/b@b1"))
                .source("tank/data/b", "@b1!90", d -> d.cloneOf("tank/data/c@c1"))
                .source("tank/data/c", "@c1!80", d -> d.cloneOf("tank/data@a"));

        ReplicationPlan plan = plan(seen);

        assertThat(order(plan)).containsExactly("tank/data", "tank/data/c", "tank/data/b", "tank/data/a");
        assertThat(plan.datasets().stream().filter(d -> d.cloneOf().isPresent()))
                .hasSize(3);
    }

    @Test
    void aCloneWhoseOriginIsRefusedIsRefusedAsWell() {
        Seen seen = cloned().target("backup/data", "@a").target("backup/data/z", "@other!5");

        DatasetPlan clone = of(plan(seen), "tank/data/clone");

        assertThat(clone.sends()).isFalse();
        assertThat(clone.decision())
                .isInstanceOfSatisfying(
                        Decision.Refuse.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Decision.Reason.ORIGIN_MISSING));
    }

    @Test
    void propertiesGoAlongWhereOpenZfsCanFindButOneOrigin() {
        ReplicationPlan one = plan(cloned(), WITH_PROPERTIES);
        assertThat(first(one, "tank/data/clone").send().form().orElseThrow().properties())
                .isTrue();
        assertThat(first(one, "tank/data/clone").receive().origin())
                .as("it counts for nothing there")
                .isEmpty();

        Seen two = cloned().target("backup/data", "@a").target("backup/data/copy", "@z1!5");
        ReplicationPlan other = plan(two, WITH_PROPERTIES);
        assertThat(first(other, "tank/data/clone").send().form().orElseThrow().properties())
                .isFalse();
        assertThat(first(other, "tank/data/clone").receive().origin()).isPresent();
    }

    @Test
    void aCloneThatWasCutIsCarriedOn() {
        Seen seen = cloned().target("backup/data", "@a")
                .target("backup/data/z", "@z1!5 @z2!6")
                .target(
                        "backup/data/clone",
                        "",
                        d -> d.cloneOf("backup/data/z@z1").readonly())
                .interrupted("backup/data/clone", "tank/data/clone@c1", "@z1", false);

        DatasetPlan clone = of(plan(seen), "tank/data/clone");

        assertThat(clone.streams().get(0).send()).isInstanceOf(SendStream.Resume.class);
        assertThat(clone.begins()).isTrue();
        assertThat(clone.before()).isEmpty();
    }
}
