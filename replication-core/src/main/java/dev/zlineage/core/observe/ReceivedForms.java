// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * In which form targets were received last: one command for all of them, and only where a change of it would be punished, which
 * is where what is sent is encrypted, or large blocks are left out; and one on the source where that may be a change.
 */
final class ReceivedForms {

    /** What is longer travels whole only by {@code zfs send -L}. */
    private static final long LARGE = 128 * 1024;

    private final ReplicationRequest request;
    private final HostView source;
    private final Map<DatasetName, History> targets;

    ReceivedForms(ReplicationRequest request, HostView source, Map<DatasetName, History> targets) {
        this.request = request;
        this.source = source;
        this.targets = targets;
    }

    /**
     * What is not known is absent. Large blocks count where the source makes some: OpenZFS minds them only in a dataset that holds
     * any, which it does not tell.
     *
     * @throws dev.zlineage.core.zfs.ZfsException if the targets can't be asked: a target that was received raw must not be taken
     *     for one that was not
     */
    Map<DatasetName, StreamMode> on(Zfs target, Zfs from) {
        Map<DatasetName, DatasetName> sourceOf = new TreeMap<>();
        for (Dataset dataset : source.datasets().values()) {
            if (dataset.encryption().isPresent() || !request.form().largeBlocks()) {
                addCopies(dataset.name(), sourceOf);
            }
        }
        Map<DatasetName, StreamMode> received = new HashMap<>();
        if (sourceOf.isEmpty()) {
            return received;
        }
        for (PropertyValue mark : target.execute(
                        new ZfsCommand.GetProperties(List.copyOf(sourceOf.keySet()), List.of(StreamMark.PROPERTY)))
                .orThrow()) {
            StreamMark.read(mark, targets.getOrDefault(mark.dataset(), History.EMPTY))
                    .ifPresent(mode -> received.put(mark.dataset(), mode));
        }
        if (!request.form().largeBlocks()) {
            Set<DatasetName> asked = new TreeSet<>();
            received.forEach((name, mode) -> {
                if (mode.largeBlocks()) {
                    asked.add(sourceOf.getOrDefault(name, name));
                }
            });
            Set<DatasetName> large = asked.isEmpty() ? Set.of() : withLargeBlocks(from, List.copyOf(asked));
            received.replaceAll((name, mode) -> large.contains(sourceOf.getOrDefault(name, name)) ? mode : split(mode));
        }
        return received;
    }

    private static StreamMode split(StreamMode mode) {
        return new StreamMode(false, mode.compressed(), mode.embedded(), mode.raw(), mode.properties());
    }

    /** Nothing is said of what can't be read. */
    private static Set<DatasetName> withLargeBlocks(Zfs from, List<DatasetName> names) {
        Set<DatasetName> large = new HashSet<>();
        if (from.execute(new ZfsCommand.GetProperties(names, List.of("recordsize", "volblocksize")))
                instanceof Answer.Done<List<PropertyValue>> sizes) {
            for (PropertyValue size : sizes.value()) {
                if (size.value().matches("\\d{1,18}") && Long.parseLong(size.value()) > LARGE) {
                    large.add(size.dataset());
                }
            }
        }
        return large;
    }

    /** The copy, and one that is to take its place; those that hold anything. */
    private void addCopies(DatasetName from, Map<DatasetName, DatasetName> names) {
        try {
            DatasetName to = from.rebase(request.source(), request.target());
            if (targets.containsKey(to)) {
                names.put(to, from);
            }
            DatasetName beside = SetAside.incoming(to);
            if (targets.containsKey(beside)) {
                names.put(beside, from);
            }
        } catch (InvalidNameException e) {
            // too long to be there
        }
    }
}
