// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lives of two hosts, drawn by chance. A seed that fails is named in the message, with the steps before; {@code -Dsimulation.seed}
 * lives it again.
 */
@Tag("once")
class SimulationTest {

    private static final long SEED = Long.getLong("simulation.seed", 1);

    /** After so many lives that failed there is something to do. */
    private static final int ENOUGH = 20;

    /** So many lives at most, until a mistake shows. */
    private static final int PATIENCE = 200;

    @Test
    void whateverGoesWrongNothingIsLost() throws InterruptedException {
        lives(Integer.getInteger("simulation.lives", 25), Long.MAX_VALUE);
    }

    @Test
    @Tag("long")
    void aMillionStepsAndNothingIsLost() throws InterruptedException {
        lives(Integer.MAX_VALUE, Long.getLong("simulation.steps", 1_000_000));
    }

    /** Snapshots, replication and retention by their schedules, in a process that dies and is started again. */
    @Test
    void whateverGoesWrongAServiceComesBack() throws InterruptedException {
        serviceLives(Integer.getInteger("simulation.lives", 25));
    }

    @Test
    @Tag("long")
    void aThousandLivesOfAService() throws InterruptedException {
        serviceLives(1000);
    }

    private static void serviceLives(int most) throws InterruptedException {
        long steps = 0;
        long destroyed = 0;
        Map<Mishap, Integer> mishaps = new TreeMap<>();
        Map<Long, Throwable> violations = new TreeMap<>();
        for (long seed = SEED; seed < SEED + most && violations.size() < ENOUGH; seed++) {
            try {
                Chronicle chronicle = ServiceLife.live(seed, Mistake.NONE);
                steps += chronicle.steps();
                destroyed += chronicle.destroyed;
                chronicle.mishaps.forEach((mishap, count) -> mishaps.merge(mishap, count, Integer::sum));
            } catch (Witness.Violation | RuntimeException e) {
                violations.put(seed, e);
                System.out.println("service: seed " + seed + ": " + firstLine(e));
            }
        }
        System.out.println("service: " + most + " lives from seed " + SEED + ", " + steps + " steps, "
                + (violations.isEmpty() ? "no violation" : "violations: " + violations.keySet()) + "; mishaps: "
                + mishaps + "; retention destroyed " + destroyed + " snapshots");
        for (Map.Entry<Long, Throwable> first : violations.entrySet()) {
            throw new AssertionError(
                    "seed " + first.getKey() + ": " + first.getValue().getMessage(), first.getValue());
        }
        if (most > 1) {
            assertThat(mishaps).containsKeys(Mishap.DEATH, Mishap.CUT, Mishap.STALL, Mishap.LOST_ANSWER);
            assertThat(destroyed).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_RELEASE", "RETENTION_OF_RANGES", "RETENTION_OF_THE_NEWEST"})
    void aMistakeOfAServiceIsFound(Mistake mistake) throws InterruptedException {
        found(mistake, seed -> ServiceLife.live(seed, mistake));
    }

    /** An engine that made that mistake would be found out. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aMistakeIsFound(Mistake mistake) throws InterruptedException {
        found(mistake, seed -> Life.live(seed, mistake));
    }

    private interface Lived {
        Chronicle live(long seed) throws InterruptedException;
    }

    private static void found(Mistake mistake, Lived life) throws InterruptedException {
        for (int i = 0; i < PATIENCE; i++) {
            try {
                life.live(i + 1);
            } catch (Witness.Violation found) {
                return;
            }
        }
        throw new AssertionError(mistake + " was not found in " + PATIENCE + " lives");
    }

    private static void lives(int most, long enough) throws InterruptedException {
        long steps = 0;
        long destroyed = 0;
        long seed = SEED;
        Map<Mishap, Integer> mishaps = new TreeMap<>();
        Map<Mishap, Integer> retentions = new TreeMap<>();
        Map<Long, Throwable> violations = new TreeMap<>();
        for (; seed < SEED + most && steps < enough && violations.size() < ENOUGH; seed++) {
            try {
                Chronicle chronicle = Life.live(seed, Mistake.NONE);
                steps += chronicle.steps();
                destroyed += chronicle.destroyed;
                chronicle.mishaps.forEach((mishap, count) -> mishaps.merge(mishap, count, Integer::sum));
                chronicle.retentions.forEach((mishap, count) -> retentions.merge(mishap, count, Integer::sum));
            } catch (Witness.Violation | RuntimeException e) {
                violations.put(seed, e);
                System.out.println("simulation: seed " + seed + ": " + firstLine(e));
            }
        }
        System.out.println("simulation: " + (seed - SEED) + " lives, seeds " + SEED + " to " + (seed - 1) + ", " + steps
                + " steps, " + (violations.isEmpty() ? "no violation" : "violations: " + violations.keySet())
                + "; runs by what went wrong: " + mishaps + "; runs of retention: " + retentions
                + ", which destroyed " + destroyed + " snapshots");
        if (!violations.isEmpty()) {
            Map.Entry<Long, Throwable> first = violations.entrySet().iterator().next();
            throw new AssertionError(
                    "seeds " + violations.keySet() + "; seed " + first.getKey() + ": "
                            + first.getValue().getMessage(),
                    first.getValue());
        }
        if (most > 1) {
            assertThat(mishaps).hasSize(Mishap.values().length);
            assertThat(retentions).hasSize(Mishap.OF_RETENTION.size());
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }
}
