// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.mark.CopyMark;
import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the streams of one dataset are received: what is set on the target, and which of the properties that come along it
 * does not take.
 *
 * @param request what was asked for
 * @param names what is ours on the target
 * @param kind of the source and of the target
 * @param raw whether the streams are
 */
record Reception(ReplicationRequest request, OnPoolNames names, DatasetKind kind, boolean raw) {

    static Reception of(ReplicationRequest request, OnPoolNames names, Dataset from, boolean raw) {
        return new Reception(request, names, from.kind(), raw);
    }

    /** The first stream, into a new target or in the place of one that holds nothing. */
    ReceiveStream first(DatasetName to, boolean overwriteEmpty) {
        Map<String, String> set = overrides();
        guards().forEach(set::putIfAbsent);
        set.putAll(encryption(to));
        return new ReceiveStream(to, true, false, set, Set.of(), Optional.empty(), overwriteEmpty);
    }

    /** A stream into a target that was begun. */
    ReceiveStream next(DatasetName to, boolean overwriteEmpty) {
        return new ReceiveStream(to, true, false, overrides(), Set.of(), Optional.empty(), overwriteEmpty);
    }

    /**
     * The same, of a stream that has properties. What the target is guarded by is set again: the first such stream into a
     * target takes away all that was set on it.
     */
    ReceiveStream withProperties(ReceiveStream plain) {
        ReceiveStream receive = plain;
        for (Map.Entry<String, String> guard : new TreeMap<>(guards()).entrySet()) {
            receive =
                    plain.set().containsKey(guard.getKey()) ? receive : receive.with(guard.getKey(), guard.getValue());
        }
        Map<String, String> set = receive.set();
        Set<String> exclude = new TreeSet<>(request.properties().notTaken());
        exclude.addAll(Set.of(
                SetAside.SWAP, SetAside.ASIDE, CopyMark.COPY, CopyMark.GONE, CopyMark.EMPTIED, StreamMark.PROPERTY));
        if (raw) {
            exclude.remove("encryption"); // it is what a raw stream consists of
        } else {
            // without that, what is not encrypted would stay so below a dataset that is
            exclude.add("encryption");
        }
        exclude.removeIf(name -> set.containsKey(name) || !PropertyKind.applies(name, kind));
        return receive.without(exclude);
    }

    /** The root of a tree that has a key of its own gets it; what is below inherits. */
    Map<String, String> encryption(DatasetName to) {
        return TargetEncryption.properties(request, names, to);
    }

    private Map<String, String> overrides() {
        Map<String, String> set = new TreeMap<>(request.properties().set());
        set.keySet().removeIf(name -> !PropertyKind.applies(name, kind));
        return set;
    }

    /** Nobody writes to a replica, and no host looks for partitions in the copy of a volume. */
    private Map<String, String> guards() {
        if (request.readonly() == ReadonlyPolicy.IGNORE) {
            return Map.of();
        }
        return kind == DatasetKind.VOLUME ? Map.of("readonly", "on", "volmode", "none") : Map.of("readonly", "on");
    }
}
