// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1536, 1.5 KiB",
        "10188, 9.9 KiB",
        "10240, 10 KiB",
        "1048576, 1.0 MiB",
        "29000000000, 27 GiB",
        "9223372036854775807, 8.0 EiB",
    })
    void areTold(long bytes, String words) {
        assertThat(Bytes.words(bytes)).isEqualTo(words);
    }
}
