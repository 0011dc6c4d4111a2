// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a run puts up with trouble.
 *
 * @param attempts how often a dataset is tried without getting further; whatever arrives in between starts the count anew.
 *     At least 1
 * @param firstDelay how long to wait before the second attempt; doubled for each further one. Up to half of a wait is left
 *     off by chance, so that what failed together does not come back together
 * @param longestDelay the longest wait
 * @param stall for how long no byte may move before a stream is cut and tried again. A sender that has to skip over much
 *     that did not change moves none for minutes
 * @param deadline how long a run may take; what is under way then is cut and can be carried on
 */
public record Patience(
        int attempts, Duration firstDelay, Duration longestDelay, Duration stall, Optional<Duration> deadline) {

    /** Five attempts, waits from a second to a minute, a quarter of an hour without a byte, no deadline. */
    public static final Patience DEFAULT =
            new Patience(5, Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(15), Optional.empty());

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there is no attempt, or a duration is negative or, for the stall, zero
     */
    public Patience {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts: " + attempts + " is less than 1");
        }
        if (firstDelay.isNegative() || longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("delays: " + firstDelay + " to " + longestDelay + " is no range");
        }
        if (stall.isZero()
                || stall.isNegative()
                || deadline.filter(Duration::isNegative).isPresent()) {
            throw new IllegalArgumentException("stall and deadline must be positive");
        }
    }

    /**
     * The same with another number of attempts.
     *
     * @param number at least 1, which means that nothing is tried again
     * @return a changed copy
     */
    public Patience withAttempts(int number) {
        return new Patience(number, firstDelay, longestDelay, stall, deadline);
    }

    /**
     * The same with another bound for streams that stand still.
     *
     * @param without for how long no byte may move
     * @return a changed copy
     */
    public Patience withStall(Duration without) {
        return new Patience(attempts, firstDelay, longestDelay, without, deadline);
    }

    /**
     * The same with a deadline.
     *
     * @param whole how long a run may take
     * @return a changed copy
     */
    public Patience withDeadline(Duration whole) {
        return new Patience(attempts, firstDelay, longestDelay, stall, Optional.of(whole));
    }

    /** How long to wait after a number of failures in a row, the first being 0. */
    Duration delay(int failures, double chance) {
        double whole = Math.min((double) longestDelay.toNanos(), firstDelay.toNanos() * Math.pow(2, failures));
        return Duration.ofNanos((long) (whole * (1 - chance / 2)));
    }
}
