// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.util.Optional;

/** A stream that a host can be asked to send. */
public sealed interface SendStream {

    /**
     * In which form it is sent.
     *
     * @return empty for a stream that is carried on: its token knows
     */
    default Optional<StreamMode> form() {
        if (this instanceof Full full) {
            return Optional.of(full.mode());
        }
        if (this instanceof Increment increment) {
            return Optional.of(increment.mode());
        }
        return this instanceof Series series ? Optional.of(series.mode()) : Optional.empty();
    }

    /**
     * Everything up to one snapshot, which a new dataset can be received from.
     *
     * @param to the snapshot
     * @param mode in which form
     */
    record Full(SnapshotName to, StreamMode mode) implements SendStream {}

    /**
     * The difference between two points, which brings one snapshot: {@code zfs send -i}.
     *
     * @param base a snapshot or bookmark that the receiver has the snapshot of
     * @param to a later snapshot of the same dataset
     * @param mode in which form
     */
    record Increment(PointName base, SnapshotName to, StreamMode mode) implements SendStream {}

    /**
     * The differences from one snapshot to a later one and each between them: {@code zfs send -I}. Snapshots that were
     * destroyed in the meantime are left out without a word, so the receiver has to be looked at afterwards.
     *
     * @param base a snapshot that the receiver has
     * @param to a later snapshot of the same dataset
     * @param mode in which form
     */
    record Series(SnapshotName base, SnapshotName to, StreamMode mode) implements SendStream {}

    /**
     * The rest of a stream that was cut: {@code zfs send -t}. It brings one snapshot, however many the cut stream was to
     * bring.
     *
     * @param token what the receiver kept
     */
    record Resume(Dataset.ResumeToken token) implements SendStream {}
}
