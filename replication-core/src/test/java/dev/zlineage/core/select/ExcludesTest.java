// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExcludesTest {

    @ParameterizedTest
    @CsvSource({
        "tank/data/a, tank/data/a, true",
        "tank/data/a, tank/data/a/deep/below, true",
        "tank/data/a, tank/data/ab, false",
        "tank/data/*, tank/data/a, true",
        "tank/data/*, tank/data, false",
        "tank/data/*/cache, tank/data/a/cache, true",
        "tank/data/*/cache, tank/data/a/b/cache/below, true",
        "tank/data/*/cache, tank/data/cache, false",
        "tank/data/tmp?, tank/data/tmp1, true",
        "tank/data/tmp?, tank/data/tmp, false",
        "tank/data/[ab]x, tank/data/bx, true",
        "tank/data/[!ab]x, tank/data/bx, false",
        "tank/data/[!ab]x, tank/data/cx, true",
        "tank/data/[a-c]x, tank/data/bx, true",
        "tank/data/A, tank/data/a, false",
        "tank/data/a.b*, tank/data/axb, false",
        "tank/data/*.b, tank/data/axb, false"
    })
    void leavesOutSubtreesAndGlobs(String pattern, String dataset, boolean left) {
        assertThat(new Excludes(List.of(pattern)).leaveOut(DatasetName.of(dataset)))
                .isEqualTo(left);
    }

    /** The pattern that begins nearest to a dataset decides, and of two that begin at the same the one that takes in. */
    @ParameterizedTest
    @CsvSource({
        "tank/a,                  tank/a/b,     tank/a,          true",
        "tank/a,                  tank/a/b,     tank/a/c,        true",
        "tank/a,                  tank/a/b,     tank/a/b,        false",
        "tank/a,                  tank/a/b,     tank/a/b/c/d,    false",
        "tank/a,                  tank/a/b,     tank/a/bc,       true",
        "tank/a tank/a/b/c,       tank/a/b,     tank/a/b,        false",
        "tank/a tank/a/b/c,       tank/a/b,     tank/a/b/c/d,    true",
        "tank/a tank/a/b/c,       tank/a/b tank/a/b/c/d, tank/a/b/c/d/e, false",
        "tank/a,                  tank/a,       tank/a/b,        false",
        "tank/*,                  tank/a,       tank/a,          false",
        "tank/*,                  tank/a,       tank/a/b/c,      false",
        "tank/*,                  tank/a,       tank/b,          true",
        "tank/*,                  tank/a/b,     tank/a,          true",
        "tank/*,                  tank/a/b,     tank/a/b/c,      false",
        "tank/* tank/a/b/tmp,     tank/a,       tank/a/b/tmp/x,  true",
        "tank/*/tmp,              tank/a/tmp/k, tank/a/tmp/k/l,  false",
        "tank/*/tmp,              tank/a/tmp/k, tank/b/tmp/k,    true",
        "tank/a,                  tank/a/*/keep, tank/a/x/keep,  false",
        "tank/a,                  tank/a/*/keep, tank/a/x/keep/y, false",
        "tank/a,                  tank/a/*/keep, tank/a/x,       true",
        "tank/a tank/a/x/keep/y,  tank/a/*/keep, tank/a/x/keep/y, true",
        "tank/a,                  tank/a/b,     tank/c,          false"
    })
    void takesInAgainWhatBeginsNearer(String out, String again, String dataset, boolean left) {
        Excludes excludes = new Excludes(List.of(out.split(" ")), List.of(again.split(" ")));

        assertThat(excludes.leaveOut(DatasetName.of(dataset))).isEqualTo(left);
        assertThat(excludes).isNotEqualTo(new Excludes(List.of(out.split(" "))));
        assertThat(excludes.toString()).isNotEqualTo(new Excludes(List.of(out.split(" "))).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "tank/a,        tank/a/b,     true",
        "tank/a,        tank/a,       true",
        "tank/a,        tank/b,       false",
        "tank/a/b,      tank/a,       false",
        "tank/*/tmp,    tank/a/tmp/x, true",
        "tank/*/tmp,    tank/a/b,     false",
        "tank/*/tmp,    tank/a/*,     true",
        "tank/a,        tank/a/*,     true",
        "tank/a/b,      tank/a/*/c,   true",
        "tank/a,        tank/b/*,     false",
        "tank/a,        tank/ab*,     false",
        "tank/a,        tank/.system/cores, true",
        "tank/a,        tank/.sys*/cores,   true"
    })
    void tellsWhatTakesNothingIn(String out, String again, boolean can) {
        Excludes excludes = new Excludes(List.of(out), List.of(again)).andSystemDatasets(DatasetName.of("tank"));

        assertThat(excludes.canTakeIn(again)).isEqualTo(can);
        assertThat(new Excludes(List.of(), List.of(again)).canTakeIn(again)).isFalse();
    }

    /** A glob may begin further above, as long as it is not about the dataset itself. */
    @ParameterizedTest
    @CsvSource({
        "tank/a/b,      tank/a,   true",
        "tank/a/*,      tank/a,   true",
        "tank/a,        tank/a,   false",
        "tank/ab,       tank/a,   false",
        "tank/*/tmp,    tank/a,   true",
        "tank/?/tmp,    tank/a/b, true",
        "*/tmp,         tank/a,   true",
        "tank/*,        tank/a,   false",
        "tank/a*,       tank/a,   false",
        "tank/*/b,      tank/a/b, false",
        "tank/*/b,      tank/a/b/c, false",
        "tank/b/*,      tank/a,   false",
        "*,             tank,     false"
    })
    void tellsWhatIsAboutSomethingBelow(String pattern, String dataset, boolean below) {
        assertThat(Excludes.isBelow(pattern, DatasetName.of(dataset))).isEqualTo(below);
    }

    @Test
    void someOfWhatIsTheSystemsOwnCanBeTakenIn() {
        Excludes pool =
                new Excludes(List.of(), List.of("tank/.system/cores")).andSystemDatasets(DatasetName.of("tank"));

        assertThat(pool.leaveOut(DatasetName.of("tank/.system"))).isTrue();
        assertThat(pool.leaveOut(DatasetName.of("tank/.system/samba"))).isTrue();
        assertThat(pool.leaveOut(DatasetName.of("tank/.system/cores/a"))).isFalse();
    }

    @Test
    void theSystemsOwnIsBelowTheRootOfAPoolOnly() {
        Excludes pool = new Excludes(List.of("tank/x")).andSystemDatasets(DatasetName.of("tank"));

        assertThat(pool.leaveOut(DatasetName.of("tank/.system/cores"))).isTrue();
        assertThat(pool.leaveOut(DatasetName.of("tank/x"))).isTrue();
        assertThat(pool.leaveOut(DatasetName.of("tank/.systems"))).isFalse();
        assertThat(pool.leaveOut(DatasetName.of("tank/data/.system"))).isFalse();
        assertThat(pool.why(DatasetName.of("tank/.system"))).isNotEqualTo(pool.why(DatasetName.of("tank/x")));
        Excludes below = new Excludes(List.of()).andSystemDatasets(DatasetName.of("tank/data"));
        assertThat(below).isEqualTo(new Excludes(List.of()));
        assertThat(below.leaveOut(DatasetName.of("tank/data/.system"))).isFalse();
    }
}
