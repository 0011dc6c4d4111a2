// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the commands of a {@link FakeNas} read and wrote, and where that is to end. */
final class NasTraffic {

    /** One direction. */
    static final class Direction {

        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong limit = new AtomicLong(Long.MAX_VALUE);

        long bytes() {
            return bytes.get();
        }

        /** Cuts the first command that moves more than this, once. */
        void cutAfter(long afterBytes) {
            limit.set(afterBytes);
        }

        /** How many of the next bytes of a command get through; fewer than wanted when the cut is there. */
        int pass(long before, int wanted) {
            long cut = limit.get();
            int passed = wanted;
            if (before + wanted > cut && limit.compareAndSet(cut, Long.MAX_VALUE)) {
                passed = (int) Math.max(0, cut - before);
            }
            bytes.addAndGet(passed);
            return passed;
        }
    }

    final Direction up = new Direction();
    final Direction down = new Direction();
    final AtomicInteger commands = new AtomicInteger();
    final AtomicInteger statusesToLose = new AtomicInteger();
}
