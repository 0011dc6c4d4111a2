// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.mark;

import dev.zlineage.core.zfs.Guid;
import java.util.Optional;

/**
 * What pruning writes on copies, version 1 of {@code docs/on-pool-format.md}. A value carries the GUID of the dataset that it
 * speaks of; read on another one, it was inherited or travelled, and does not count.
 */
public final class CopyMark {

    /** The user property of a dataset that is known as a copy: {@code 1 <own GUID> <GUID of its
     * source>-<GUID of the source that the replication begins at>}. */
    public static final String COPY = "zlineage:copy";

    /** The user property of a copy whose source is gone: {@code 1 <own GUID> <seconds since 1970>}. */
    public static final String GONE = "zlineage:gone";

    /** The user property of a copy whose last snapshots are being destroyed: {@code 1 <own GUID> <bytes that it refers to>}. */
    public static final String EMPTIED = "zlineage:emptied";

    private CopyMark() {}

    /**
     * The value of {@link #COPY}.
     *
     * @param own the GUID of the dataset that carries it
     * @param source that of the dataset that it is a copy of
     * @param root that of the source of the whole replication: copies that another one brought are none of ours
     * @return the value
     */
    public static String copy(Guid own, Guid source, Guid root) {
        return "1 " + own.hex() + " " + source.hex() + "-" + root.hex();
    }

    /**
     * The value of {@link #GONE}.
     *
     * @param own the GUID of the dataset that carries it
     * @param seconds since 1970, when its source was first seen to be gone
     * @return the value
     */
    public static String gone(Guid own, long seconds) {
        return "1 " + own.hex() + " " + seconds;
    }

    /**
     * The value of {@link #EMPTIED}.
     *
     * @param own the GUID of the dataset that carries it
     * @param referenced bytes that it refers to
     * @return the value
     */
    public static String emptied(Guid own, long referenced) {
        return "1 " + own.hex() + " " + referenced;
    }

    /**
     * Reads a value of {@link #COPY}.
     *
     * @param value the property's value
     * @param own the GUID of the dataset that it was read on
     * @param root the GUID that the source of the replication has now
     * @return the GUID of the source; empty where it does not count, also because another replication wrote it, or this one
     *     while its source was another dataset
     */
    public static Optional<Guid> source(String value, Guid own, Guid root) {
        return SetAside.read(value, own)
                .filter(guids -> guids.matches("[0-9a-f]{16}-" + root.hex()))
                .map(guids -> new Guid(Long.parseUnsignedLong(guids.substring(0, 16), 16)));
    }

    /**
     * Reads a value of {@link #GONE} or {@link #EMPTIED}.
     *
     * @param value the property's value
     * @param own the GUID of the dataset that it was read on
     * @return seconds since 1970, or bytes; empty where it does not count
     */
    public static Optional<Long> number(String value, Guid own) {
        return SetAside.read(value, own)
                .filter(seconds -> seconds.matches("[0-9]{1,18}"))
                .map(Long::valueOf);
    }
}
