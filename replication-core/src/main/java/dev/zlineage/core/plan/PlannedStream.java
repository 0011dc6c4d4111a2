// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One stream. Before it, the target's newest snapshot of the source is the base; after it, the target holds every arriving
 * snapshot, by GUID.
 *
 * @param send what is sent
 * @param receive how it is received
 * @param base the GUID that the target must hold; empty for a full stream
 * @param arriving the snapshots that it brings, from old to new
 * @param saved bytes of it that the target keeps from a stream that was cut, and that are not sent again
 * @param estimate how many bytes the source guesses that it will have, where it was asked; the guess can be far off
 */
public record PlannedStream(
        SendStream send,
        ReceiveStream receive,
        Optional<Guid> base,
        List<Snapshot> arriving,
        long saved,
        OptionalLong estimate) {

    /** Copies the list. */
    public PlannedStream {
        arriving = List.copyOf(arriving);
    }

    /** One of which nobody asked the size. */
    PlannedStream(SendStream send, ReceiveStream receive, Optional<Guid> base, List<Snapshot> arriving, long saved) {
        this(send, receive, base, arriving, saved, OptionalLong.empty());
    }

    /** The same of a known size. */
    PlannedStream estimated(long bytes) {
        return new PlannedStream(send, receive, base, arriving, saved, OptionalLong.of(bytes));
    }

    /**
     * The snapshot that the target ends in.
     *
     * @return the last that arrives
     */
    public Snapshot last() {
        return arriving.get(arriving.size() - 1);
    }
}
