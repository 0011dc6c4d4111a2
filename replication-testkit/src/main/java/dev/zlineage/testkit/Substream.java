// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

/**
 * The part of a stream that brings one snapshot.
 *
 * @param base the name of the base; empty for a full stream
 * @param begin what it says of itself
 * @param contents what the snapshot holds
 * @param since the transaction group of the base
 */
record Substream(String base, Begin begin, Contents contents, long since) {

    private static final long HEADERS = 624;

    long estimate() {
        long sum = HEADERS;
        for (Block block : contents.since(since).values()) {
            sum += block.size();
        }
        return sum;
    }
}
