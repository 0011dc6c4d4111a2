// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import java.util.List;

/**
 * An increment is received into a hidden child named {@code %recv}, which came into being with it; a new dataset is received
 * into itself (both seen on OpenZFS 2.3.2).
 */
record PartialSinceCall(CommandLine hidden, CommandLine itself) implements Call<Long> {

    @Override
    public List<CommandLine> lines() {
        return List.of(hidden, itself);
    }

    @Override
    public Answer<Long> read(List<CommandOutcome> outcomes) {
        for (CommandOutcome outcome : outcomes) {
            if (outcome instanceof CommandOutcome.Exited exited
                    && exited.exitCode() == 0
                    && exited.stdout().strip().matches("\\d{1,18}")) {
                return new Answer.Done<>(Long.parseLong(exited.stdout().strip()));
            }
        }
        return new Answer.Failed<>(Failures.of(itself, outcomes.get(1)));
    }
}
