// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.retain.Lifetime;
import dev.zlineage.core.retain.RetentionPolicy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What becomes of the snapshots of a target.
 *
 * @param policy by which rule
 * @param keep with {@link Policy#CUSTOM}, how long those are kept that no other lifetime matches
 * @param lifetimes with {@link Policy#CUSTOM}, by name, how long others are kept
 */
public record TargetRetention(
        Policy policy, Optional<Lifetime> keep, Map<String, RetentionPolicy.Scheduled> lifetimes) {

    /** By which rule. */
    public enum Policy {
        /** What the source has no more goes. */
        SOURCE,
        /** Each goes when its time is over. */
        CUSTOM,
        /** Everything stays. */
        NONE
    }

    /** Everything stays. */
    public static final TargetRetention KEEP_ALL = new TargetRetention(Policy.NONE, Optional.empty(), Map.of());

    /** Copies the map, in an order that is the same in each JVM. */
    public TargetRetention {
        lifetimes = Collections.unmodifiableMap(new TreeMap<>(lifetimes));
    }

    /** Appends what can't be meant. */
    void check(Checks checks) {
        if (policy == Policy.CUSTOM && keep.isEmpty()) {
            checks.refuse("lifetime", "", "custom retention needs it", "say how long, such as P14D");
        }
        if (policy != Policy.CUSTOM) {
            keep.ifPresent(value -> checks.refuse(
                    "lifetime",
                    value,
                    "only custom retention has lifetimes",
                    "remove it, or set retention-policy: custom"));
            if (!lifetimes.isEmpty()) {
                checks.refuse(
                        "lifetimes",
                        List.copyOf(lifetimes.keySet()),
                        "only custom retention has lifetimes",
                        "remove them, or set retention-policy: custom");
            }
        }
    }
}
