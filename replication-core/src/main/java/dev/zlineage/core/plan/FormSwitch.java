// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.StreamMode;
import java.util.Optional;

/**
 * Streams in another form than the ones before, where OpenZFS would punish that: at once, or by never taking the former one
 * again. Nothing is said where the former one is not known, as of a target that another program began.
 */
final class FormSwitch {

    private FormSwitch() {}

    /** Whether a target was received raw; empty where that is not known. */
    static Optional<Boolean> raw(HostView target, DatasetName name) {
        return Optional.ofNullable(target.received().get(name)).map(StreamMode::raw);
    }

    /** Refuses the first of the streams that would be the switch. */
    static Optional<Decision> refusal(HostView target, Dataset from, ReceiveStream receive, StreamMode now) {
        DatasetName holder = receive.origin().map(SnapshotName::dataset).orElse(receive.target());
        StreamMode before = target.received().get(holder);
        if (before == null) {
            return Optional.empty();
        }
        if (from.encryption().isPresent() && before.raw() && !now.raw()) {
            return Optional.of(
                    refuse(
                            "the target was received raw, and would now get streams that are not, after which OpenZFS takes no raw"
                                    + " one ever again",
                            "leave the choice of an encryption out (--encryption), so that it goes on raw, or choose another target"));
        }
        if (from.encryption().isPresent() && !before.raw() && now.raw()) {
            return Optional.of(refuse(
                    "the target was not received raw, and OpenZFS takes no raw stream on top of that",
                    "choose the encryption that it was begun with (--encryption), or another target"));
        }
        return before.largeBlocks() && !now.largeBlocks()
                ? Optional.of(refuse(
                        "the target was received with large blocks, of which its source makes some, and would now get streams"
                                + " that split them, which OpenZFS refuses",
                        "let large blocks go along (large-block: true, without --no-large-blocks), or choose another"
                                + " target"))
                : Optional.empty();
    }

    private static Decision refuse(String why, String wayOut) {
        return Refusals.refuse(Decision.Reason.FORM_CHANGED, why, wayOut);
    }
}
