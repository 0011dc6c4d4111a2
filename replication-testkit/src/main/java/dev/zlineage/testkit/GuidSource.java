// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.util.SplittableRandom;

/** Seeded chance: GUIDs of 64 bits, never zero, about half of them above 2^63. Not thread-safe. */
final class GuidSource {

    private final SplittableRandom random;

    GuidSource(long seed) {
        this.random = new SplittableRandom(seed);
    }

    long next() {
        long bits = random.nextLong();
        return bits == 0 ? next() : bits;
    }

    /** How far a transaction group moves the counter: real pools skip some. */
    int step() {
        return random.nextInt(1, 4);
    }
}
