// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.run.Patience;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long a run puts up with trouble. */
final class PatienceOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    private Patience patience = Patience.DEFAULT;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            description = "Give a dataset up after so many attempts that brought nothing; 1 tries nothing again"
                    + " (default: 5). Whatever arrives starts the count anew.")
    void attempts(int number) {
        if (number < 1) {
            throw refused("--attempts", Integer.toString(number), "has to be at least 1");
        }
        patience = patience.withAttempts(number);
    }

    @Option(
            names = "--stall-timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Cut a stream of which no byte moved for so long, and carry it on (default: 15m).")
    void stall(Duration time) {
        if (time.isZero()) {
            throw refused("--stall-timeout", "0", "has to be more than nothing");
        }
        patience = patience.withStall(time);
    }

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "End the run after so long; what is under way then can be carried on (default: none).")
    void deadline(Duration time) {
        patience = patience.withDeadline(time);
    }

    private ParameterException refused(String option, String value, String why) {
        CommandSpec spec = command;
        if (spec == null) {
            throw new IllegalStateException("not mixed into a command");
        }
        return new ParameterException(spec.commandLine(), option + ": '" + value + "' " + why);
    }

    Patience patience() {
        return patience;
    }
}
