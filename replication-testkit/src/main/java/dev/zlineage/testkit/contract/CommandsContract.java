// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What people type, and the port never asks for. */
abstract class CommandsContract extends ContractCase {

    private CommandOutcome.Exited typed(String... arguments) {
        return world().typed(List.of(arguments));
    }

    private DatasetName five() {
        DatasetName a = unmounted(here().child("a"));
        snaps(a, "1", "2", "3", "4", "5");
        return a;
    }

    @Test
    @DisplayName("a list of snapshots is destroyed, those that are not there left out")
    void list() {
        DatasetName a = five();
        assertThat(typed("destroy", a + "@1,none,3").exitCode()).isZero();
        assertThat(points(a)).containsExactly("@2", "@4", "@5");
    }

    @Test
    @DisplayName("a range of snapshots is destroyed with both of its ends")
    void range() {
        DatasetName a = five();
        assertThat(typed("destroy", a + "@2%4").exitCode()).isZero();
        assertThat(points(a)).containsExactly("@1", "@5");
    }

    @Test
    @DisplayName("a range may have one end only, and stand in a list")
    void openRanges() {
        DatasetName a = five();
        assertThat(typed("destroy", a + "@%2").exitCode()).isZero();
        assertThat(points(a)).containsExactly("@3", "@4", "@5");
        assertThat(typed("destroy", a + "@3,5%").exitCode()).isZero();
        assertThat(points(a)).containsExactly("@4");
        assertThat(typed("destroy", a + "@%").exitCode()).isZero();
        assertThat(points(a)).isEmpty();
    }

    @Test
    @DisplayName("a range with an end that is not there, or that runs backwards, is no snapshot at all")
    void noRange() {
        DatasetName a = five();
        for (String which : List.of("@2%none", "@none%4", "@4%2")) {
            assertThat(typed("destroy", a + which).stderr()).as(which).contains("could not find any snapshots");
        }
        assertThat(points(a)).containsExactly("@1", "@2", "@3", "@4", "@5");
    }

    @Test
    @DisplayName("a range in which one is held is not destroyed at all")
    void rangeWithHeld() {
        DatasetName a = five();
        run(new ZfsCommand.Hold("keep", List.of(a.snapshot("3"))));
        assertThat(typed("destroy", a + "@2%4").exitCode()).isEqualTo(1);
        assertThat(points(a)).containsExactly("@1", "@2", "@3", "@4", "@5");
    }

    @Test
    @DisplayName("snapshots of a name are destroyed in a whole subtree, and be it below only")
    void recursive() {
        DatasetName a = five();
        DatasetName b = unmounted(a.child("b"));
        snapshot(Scope.SUBTREE, a.snapshot("6"));
        snap(b, "7");
        assertThat(typed("destroy", "-r", a + "@6").exitCode()).isZero();
        assertThat(points(b)).containsExactly("@7");
        assertThat(typed("destroy", "-r", a + "@7").exitCode()).isZero();
        assertThat(points(b)).isEmpty();
        assertThat(points(a)).containsExactly("@1", "@2", "@3", "@4", "@5");
    }

    @Test
    @DisplayName("what is destroyed later goes with its last hold")
    void deferredByHold() {
        DatasetName a = five();
        SnapshotName held = a.snapshot("3");
        run(new ZfsCommand.Hold("keep", List.of(held)));
        run(new ZfsCommand.Hold("other", List.of(held)));
        assertThat(typed("destroy", "-d", a + "@2,3").exitCode()).isZero();
        assertThat(points(a)).containsExactly("@1", "@3", "@4", "@5");
        run(new ZfsCommand.Release("keep", List.of(held)));
        assertThat(points(a)).containsExactly("@1", "@3", "@4", "@5");
        run(new ZfsCommand.Release("other", List.of(held)));
        assertThat(points(a)).containsExactly("@1", "@4", "@5");
    }

    @Test
    @DisplayName("what is destroyed later goes with its last clone")
    void deferredByClone() {
        DatasetName a = five();
        DatasetName clone = here().child("clone");
        run(new ZfsCommand.CloneSnapshot(a.snapshot("3"), clone, Map.of("canmount", "off")));
        assertThat(typed("destroy", "-d", a + "@3").exitCode()).isZero();
        assertThat(points(a)).containsExactly("@1", "@2", "@3", "@4", "@5");
        run(new ZfsCommand.DestroyDataset(clone, Scope.SELF));
        assertThat(points(a)).containsExactly("@1", "@2", "@4", "@5");
    }

    @Test
    @DisplayName("snapshots of a dataset that is not there are not destroyed")
    void missing() {
        CommandOutcome.Exited exited = typed("destroy", here().child("none") + "@1%2");
        assertThat(exited.exitCode()).isEqualTo(1);
        assertThat(exited.stderr()).contains("dataset does not exist");
    }
}
