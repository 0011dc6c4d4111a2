// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The live contents of a dataset and its snapshots, in order, with the space they take. */
final class Timeline {

    private final List<FakeSnapshot> snapshots = new ArrayList<>();
    private final Map<String, FakeSnapshot> byLabel = new HashMap<>();
    private Contents live;
    /** The transaction group of a clone's origin. */
    private long floor = Contents.NEVER;

    private long used;

    Timeline(Contents live) {
        this.live = live;
        this.used = live.writtenSince(floor);
    }

    Contents live() {
        return live;
    }

    /** Everything that no other dataset accounts for. */
    long used() {
        return used;
    }

    long written() {
        return live.writtenSince(before(snapshots.size()));
    }

    List<FakeSnapshot> snapshots() {
        return Collections.unmodifiableList(snapshots);
    }

    @Nullable
    FakeSnapshot get(String label) {
        return byLabel.get(label);
    }

    @Nullable
    FakeSnapshot byGuid(long guid) {
        // from the newest, which is what increments ask for
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            if (snapshots.get(i).guid() == guid) {
                return snapshots.get(i);
            }
        }
        return null;
    }

    @Nullable
    FakeSnapshot newest() {
        return snapshots.isEmpty() ? null : snapshots.get(snapshots.size() - 1);
    }

    List<FakeSnapshot> newerThan(FakeSnapshot snapshot) {
        return List.copyOf(snapshots.subList(indexOf(snapshot) + 1, snapshots.size()));
    }

    /** Those after one transaction group, up to and with another. */
    List<FakeSnapshot> between(long after, long to) {
        return List.copyOf(snapshots.subList(indexAfter(after), indexAfter(to)));
    }

    void live(Contents contents) {
        used -= written();
        live = contents;
        used += written();
    }

    /** Adds a snapshot of the live contents. */
    void add(FakeSnapshot snapshot) {
        used -= written();
        snapshot.written(live.writtenSince(before(snapshots.size())));
        used += snapshot.written();
        snapshots.add(snapshot);
        byLabel.put(snapshot.label(), snapshot);
        used += written();
    }

    void remove(FakeSnapshot snapshot) {
        int index = indexOf(snapshot);
        boolean last = index == snapshots.size() - 1;
        used -= snapshot.written();
        used -= last ? written() : snapshots.get(index + 1).written();
        snapshots.remove(index);
        byLabel.remove(snapshot.label());
        if (last) {
            used += written();
        } else {
            FakeSnapshot next = snapshots.get(index);
            next.written(next.contents().writtenSince(before(index)));
            used += next.written();
        }
    }

    /** What no other snapshot and not the live contents hold too. */
    long unique(FakeSnapshot snapshot) {
        int index = indexOf(snapshot);
        Contents next =
                index == snapshots.size() - 1 ? live : snapshots.get(index + 1).contents();
        return snapshot.contents().notIn(next, before(index));
    }

    void rename(FakeSnapshot snapshot, String label) {
        byLabel.remove(snapshot.label());
        snapshot.label(label);
        byLabel.put(label, snapshot);
    }

    void floor(long txg) {
        floor = txg;
        recount();
    }

    /** Takes out a snapshot and all before it, and hands them over. */
    List<FakeSnapshot> takeThrough(FakeSnapshot snapshot) {
        List<FakeSnapshot> head = snapshots.subList(0, indexOf(snapshot) + 1);
        List<FakeSnapshot> taken = List.copyOf(head);
        head.clear();
        taken.forEach(s -> byLabel.remove(s.label()));
        return taken;
    }

    void putFirst(List<FakeSnapshot> older) {
        snapshots.addAll(0, older);
        older.forEach(s -> byLabel.put(s.label(), s));
    }

    private void recount() {
        used = 0;
        for (int i = 0; i < snapshots.size(); i++) {
            FakeSnapshot snapshot = snapshots.get(i);
            snapshot.written(snapshot.contents().writtenSince(before(i)));
            used += snapshot.written();
        }
        used += written();
    }

    private long before(int index) {
        return index == 0 ? floor : snapshots.get(index - 1).createtxg();
    }

    private int indexOf(FakeSnapshot snapshot) {
        int index = indexAfter(snapshot.createtxg()) - 1;
        if (index < 0 || snapshots.get(index) != snapshot) {
            throw new AssertionError(snapshot.name() + " is not in its timeline");
        }
        return index;
    }

    private int indexAfter(long txg) {
        int low = 0;
        int high = snapshots.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (snapshots.get(middle).createtxg() <= txg) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
