// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a quota stops, and what it does not. */
abstract class QuotaContract extends ContractCase {

    private SnapshotName threeMebibytes() {
        DatasetName a = filesystem(here().child("a"));
        world().fill(a, "file", 3 << 10);
        return snap(a, "1");
    }

    @Test
    @DisplayName("a quota or refquota under what is taken already is refused")
    void tooSmall() {
        DatasetName a = threeMebibytes().dataset();
        assertThat(refused(new ZfsCommand.SetProperties(a, Map.of("quota", "1M")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INVALID);
        assertThat(refused(new ZfsCommand.SetProperties(a, Map.of("refquota", "1M")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INVALID);
        assertThat(refused(new ZfsCommand.SetProperties(here(), Map.of("quota", "1M")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INVALID);
        set(here(), "refquota", "1M"); // what is below does not count
        assertThat(property(here(), "refquota").value()).isEqualTo("1048576");
    }

    @Test
    @DisplayName("a copy that fits under a quota is received, a second one is not")
    void received() {
        SnapshotName one = threeMebibytes();
        set(there(), "quota", "4M");
        replicate(full(one), into(there().child("b")));
        assertThat(refusedReceive(full(one), into(there().child("c"))).kind()).isEqualTo(ZfsFailure.Kind.QUOTA);
        assertThat(exists(there().child("c"))).isFalse();
        assertThat(points(there().child("b"))).containsExactly("@1");
    }

    @Test
    @DisplayName("an increment that does not fit under the target's quota leaves the target as it was")
    void increment() {
        SnapshotName one = threeMebibytes();
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        set(b, "quota", "4M");
        world().fill(one.dataset(), "more", 3 << 10);
        SnapshotName two = snap(one.dataset(), "2");
        assertThat(refusedReceive(increment(one, two), into(b)).kind()).isEqualTo(ZfsFailure.Kind.QUOTA);
        assertThat(points(b)).containsExactly("@1");
        assertThat(written(b)).isZero();
    }

    @Test
    @DisplayName("a rename has no room under a quota that is taken")
    void renamed() {
        SnapshotName one = threeMebibytes();
        DatasetName limited = unmounted(here().child("limited"));
        set(limited, "quota", "2M");
        assertThat(refused(new ZfsCommand.RenameDataset(one.dataset(), limited.child("a")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.NO_SPACE);
        assertThat(exists(one.dataset())).isTrue();
    }

    @Test
    @DisplayName("snapshots, bookmarks, holds and datasets that are not mounted need no room")
    void free() {
        SnapshotName one = threeMebibytes();
        DatasetName b = there().child("b");
        replicate(full(one), into(b));
        set(there(), "quota", "4M");
        snapshot(Scope.SUBTREE, there().snapshot("2"));
        bookmark(b, "2", "m");
        run(new ZfsCommand.Hold("keep", List.of(b.snapshot("2"))));
        run(new ZfsCommand.CloneSnapshot(b.snapshot("1"), there().child("clone"), Map.of("canmount", "off")));
        unmounted(there().child("new"));
        assertThat(points(b)).containsExactly("@1", "@2", "#m");
    }
}
