// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Consent to what plans destroy, by a token that somebody who has seen it gives back: plans that destroy the same have
 * the same token, and whatever else they destroy makes another one. A snapshot counts by its GUID, what was written by its bytes.
 *
 * @param lost what may be destroyed
 */
public record Approval(Set<String> lost) {

    private static final int DIGITS = 16;

    /** Copies the set. */
    public Approval {
        lost = Set.copyOf(lost);
    }

    /**
     * Consent to some plans.
     *
     * @param plans what was looked at
     * @return consent to all that they destroy, and to nothing else
     */
    public static Approval of(Collection<ReplicationPlan> plans) {
        return new Approval(plans.stream().flatMap(plan -> lost(plan).stream()).collect(Collectors.toSet()));
    }

    /**
     * Whether a plan destroys nothing but what this is consent to.
     *
     * @param plan another plan, or the same
     * @return true also for one that destroys nothing
     */
    public boolean covers(ReplicationPlan plan) {
        return lost.containsAll(lost(plan));
    }

    /**
     * Whether this is consent to some losses.
     *
     * @param what each of them, as retention and pruning tell it with the name of the host
     * @return true also for none
     */
    public boolean covers(Collection<String> what) {
        return lost.containsAll(what);
    }

    /**
     * Consent to more.
     *
     * @param what each loss, as retention and pruning tell it with the name of the host
     * @return consent to both
     */
    public Approval and(Collection<String> what) {
        Set<String> both = new HashSet<>(lost);
        both.addAll(what);
        return new Approval(both);
    }

    /**
     * What stands for it on a command line.
     *
     * @return 16 hexadecimal digits; empty where nothing is destroyed
     */
    public Optional<String> token() {
        SortedSet<String> sorted = new TreeSet<>(lost);
        return sorted.isEmpty() ? Optional.empty() : Optional.of(digest(String.join("\0", sorted)));
    }

    private static Set<String> lost(ReplicationPlan plan) {
        return plan.destroys().stream()
                .map(what -> plan.targetHost() + " " + what)
                .collect(Collectors.toSet());
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
