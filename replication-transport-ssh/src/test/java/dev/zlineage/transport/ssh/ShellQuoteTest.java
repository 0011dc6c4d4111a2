// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShellQuoteTest {

    private static final LoginShell SH = LoginShell.of("sh");

    @Test
    void whatEveryShellTakesAsItIsStaysReadable() {
        assertThat(ShellQuote.words(List.of("zfs", "send", "-w", "-i", "tank/a#b", "tank/a b@auto-2026-01-01_00-00")))
                .isEqualTo("zfs send -w -i tank/a%043b tank/a%040b@auto-2026-01-01_00-00");
        assertThat(ShellQuote.words(List.of("zfs", "", "=ls", "a=b", "é%\n")))
                .isEqualTo("zfs % %075ls a=b %303%251%045%012");
    }

    @Test
    void refusesWhatNoProgramCanBeGiven() {
        for (List<String> argv : List.of(
                List.<String>of(), List.of(""), List.of("-x"), List.of("zfs", "a\0b"), List.of("zfs", "\ud800"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> ShellQuote.words(argv));
        }
    }

    @Test
    void everyHostileArgumentReachesTheProgram() throws IOException {
        HostileArguments.assertReach(SH, HostileArguments.each(), "each alone");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            HostileArguments.assertReach(SH, HostileArguments.some(random), "seed " + seed + ", round " + round);
        }
    }
}
