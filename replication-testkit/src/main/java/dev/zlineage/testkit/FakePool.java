// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.ZfsVersion;
import java.util.HashSet;
import java.util.Set;

/** A pool: the counter of its transaction groups, its space and its features. */
final class FakePool {

    private final String name;
    private final long size;
    private final GuidSource guids;
    private final Set<String> disabled = new HashSet<>();
    private final ZfsVersion version;
    private long txg;

    FakePool(String name, long size, long firstTxg, GuidSource guids, ZfsVersion version) {
        this.version = version;
        this.name = name;
        this.size = size;
        this.txg = firstTxg;
        this.guids = guids;
    }

    /** Features that nobody has enabled. */
    Set<String> disabled() {
        return disabled;
    }

    /** The OpenZFS that has it imported. */
    ZfsVersion version() {
        return version;
    }

    String name() {
        return name;
    }

    long size() {
        return size;
    }

    /** A new transaction group, later than all before it. */
    long nextTxg() {
        txg += guids.step();
        return txg;
    }
}
