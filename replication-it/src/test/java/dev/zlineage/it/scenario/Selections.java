// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.Fate;
import dev.zlineage.core.plan.Fates;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.NamingSchemas;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which datasets are meant, and which of their snapshots. */
abstract class Selections extends Scene {

    private static final NamingSchemas AUTO = NamingSchemas.strict("auto-%Y-%m-%d_%H-%M");

    @Test
    @DisplayName("what is excluded is not sent, gets no snapshot, and all others get theirs at one moment")
    void excluded() {
        DatasetName a = source.child("a");
        DatasetName cache = a.child("cache");
        DatasetName tmp = source.child("tmp");
        filesystem(a, cache, cache.child("deep"), tmp);
        snapAll("before");

        succeed(b -> b.recursive(true)
                .exclude(List.of(source + "/*/cache", tmp.value()))
                .takeSnapshot("taken"));

        assertThat(labels(source)).containsExactly("before", "taken");
        assertThat(labels(a)).containsExactly("before", "taken");
        assertThat(labels(cache)).containsExactly("before");
        assertThat(labels(cache.child("deep"))).containsExactly("before");
        assertThat(labels(tmp)).containsExactly("before");
        assertThat(newest(a)).isEqualTo(newest(source));
        same(a, target.child("a"));
        assertThat(exists(target.child("a").child("cache"))).isFalse();
        assertThat(exists(target.child("tmp"))).isFalse();
    }

    private long newest(DatasetName dataset) {
        return history(dataset).newestSnapshot().orElseThrow().createtxg();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("snapshots are selected by schema whatever they are called otherwise, in the order of their creation")
    void bySchema() {
        change(source, "auto-2026-01-02_00-00");
        change(source, "by-hand");
        change(source, "auto-2026-01-01_00-00"); // the clock was set back
        change(source, "auto-2026-13-01_00-00");

        ReplicationPlan plan = succeed(b -> b.snapshots(new SnapshotSelection.Named(AUTO)));

        assertThat(labels(target)).containsExactly("auto-2026-01-02_00-00", "auto-2026-01-01_00-00");
        assertThat(plan.datasets().get(0).streams()).hasSize(2);
        change(source, "auto-2026-01-03_00-00");
        succeed(b -> b.snapshots(new SnapshotSelection.Named(AUTO)));
        assertThat(labels(target)).endsWith("auto-2026-01-03_00-00").hasSize(3);
        same(source, target, "auto-2026-01-03_00-00");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("the base need not be selected: an increment goes on from any snapshot that both sides have")
    void baseOutsideTheSelection() {
        change(source, "by-hand");
        succeed();
        change(source, "auto-2026-01-01_00-00");

        ReplicationPlan plan = succeed(b -> b.snapshots(new SnapshotSelection.Named(AUTO)));

        assertThat(plan.datasets().get(0).begins()).isFalse();
        same();
    }

    @Test
    @DisplayName("what the target lost is told of, and what is newer arrives")
    void gap() {
        change(source, "one");
        change(source, "two");
        change(source, "three");
        succeed();
        destroy(target, "two");
        change(source, "four");

        ReplicationPlan plan = succeed();

        assertThat(plan.warnings()).singleElement().asString().contains("@two", "can't be sent any more");
        assertThat(plan.datasets().get(0).fates().runs())
                .containsExactly(
                        new Fates.Run(Fate.THERE, "one", "one", 1),
                        new Fates.Run(Fate.GAP, "two", "two", 1),
                        new Fates.Run(Fate.THERE, "three", "three", 1),
                        new Fates.Run(Fate.SENT, "four", "four", 1));
        assertThat(labels(target)).containsExactly("one", "three", "four");
        same(source, target, "four");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a user property selects, where it is set on the snapshot itself")
    void tagged() {
        property(source, "org.example:keep", "yes");
        change(source, "inherits");
        tag("other", "no");
        tag("meant", "yes");
        change(source, "newer");

        ReplicationPlan plan = succeed(b -> b.snapshotsTagged("org.example:keep=yes"));

        assertThat(labels(target)).containsExactly("meant");
        assertThat(plan.datasets().get(0).fates().count(Fate.NOT_TAGGED)).isEqualTo(3);
        same(source, target, "meant");
        tag("last", "no");
        succeed(b -> b.snapshotsTagged("org.example:keep"));
        assertThat(labels(target)).containsExactly("meant", "last");
    }

    private void tag(String label, String value) {
        world().write(source, "file", label);
        run(new ZfsCommand.TakeSnapshots(
                List.of(source.snapshot(label)), Scope.SELF, Map.of("org.example:keep", value)));
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a schedule selects by the time in names")
    void bySchedule() {
        change(source, "auto-2026-01-01_00-00");
        change(source, "auto-2026-01-01_00-15");
        change(source, "auto-2026-01-01_01-00");

        succeed(b -> b.snapshots(new SnapshotSelection.OnSchedule(
                new SnapshotSelection.Named(AUTO), minute -> minute.getMinute() == 0, ZoneOffset.UTC)));

        assertThat(labels(target)).containsExactly("auto-2026-01-01_00-00", "auto-2026-01-01_01-00");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a label that tells two times refuses its dataset, and no other")
    void ambiguous() {
        NamingSchemas both = NamingSchemas.strict("x-%Y-%m-%d_%H-%M", "x-%Y-%d-%m_%H-%M");
        filesystem(source.child("clear"));
        change(source, "x-2026-01-02_00-00");
        snap(source.child("clear"), "x-2026-01-13_00-00");
        refused(Decision.Reason.SELECTION_UNCLEAR, b -> b.snapshots(new SnapshotSelection.Named(both)));

        snap(source, "x-2026-01-14_00-00");
        destroy(source, "x-2026-01-02_00-00");
        change(source.child("clear"), "x-2026-03-04_00-00");
        ReplicationResult result =
                replicate(source, target, b -> b.recursive(true).snapshots(new SnapshotSelection.Named(both)));

        assertThat(result.count(DatasetResult.Outcome.Refused.class)).isEqualTo(1);
        assertThat(labels(target)).containsExactly("x-2026-01-14_00-00");
        assertThat(exists(target.child("clear"))).isFalse();
    }

    @Test
    @DisplayName("the time at which a snapshot was taken arrives with it")
    void creationTravels() {
        change(source, "one");
        world().awaitNextSecond();
        change(source, "two");
        bookmark(source, "one", "mark");
        succeed();

        History from = history(source);
        History to = history(target);
        List<Long> taken = IntStream.range(0, from.size())
                .filter(i -> !from.isBookmark(i))
                .mapToObj(from::creation)
                .toList();
        assertThat(taken).isSorted().doesNotHaveDuplicates().allMatch(time -> time > 1_700_000_000L);
        assertThat(IntStream.range(0, to.size()).mapToObj(to::creation).toList())
                .isEqualTo(taken);
        int mark = IntStream.range(0, from.size())
                .filter(i -> from.label(i).equals("mark"))
                .findFirst()
                .orElseThrow();
        assertThat(from.creation(mark)).isEqualTo(taken.get(0));
    }
}
