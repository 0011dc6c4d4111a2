// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.StreamMode;
import java.util.ArrayList;
import java.util.List;

/** What a plan needs on the source. Taking snapshots needs the permission on each dataset, or none is taken. */
final class SourceNeeds {

    private SourceNeeds() {}

    /** Whether anything is done with the dataset on the source. */
    static boolean marks(DatasetPlan dataset) {
        return dataset.sends()
                || !dataset.bookmarks().isEmpty()
                || !dataset.obsolete().isEmpty()
                || !dataset.release().isEmpty();
    }

    /** What taking the snapshot needs; it is granted once, above all of them. */
    static List<Need> toSnapshot(ReplicationPlan plan) {
        DatasetName root = plan.request().source();
        return plan.snapshot().isEmpty()
                ? List.of()
                : plan.datasets().stream()
                        .map(d -> Need.of("snapshot", d.source(), root))
                        .toList();
    }

    /** Who may send raw only can send what is encrypted as it is; OpenZFS knows that permission since 2.4. */
    static List<Need> toSend(DatasetPlan dataset) {
        if (!dataset.sends()) {
            return List.of();
        }
        // what carries on is as raw as what was cut, which only the token tells: either permission is let through
        boolean raw = dataset.streams().stream()
                .allMatch(s -> s.send().form().map(StreamMode::raw).orElse(true));
        List<String> anyOf = raw ? List.of("send", "send:raw") : List.of("send");
        return List.of(new Need(anyOf, dataset.source(), dataset.source()));
    }

    /** What bookmarks and holds need; without it a dataset is sent all the same. */
    static List<Need> toContinue(DatasetPlan dataset) {
        List<Need> needs = new ArrayList<>();
        DatasetName on = dataset.source();
        if (!dataset.bookmarks().isEmpty()) {
            needs.add(Need.of("bookmark", on, on));
        }
        if (dataset.sends()) {
            needs.add(Need.of("hold", on, on));
        }
        if (dataset.sends() || !dataset.release().isEmpty()) {
            needs.add(Need.of("release", on, on));
        }
        if (!dataset.bookmarks().isEmpty() || !dataset.obsolete().isEmpty()) {
            // the bookmark made now is replaced by a later run; unlike a snapshot's, its end does not need mount too
            needs.add(Need.of("destroy", on, on));
        }
        return needs;
    }
}
