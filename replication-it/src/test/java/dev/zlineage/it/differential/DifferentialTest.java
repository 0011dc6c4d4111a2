// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.ZfsVersion;
import dev.zlineage.it.differential.Comparison.Divergence;
import dev.zlineage.testkit.lab.GuestShell;
import dev.zlineage.testkit.lab.OpenZfsLab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Programs made up by chance, on real OpenZFS and on the fake in the profile of its version: what each step answers, and what
 * there is after some of them, has to be the same. Where it is not, a short program that shows it is printed as a case for the
 * contract suite, and it is the fake that has to be corrected. {@code -Ddifferential.seed=N} puts N in place of the random
 * seed, {@code -Ddifferential.minutes=N} gives the many new programs another time.
 */
@Tag("lab")
@DisplayName("the fake and real OpenZFS, by chance,")
class DifferentialTest {

    static final int STEPS = 30;

    /** As long as this may take of CI. */
    private static final Duration SHORT = Duration.ofMinutes(3);

    /** The last that CI compares, however fast it is: a program that nobody has run yet must not stop whoever comes by. */
    private static final long LAST = 6;

    private final GuestShell shell = OpenZfsLab.shared().shell();
    private final ZfsVersion version = new LabSide(shell).zfs().version();
    private final Comparison comparison = comparison();
    private final List<String> found = new ArrayList<>();

    private Comparison comparison() {
        return new Comparison(() -> new FakeSide(version), () -> new LabSide(shell));
    }

    @BeforeEach
    void tellVersion() {
        System.out.println("compared with OpenZFS " + version);
    }

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    @DisplayName("do the same in programs that are always the same")
    void same() {
        compare(1, LAST, SHORT);
    }

    @Test
    @Tag("long")
    @DisplayName("do the same in many new programs")
    void sameInMany() {
        compare(chance(), Long.MAX_VALUE, Duration.ofMinutes(Long.getLong("differential.minutes", 30)));
    }

    @Test
    @Tag("long")
    @DisplayName("do the same in a program for each outcome that the fake knows")
    void sameOutcomes() {
        for (List<Operation> program : Corpus.of(() -> new FakeSide(version), 400, 40)) {
            found("", () -> comparison.run(program, true));
        }
        report();
    }

    private static long chance() {
        return Long.getLong("differential.seed", new Random().nextInt(1_000_000_000));
    }

    /** Seeds that follow each other, until the time is up. */
    private void compare(long firstSeed, long lastSeed, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long seed = firstSeed;
        for (; seed <= lastSeed && System.nanoTime() < end; seed++) {
            long now = seed;
            found("seed " + now + "\n", () -> comparison.makeUp(now, STEPS));
        }
        System.out.println("programs of the seeds " + firstSeed + " to " + (seed - 1));
        report();
    }

    private void found(String name, Supplier<Optional<Divergence>> program) {
        program.get().map(new Shrinker(comparison())::shrink).ifPresent(divergence -> {
            String text = name + JavaCode.of(divergence);
            System.out.println(text);
            found.add(text);
        });
    }

    private void report() {
        comparison.outcomes().forEach((outcome, count) -> System.out.println(count + " " + outcome));
        int steps = comparison.outcomes().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        System.out.println(steps + " steps, " + found.size() + " divergences");
        assertThat(found).as(String.join("\n", found)).isEmpty();
    }
}
