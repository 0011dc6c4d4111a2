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
