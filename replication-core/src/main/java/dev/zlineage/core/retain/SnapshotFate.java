// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.zfs.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to become of a snapshot, and why.
 *
 * @param snapshot which
 * @param opinions what its owners say, and the guards; empty where nobody owns it
 */
public record SnapshotFate(Snapshot snapshot, List<Opinion> opinions) {

    /** Copies the list. */
    public SnapshotFate {
        opinions = List.copyOf(opinions);
    }

    /**
     * Whether it may go: someone wants that, and nobody objects.
     *
     * @return false also where nobody owns it
     */
    public boolean mayGo() {
        return !opinions.isEmpty() && opinions.stream().allMatch(o -> o.stance() == Opinion.Stance.RELEASES);
    }

    /** The same, kept because it was not in the plan that somebody approved. */
    SnapshotFate unapproved() {
        List<Opinion> more = new ArrayList<>(opinions);
        more.add(new Opinion(Opinion.Stance.KEEPS, "approval", "it is not in the plan that was approved"));
        return new SnapshotFate(snapshot, more);
    }

    /**
     * Whether it has to be there when others are destroyed.
     *
     * @return true if a guard says so
     */
    public boolean guarded() {
        return opinions.stream().anyMatch(o -> o.stance() == Opinion.Stance.GUARDS);
    }

    /**
     * Whether nobody has a say about it.
     *
     * @return true for a snapshot that is never touched
     */
    public boolean foreign() {
        return opinions.stream().allMatch(o -> o.stance() == Opinion.Stance.GUARDS);
    }
}
