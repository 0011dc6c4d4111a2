// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a stream is to be received.
 *
 * <p>What comes with a stream with properties replaces what came with the one before, and is in effect where the target has
 * nothing that was set on it. The first such stream into a target takes away all that was set on it before. A new target of a stream with properties, not raw, is not encrypted, whatever lies above it,
 * unless {@code encryption} is excluded.
 *
 * @param target the dataset to receive into. Its name may have at most {@value #MAX_TARGET_BYTES} bytes: OpenZFS up to
 *     2.3.2 panics on longer ones, since it receives into a hidden child named {@code %recv}
 * @param resumable whether an interrupted receive leaves a resume token ({@code -s}) rather than nothing
 * @param mount whether the filesystem is mounted afterwards (without it: {@code -u})
 * @param set properties to set locally ({@code -o}); one that does not apply to the kind of dataset fails the receive
 * @param exclude properties of the stream to leave out ({@code -x}), whether it has them or not. They are inherited then,
 *     also after later streams, or as they are where they were set on the target; of a property that can't be inherited,
 *     this stream's value alone is left out
 * @param origin where the stream is a clone's: the snapshot to receive it on ({@code -o origin=}); not with a stream with
 *     properties
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
     * Checks the length of the target's name, and that nothing is set and left out.
     *
     * @throws InvalidNameException if the name is too long to be received into
     * @throws IllegalArgumentException if a property is to be set and to be left out
     */
    public ReceiveStream {
        Names.check("target of a replication", target.value(), MAX_TARGET_BYTES);
        set = Map.copyOf(set);
        exclude = Set.copyOf(exclude);
        for (String property : exclude) {
            if (set.containsKey(property)) {
                throw new IllegalArgumentException("'" + property + "' can't be set and left out");
            }
        }
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

    /**
     * The same with properties left out.
     *
     * @param properties their names
     * @return a changed copy
     * @throws IllegalArgumentException if one of them is set
     */
    public ReceiveStream without(Set<String> properties) {
        Set<String> more = new HashSet<>(exclude);
        more.addAll(properties);
        return new ReceiveStream(target, resumable, mount, set, more, origin, overwriteEmpty);
    }
}
