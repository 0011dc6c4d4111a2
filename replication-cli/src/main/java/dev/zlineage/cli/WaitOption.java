// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a run waits for another one that writes into its target. */
final class WaitOption {

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = Durations.class,
            description =
                    "Wait so long for another run of this host that writes into the same target (default: not at all).")
    private Duration wait = Duration.ZERO;

    Duration time() {
        return wait;
    }
}
