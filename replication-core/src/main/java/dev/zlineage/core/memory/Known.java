// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.memory;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What is remembered of one dataset and its target. The times are those of a monotonic clock of ours, in nanoseconds; no clock of
 * a host is ever compared with it.
 *
 * @param source how the source looked
 * @param sourceSeen when it first looked so
 * @param target how the target looked
 * @param targetSeen when it first looked so
 * @param settled when both histories were read and nothing was found to do; empty where that has yet to be
 * @param warning what has to be said each time all the same; empty for nothing
 */
record Known(
        Fingerprint source,
        long sourceSeen,
        Fingerprint target,
        long targetSeen,
        OptionalLong settled,
        String warning) {

    /**
     * {@code snapshots_changed} counts whole seconds: a second change within one leaves it as it is. Once the same value was seen
     * for longer than that, each later change makes another. Twice the second, because a clock that is being corrected may run
     * slower than ours.
     */
    static final Duration MATURITY = Duration.ofSeconds(2);

    /** The same pair as it looks now, first seen when the parts of it were first seen so. */
    static Known now(Fingerprint source, Fingerprint target, Known before, long now) {
        boolean sameSource = before.source.equals(source) && before.sourceSeen <= now;
        boolean sameTarget = before.target.equals(target) && before.targetSeen <= now;
        boolean same = sameSource && sameTarget;
        return new Known(
                source,
                sameSource ? before.sourceSeen : now,
                target,
                sameTarget ? before.targetSeen : now,
                same ? before.settled : OptionalLong.empty(),
                same ? before.warning : "");
    }

    /** A pair that nothing is known of. */
    static Known first(Fingerprint source, Fingerprint target, long now) {
        return new Known(source, now, target, now, OptionalLong.empty(), "");
    }

    boolean settledWithin(Duration audit, long now) {
        return settled.isPresent() && settled.getAsLong() <= now && now - settled.getAsLong() < audit.toNanos();
    }

    /** The same where the histories are read after {@code now} and there is nothing to do. */
    Known readAt(long now, String said) {
        boolean mature = now - sourceSeen > MATURITY.toNanos() && now - targetSeen > MATURITY.toNanos();
        return new Known(
                source, sourceSeen, target, targetSeen, mature ? OptionalLong.of(now) : OptionalLong.empty(), said);
    }

    Known unsettled() {
        return new Known(source, sourceSeen, target, targetSeen, OptionalLong.empty(), "");
    }
}
