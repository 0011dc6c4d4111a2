// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.ZfsVersion;
import java.util.List;

/** {@code zfs version}: the first line is the program's, the second the module's. */
final class VersionCall implements Call<ZfsVersion> {

    private final CommandLine line;

    VersionCall(List<String> program) {
        line = Argv.of(program, "version").line();
    }

    @Override
    public List<CommandLine> lines() {
        return List.of(line);
    }

    @Override
    public Answer<ZfsVersion> read(List<CommandOutcome> outcomes) {
        CommandOutcome outcome = outcomes.get(0);
        if (!(outcome instanceof CommandOutcome.Exited exited) || exited.exitCode() != 0) {
            return new Answer.Failed<>(Failures.of(line, outcome));
        }
        int end = exited.stdout().indexOf('\n');
        try {
            return new Answer.Done<>(
                    ZfsVersion.parse(end < 0 ? exited.stdout() : exited.stdout().substring(0, end)));
        } catch (IllegalArgumentException e) {
            return new Answer.Failed<>(Failures.unreadable(line, String.valueOf(e.getMessage())));
        }
    }
}
