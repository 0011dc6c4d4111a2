// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.select.NamingSchemas;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private static final DatasetName COPY = DatasetName.of("backup/data");
    private static final History SOURCE = History.parse("@d-2026-03-01_00-00 @d-2026-03-02_00-00 @own"
            + " @d-2026-03-03_00-00 #d-2026-03-03_00-00 @d-2026-03-08_00-00 @d-2026-03-09_00-00");
    private static final Claim DAILY = new Claim.Named(NamingSchemas.strict("d-%Y-%m-%d_%H-%M"));

    private static Arrivals arrivals(RetentionPolicy policy, int base) {
        return Arrivals.of(
                new RetentionRequest(
                        List.of(new Owner("copy", d -> true, DAILY, policy)),
                        Instant.parse("2026-03-10T00:00:00Z"),
                        ZoneOffset.UTC),
                COPY,
                SOURCE,
                new SnapshotSelection.All().in(SOURCE),
                base);
    }

    private static BitSet bits(int... places) {
        BitSet bits = new BitSet();
        for (int place : places) {
            bits.set(place);
        }
        return bits;
    }

    @Test
    void w1WhatRetentionWouldDestroyAtOnceIsNotSent() {
        Arrivals arrivals = arrivals(new RetentionPolicy.Lifetimes(Lifetime.parse("P3D")), -1);
        assertThat(arrivals.sent()).isEqualTo(bits(2, 5, 6));
        assertThat(arrivals.dropped()).containsOnlyKeys(0, 1, 3);
        assertThat(arrivals.dropped().get(0)).contains("copy lets it go", "P3D");
    }

    @Test
    void theNewestIsSentAndWhatLiesUpToTheBaseIsNoConcern() {
        Arrivals arrivals = arrivals(new RetentionPolicy.Lifetimes(Lifetime.parse("PT1H")), 3);
        assertThat(arrivals.sent()).isEqualTo(bits(0, 1, 2, 3, 6));
        assertThat(arrivals(new RetentionPolicy.KeepNewest(2), -1).sent()).isEqualTo(bits(2, 5, 6));
    }

    @Test
    void whatNeedsTheTargetDropsNothing() {
        assertThat(arrivals(new RetentionPolicy.SameAsSource(), -1).dropped()).isEmpty();
        assertThat(arrivals(new RetentionPolicy.Never(), -1).dropped()).isEmpty();
    }
}
