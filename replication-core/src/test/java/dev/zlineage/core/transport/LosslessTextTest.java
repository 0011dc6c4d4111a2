// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What programs print, without losing a byte. */
class LosslessTextTest {

    private static String text(String hex) {
        return LosslessText.of(HexFormat.of().parseHex(hex));
    }

    @Test
    void validTextIsWhatItIs() {
        for (String text : new String[] {"", "plain\n", "grün \u20ac \ud83d\ude00 \0"}) {
            assertThat(LosslessText.of(text.getBytes(UTF_8))).isEqualTo(text);
        }
    }

    @Test
    void otherBytesStandForThemselves() {
        assertThat(text("62ff63")).isEqualTo("b\udcffc");
        assertThat(text("e282")).as("cut off").isEqualTo("\udce2\udc82");
        assertThat(text("eda080")).as("half of a pair").isEqualTo("\udced\udca0\udc80");
        assertThat(text("c3bcfefe")).isEqualTo("ü\udcfe\udcfe");
    }

    @Test
    void differentBytesAreDifferentTexts() {
        Random random = new Random(11);
        Map<String, String> seen = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(4)];
            random.nextBytes(bytes);
            String hex = HexFormat.of().formatHex(bytes);
            assertThat(seen.putIfAbsent(LosslessText.of(bytes), hex))
                    .as("seed 11, %s", hex)
                    .isIn(null, hex);
        }
    }
}
