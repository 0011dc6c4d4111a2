// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"tank", "tank/a b", "t/_-.:9", "Tank/x/y"})
    void namesThatOpenZfsTakes(String name) {
        assertThat(DatasetName.of(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "tank/",
                "/tank",
                "tank//a",
                "tank/..",
                "tank/.",
                "-r",
                "1tank",
                "tank/%recv",
                "tank/a@b",
                "tank/a#b",
                "tank/ä",
                "tank/a\nb",
                "tank/a\tb",
                "tank/$(x)",
                "tank/a'b"
            })
    void namesThatOpenZfsRefuses(String name) {
        assertThatExceptionOfType(InvalidNameException.class).isThrownBy(() -> DatasetName.of(name));
    }

    @Test
    void theLongestNameCountsSnapshotsToo() {
        DatasetName longest = DatasetName.of("t/" + "x".repeat(253));

        assertThat(longest.bytes()).isEqualTo(DatasetName.MAX_BYTES);
        assertThatExceptionOfType(InvalidNameException.class).isThrownBy(() -> longest.snapshot("a"));
        assertThatExceptionOfType(InvalidNameException.class).isThrownBy(() -> DatasetName.of(longest + "x"));
    }

    @Test
    void aTargetThatWouldPanicTheModuleIsRefused() {
        DatasetName deep = DatasetName.of("t/" + "x".repeat(248));

        assertThatExceptionOfType(InvalidNameException.class)
                .isThrownBy(() -> ReceiveStream.into(deep))
                .withMessageContaining("249");
    }

    @Test
    void familyRelations() {
        DatasetName name = DatasetName.of("tank/a/b");

        assertThat(name.ancestors()).isEqualTo(List.of(DatasetName.of("tank"), DatasetName.of("tank/a")));
        assertThat(name.parent()).contains(DatasetName.of("tank/a"));
        assertThat(DatasetName.of("tank/a").contains(name)).isTrue();
        assertThat(DatasetName.of("tank/a").contains(DatasetName.of("tank/ab"))).isFalse();
        assertThat(name.rebase(DatasetName.of("tank"), DatasetName.of("backup/x")))
                .hasToString("backup/x/a/b");
        assertThat(DatasetName.of("tank/a/z")).isLessThan(DatasetName.of("tank/a-b"));
    }

    @Test
    void aSecretIsNeverPrinted() {
        assertThat(new ZfsCommand.LoadKey(DatasetName.of("tank"), new Secret("hunter22".getBytes())).toString())
                .doesNotContain("hunter22");
    }
}
