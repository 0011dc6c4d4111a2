// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.Retention;
import dev.zlineage.core.retain.Claim;
import dev.zlineage.core.retain.Lifetime;
import dev.zlineage.core.retain.Link;
import dev.zlineage.core.retain.Owner;
import dev.zlineage.core.retain.RetentionPlan;
import dev.zlineage.core.retain.RetentionPolicy;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.retain.Tie;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * What the retention of a life wants, on both sides. It owns the snapshots that runs take, and those of people that have an even
 * number; those of an odd one are nobody's.
 */
final class Keeping {

    private static final String TASK = "copy";
    private static final String REGEX = "s\\d?[02468]|taken\\d+";
    private static final Pattern OWNED = Pattern.compile(REGEX);
    private static final Claim CLAIM = new Claim.Matching(REGEX);

    private final Mistake mistake;
    private final RetentionPolicy ofSource;
    private final RetentionPolicy ofTarget;
    private final double share;

    Keeping(Mistake mistake, Random random) {
        this.mistake = mistake;
        this.ofSource = byAgeOrNumber(random);
        this.ofTarget = random.nextBoolean() ? new RetentionPolicy.SameAsSource() : byAgeOrNumber(random);
        this.share = random.nextInt(4) == 0 ? RetentionRequest.DEFAULT_SHARE : 1;
    }

    private static RetentionPolicy byAgeOrNumber(Random random) {
        return random.nextBoolean()
                ? new RetentionPolicy.KeepNewest(1 + random.nextInt(4))
                : new RetentionPolicy.Lifetimes(new Lifetime(Period.ZERO, Duration.ofSeconds(1 + random.nextInt(20))));
    }

    /** Whether retention has a say about a snapshot, told without asking it. */
    static boolean owns(String label) {
        return OWNED.matcher(label).matches();
    }

    Retention door(Link.Role role, Zfs nas, Zfs vault) {
        boolean sends = role == Link.Role.SENDS;
        Retention retention = Retention.on(sends ? nas : vault);
        return mistake.knowsReplications()
                ? retention.tied(
                        new Tie(TASK, role, root(role), sends ? Universe.COPY : Universe.DATA, Optional.empty()),
                        sends ? vault : nas)
                : retention;
    }

    RetentionPlan plan(Retention door, Link.Role role, Instant now) {
        Claim claim = mistake.knowsOthers() ? CLAIM : new Claim.All();
        RetentionPolicy policy = role == Link.Role.SENDS ? ofSource : ofTarget;
        return door.plan(
                new RetentionRequest(List.of(new Owner(TASK, name -> true, claim, policy)), now, ZoneOffset.UTC)
                        .withMaximumShare(share),
                List.of(root(role)));
    }

    private static DatasetName root(Link.Role role) {
        return role == Link.Role.SENDS ? Universe.DATA : Universe.COPY;
    }
}
