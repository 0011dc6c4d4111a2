// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * That the differential test bites: the fake with a mistake in its source, against the fake without it, which stands for real
 * OpenZFS since it agrees with it.
 */
@Tag("once")
@DisplayName("the differential test")
class SeededMistakesTest {

    /** As many begin with each of the stories once. */
    private static final int PROGRAMS = Stories.COUNT;

    @Test
    @DisplayName("finds each mistake that is made in the fake, within its first programs")
    void findsEach() {
        Map<SeededMistake, Long> found = new EnumMap<>(SeededMistake.class);
        for (SeededMistake mistake : SeededMistake.values()) {
            Comparison comparison = new Comparison(FakeSide::new, MistakenFake.with(mistake));
            LongStream.rangeClosed(1, PROGRAMS)
                    .filter(seed ->
                            comparison.makeUp(seed, DifferentialTest.STEPS).isPresent())
                    .findFirst()
                    .ifPresent(seed -> found.put(mistake, seed));
        }
        int all = SeededMistake.values().length;
        String report = "found " + found.size() + " of " + all + " seeded mistakes in " + PROGRAMS + " programs of "
                + DifferentialTest.STEPS + " steps; by the program of seed: " + found;
        System.out.println(report);
        assertThat(found).as(report).hasSize(all);
    }
}
