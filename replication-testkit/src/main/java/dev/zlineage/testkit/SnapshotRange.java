// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which snapshots of a dataset {@code zfs destroy} means by what stands behind the {@code @}. */
final class SnapshotRange {

    private SnapshotRange() {}

    /**
     * Finds them.
     *
     * @param which labels and ranges, with commas between them: {@code 1,3%5,%2,7%}. What is not there is left out, and so is a
     *     range one end of which is not there
     */
    static Set<FakeSnapshot> of(Timeline timeline, String which) {
        Set<FakeSnapshot> found = new LinkedHashSet<>();
        for (String part : which.split(",", -1)) {
            int percent = part.indexOf('%');
            if (percent >= 0) {
                found.addAll(between(timeline, part.substring(0, percent), part.substring(percent + 1)));
            } else {
                FakeSnapshot single = timeline.get(part);
                if (single != null) {
                    found.add(single);
                }
            }
        }
        return found;
    }

    private static List<FakeSnapshot> between(Timeline timeline, String first, String last) {
        List<FakeSnapshot> all = timeline.snapshots();
        int from = first.isEmpty() ? 0 : all.indexOf(timeline.get(first));
        int to = last.isEmpty() ? all.size() - 1 : all.indexOf(timeline.get(last));
        return from < 0 || to < from ? List.of() : List.copyOf(all.subList(from, to + 1));
    }
}
