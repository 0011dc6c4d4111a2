// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.it.differential.Comparison.Divergence;
import dev.zlineage.it.lab.GuestShell;
import dev.zlineage.it.lab.LabGuest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Programs made up by chance, on the fake and on real OpenZFS: what each step answers and what there is after it has to be
 * the same. {@code -Ddifferential.seed=N} runs the program of that seed alone.
 */
@Tag("lab")
@DisplayName("the fake and real OpenZFS")
class DifferentialTest {

    private static final int STEPS = 25;

    @Test
    @DisplayName("do the same, step by step")
    void same() {
        long random = Long.getLong("differential.seed", new Random().nextLong());
        int count = Integer.getInteger("differential.programs", 8);
        compare(LongStream.concat(
                        LongStream.rangeClosed(1, count),
                        LongStream.iterate(random, seed -> seed + 1).limit(count))
                .toArray());
    }

    private static void compare(long... seeds) {
        List<String> found = new ArrayList<>();
        try (GuestShell shell = LabGuest.shared().shell()) {
            Comparison comparison = new Comparison(FakeSide::new, () -> new LabSide(shell));
            for (long seed : seeds) {
                Optional<Divergence> divergence = comparison.makeUp(seed, STEPS);
                if (divergence.isPresent()) {
                    Divergence shortest = new Shrinker(new Comparison(FakeSide::new, () -> new LabSide(shell)))
                            .shrink(divergence.get());
                    found.add("seed " + seed + "\n" + JavaCode.of(shortest));
                    System.out.println(found.get(found.size() - 1));
                }
            }
            comparison.outcomes().forEach((outcome, count) -> System.out.println(count + " " + outcome));
            System.out.println(
                    comparison.outcomes().values().stream().mapToInt(n -> n).sum() + " steps of " + seeds.length
                            + " programs, " + found.size() + " divergences");
        }
        assertThat(found).isEmpty();
    }
}
