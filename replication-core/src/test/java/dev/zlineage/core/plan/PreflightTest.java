// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What permissions are asked about: where something is done, and nowhere else. */
class PreflightTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");

    private static ReplicationPlan plan(Observation seen, UnaryOperator<ReplicationRequest.Builder> change) {
        return Planner.plan(
                change.apply(ReplicationRequest.of("tank/data", "backup/data").recursive(true))
                        .build(),
                seen);
    }

    /** Bookmarks of ours stand for what a run leaves behind: one, and nothing is to be done. */
    private static String mark(String label, long guid) {
        return plan(
                        new Seen()
                                .target("backup", "")
                                .source("tank/data", "@" + label + "=" + guid)
                                .now(),
                        b -> b)
                .datasets()
                .get(0)
                .bookmark()
                .orElseThrow()
                .bookmark()
                .label();
    }

    private static Seen tree() {
        return new Seen()
                .target("backup", "")
                .source("tank/data", "@a=10 #" + mark("a", 10) + "=10")
                .target("backup/data", "@a=10")
                .source("tank/data/more", "@a @b")
                .target("backup/data/more", "@a")
                .source("tank/data/fresh", "@a");
    }

    @Test
    void theSourceIsAskedWhereSomethingIsSentOrMarked() {
        Observation seen = tree().now();
        assertThat(Preflight.ofSource(plan(seen, b -> b)))
                .containsExactlyInAnyOrder(DATA.child("more"), DATA.child("fresh"));
        assertThat(Preflight.ofSource(plan(seen, b -> b.takeSnapshot("now"))))
                .as("a snapshot is taken of each")
                .contains(DATA, DATA.child("more"), DATA.child("fresh"));
    }

    @Test
    void theSourceIsAskedWhereABookmarkIsMissingOrInTheWay() {
        Seen unmarked =
                new Seen().target("backup", "").source("tank/data", "@a=10").target("backup/data", "@a=10");
        assertThat(Preflight.ofSource(plan(unmarked.now(), b -> b))).containsExactly(DATA);

        Seen twice = new Seen()
                .target("backup", "")
                .source("tank/data", "@z=9 #" + mark("z", 9) + "=9 @a=10 #" + mark("a", 10) + "=10")
                .target("backup/data", "@z=9 @a=10");
        assertThat(Preflight.ofSource(plan(twice.now(), b -> b))).containsExactly(DATA);
    }

    @Test
    void theTargetIsAskedWhereItIsChangedOrTheNearestIsThere() {
        Observation seen = tree().now();
        assertThat(Preflight.ofTarget(plan(seen, b -> b), seen))
                .containsExactly(DatasetName.of("backup/data"), DatasetName.of("backup/data/more"));
    }
}
