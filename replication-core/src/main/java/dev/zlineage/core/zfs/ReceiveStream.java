// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a stream is to be received.
 *
 * @param target the dataset to receive into. Its name may have at most {@value #MAX_TARGET_BYTES} bytes: OpenZFS up to
 *     2.3.2 panics on longer ones, since it receives into a hidden child named {@code %recv}
 * @param resumable whether an interrupted receive leaves a resume token ({@code -s}) rather than nothing
 * @param mount whether the filesystem is mounted afterwards (without it: {@code -u})
 * @param set properties to set locally ({@code -o})
 * @param exclude properties of the stream to leave out ({@code -x})
 * @param origin where the stream is a clone's: the snapshot to receive it on ({@code -o origin=})
 * @param overwriteEmpty whether a full stream may replace the target ({@code -F}). Only for a target that was just shown
 *     to hold neither snapshots nor data; with an increment it would roll back and destroy without a word, and is
 *     refused
 */
public record ReceiveStream(
        DatasetName target,
        boolean resumable,
        boolean mount,
        Map<String, String> set,
        Set<String> exclude,
        Optional<SnapshotName> origin,
        boolean overwriteEmpty) {

    /** The longest name of a dataset that may ever be given to {@code zfs receive}. */
    public static final int MAX_TARGET_BYTES = 249;

    /**
     * Checks the length of the target's name.
     *
     * @throws InvalidNameException if it is too long to be received into
     */
    public ReceiveStream {
        Names.check("target of a replication", target.value(), MAX_TARGET_BYTES);
        set = Map.copyOf(set);
        exclude = Set.copyOf(exclude);
    }

    /**
     * A receive that is not mounted, not resumable, sets and leaves out nothing and replaces nothing.
     *
     * @param target the dataset to receive into
     * @return the plainest receive there is
     */
    public static ReceiveStream into(DatasetName target) {
        return new ReceiveStream(target, false, false, Map.of(), Set.of(), Optional.empty(), false);
    }

    /**
     * The same with a property set.
     *
     * @param property its name
     * @param value its value
     * @return a changed copy
     */
    public ReceiveStream with(String property, String value) {
        Map<String, String> more = new LinkedHashMap<>(set);
        more.put(property, value);
        return new ReceiveStream(target, resumable, mount, more, exclude, origin, overwriteEmpty);
    }
}
