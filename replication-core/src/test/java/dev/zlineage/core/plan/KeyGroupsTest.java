// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.ReplicationRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Datasets that share a key on the source, and those that share one on the target. */
class KeyGroupsTest {

    private static final List<String> TREE = List.of("", "/a", "/a/b");

    private static ReplicationPlan plan(Seen seen, boolean keepRoots) {
        ReplicationRequest.Builder request = ReplicationRequest.of("tank/data", "backup/data")
                .recursive(true)
                .encryption(new EncryptionChoice.AsItComes(keepRoots));
        return Planner.plan(request.build(), seen.now());
    }

    private static ReplicationPlan plan(Seen seen) {
        return plan(seen, true);
    }

    /** All below tank/data opens with its key; the target has the first snapshot of each, which is a root of its own. */
    private static Seen apart(String snapshots, List<String> loaded) {
        Seen seen = new Seen().target("backup", "");
        for (String each : TREE) {
            seen.source("tank/data" + each, snapshots, d -> d.encrypted("tank/data", false))
                    .target("backup/data" + each, "@a", d -> d.encrypted("backup/data" + each, loaded.contains(each)));
        }
        return seen;
    }

    private static List<String> joins(ReplicationPlan plan) {
        return plan.datasets().stream()
                .flatMap(d -> d.after().stream())
                .map(step -> (TargetStep.InheritKey) step)
                .map(step -> step.target() + " to " + step.root())
                .toList();
    }

    @Test
    void datasetsJoinFromTheTop() {
        ReplicationPlan idle = plan(apart("@a", TREE));
        assertThat(joins(idle)).containsExactly("backup/data/a to backup/data", "backup/data/a/b to backup/data");
        assertThat(idle.warnings()).isEmpty();
        assertThat(idle.destroys()).isEmpty();
        ReplicationPlan sending = plan(apart("@a @b", TREE));
        assertThat(joins(sending)).hasSize(2);
        assertThat(sending.datasets()).allMatch(DatasetPlan::sends);
        assertThat(joins(plan(apart("@a @b", TREE), false))).isEmpty();
    }

    @Test
    void whatIsNotLoadedWaitsAndWhatIsBelowToo() {
        ReplicationPlan plan = plan(apart("@a", List.of("", "/a/b")));
        assertThat(joins(plan)).isEmpty();
        assertThat(plan.warnings())
                .containsExactly(
                        "backup/data/a, backup/data/a/b are encrypted apart from backup/data on the target until"
                                + " a run finds their keys and that of backup/data loaded there (zfs load-key -r backup/data)");
        assertThat(joins(plan(apart("@a", List.of("", "/a"))))).containsExactly("backup/data/a to backup/data");
        assertThat(plan(apart("@a", List.of()), false).warnings()).isEmpty();
    }

    @Test
    void aKeyOfItsOwnStays() {
        Seen seen = new Seen()
                .target("backup", "")
                .source("tank/data", "@a", d -> d.encrypted("tank/data", true))
                .source("tank/data/a", "@a", d -> d.encrypted("tank/data/a", true))
                .target("backup/data", "@a", d -> d.encrypted("backup/data", true))
                .target("backup/data/a", "@a", d -> d.encrypted("backup/data/a", true));
        ReplicationPlan plan = plan(seen);
        assertThat(joins(plan)).isEmpty();
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void whereTheRootIsNotSentTheTopmostIsIt() {
        Seen seen = new Seen()
                .target("backup", "")
                .source("tank/data", "@a", d -> d.encrypted("tank", true))
                .source("tank/data/a", "@a", d -> d.encrypted("tank", true))
                .target("backup/data", "@a", d -> d.encrypted("backup/data", true))
                .target("backup/data/a", "@a", d -> d.encrypted("backup/data/a", true));
        assertThat(joins(plan(seen))).containsExactly("backup/data/a to backup/data");
    }

    @Test
    void whatSharesAKeyAndIsNotSentIsWarnedOf() {
        String warning = " the key of backup/data and %s not sent: after zfs change-key on the source, it takes all of"
                + " them to open what was sent since";
        assertThat(plan(shared(TREE)).warnings()).isEmpty();
        assertThat(plan(shared(List.of("", "/a")), false).warnings())
                .containsExactly("backup/data/a/b shares" + warning.formatted("is"));
        assertThat(plan(shared(List.of(""))).warnings())
                .containsExactly("backup/data/a, backup/data/a/b share" + warning.formatted("are"));
    }

    /** All of the tree shares a key on the target; some of it is there to be sent. */
    private static Seen shared(List<String> sent) {
        Seen seen = new Seen().target("backup", "");
        for (String each : TREE) {
            seen.target("backup/data" + each, "@a", d -> d.encrypted("backup/data", false));
        }
        sent.forEach(each -> seen.source("tank/data" + each, "@a @b", d -> d.encrypted("tank/data", false)));
        return seen;
    }
}
