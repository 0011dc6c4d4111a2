// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.ReceiveStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Leaves out the mark of the form of a stream where the user may not set it: nothing is lost but that the form is not known. */
final class StreamMarks {

    private StreamMarks() {}

    static DatasetPlan permitted(DatasetPlan dataset, Rights onTarget, HostView target) {
        DatasetName on = dataset.receiver();
        Need mark = Need.of(Permissions.toSet(StreamMark.PROPERTY), on, Preflight.there(on, target));
        boolean marked =
                dataset.streams().stream().anyMatch(s -> s.receive().set().containsKey(StreamMark.PROPERTY));
        return !marked || onTarget.missing(List.of(mark)).isEmpty()
                ? dataset
                : dataset.with(dataset.streams().stream()
                        .map(s -> new PlannedStream(
                                s.send(), unmarked(s.receive()), s.base(), s.arriving(), s.saved(), s.estimate()))
                        .toList());
    }

    private static ReceiveStream unmarked(ReceiveStream receive) {
        Map<String, String> set = new TreeMap<>(receive.set());
        set.remove(StreamMark.PROPERTY);
        return new ReceiveStream(
                receive.target(),
                receive.resumable(),
                receive.mount(),
                set,
                receive.exclude(),
                receive.origin(),
                receive.overwriteEmpty());
    }
}
