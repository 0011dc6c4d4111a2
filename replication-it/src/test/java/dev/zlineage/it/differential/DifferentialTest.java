// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.it.differential.Comparison.Divergence;
import dev.zlineage.testkit.lab.GuestShell;
import dev.zlineage.testkit.lab.OpenZfsLab;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Programs made up by chance, on the fake and on real OpenZFS: what each step answers, and what there is after some of
 * them, has to be the same. Where it is not, a short program that shows it is printed as a case for the contract suite, and
 * it is the fake that has to be corrected. {@code -Ddifferential.seed=N} puts N in place of the random seed.
 */
@Tag("lab")
@DisplayName("the fake and real OpenZFS, by chance,")
class DifferentialTest {

    private static final int STEPS = 30;

    @Test
    @DisplayName("do the same in programs that are always the same")
    void same() {
        // nothing by chance: what a new program finds must not stop whoever happens to come by
        compare(LongStream.rangeClosed(1, 4));
    }

    @Test
    @Tag("long")
    @DisplayName("do the same in many new programs")
    void sameInMany() {
        compare(LongStream.iterate(chance(), seed -> seed + 1).limit(200));
    }

    @Test
    @Tag("long")
    @DisplayName("do the same in a program for each outcome that the fake knows")
    void sameOutcomes() {
        List<String> found = new ArrayList<>();
        try (GuestShell shell = OpenZfsLab.shared().shell()) {
            Comparison comparison = new Comparison(FakeSide::new, () -> new LabSide(shell));
            for (List<Operation> program : Corpus.of(400, 40)) {
                comparison.run(program, true).map(JavaCode::of).ifPresent(found::add);
            }
        }
        assertThat(found).as(String.join("\n", found)).isEmpty();
    }

    private static long chance() {
        return Long.getLong("differential.seed", new Random().nextInt(1_000_000_000));
    }

    private static void compare(LongStream seeds) {
        List<String> found = new ArrayList<>();
        try (GuestShell shell = OpenZfsLab.shared().shell()) {
            Comparison comparison = new Comparison(FakeSide::new, () -> new LabSide(shell));
            seeds.forEach(seed -> {
                System.out.println("program of seed " + seed);
                comparison
                        .makeUp(seed, STEPS)
                        .map(divergence -> "seed " + seed + "\n" + JavaCode.of(shortest(divergence, shell)))
                        .ifPresent(found::add);
            });
            comparison.outcomes().forEach((outcome, count) -> System.out.println(count + " " + outcome));
            System.out.println(comparison.outcomes().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum()
                    + " steps, " + found.size() + " divergences");
        }
        assertThat(found).as(String.join("\n", found)).isEmpty();
    }

    private static Divergence shortest(Divergence divergence, GuestShell shell) {
        return new Shrinker(new Comparison(FakeSide::new, () -> new LabSide(shell))).shrink(divergence);
    }
}
