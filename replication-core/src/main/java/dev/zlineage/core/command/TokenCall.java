// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.TokenContents;
import java.util.List;
import java.util.Optional;

/** Asks what a token says. The dry run prints that, and only then fails where the stream could not be carried on here. */
record TokenCall(CommandLine line) implements Call<TokenContents> {

    @Override
    public List<CommandLine> lines() {
        return List.of(line);
    }

    @Override
    public Answer<TokenContents> read(List<CommandOutcome> outcomes) {
        CommandOutcome outcome = outcomes.get(0);
        if (outcome instanceof CommandOutcome.Exited exited) {
            try {
                Optional<TokenContents> contents = TokenReader.read(exited.stdout());
                if (contents.isEmpty()) {
                    contents = TokenReader.read(exited.stderr());
                }
                if (contents.isPresent()) {
                    return new Answer.Done<>(contents.get());
                }
                if (exited.exitCode() == 0) {
                    return new Answer.Failed<>(Failures.unreadable(line, "the dry run told nothing of the token"));
                }
            } catch (UnreadableException e) {
                return new Answer.Failed<>(Failures.unreadable(line, String.valueOf(e.getMessage())));
            }
        }
        return new Answer.Failed<>(Failures.of(line, outcome));
    }
}
