// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

/** A pool: the counter of its transaction groups and its space. */
final class FakePool {

    private final String name;
    private final long size;
    private final GuidSource guids;
    private long txg;

    FakePool(String name, long size, long firstTxg, GuidSource guids) {
        this.name = name;
        this.size = size;
        this.txg = firstTxg;
        this.guids = guids;
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
