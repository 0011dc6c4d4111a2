// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.ZfsVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked of a host once: {@code zfs version}, whose first line is the program's and whose second is the module's, and
 * in the same round trip who the user is, where that matters.
 */
final class ProbeCall implements Call<ProbeCall.Found> {

    /** What a host said of itself. */
    record Found(ZfsVersion version, Caller caller) {}

    private final List<String> program;
    private final CommandLine line;
    private final CommandLine id = new CommandLine(List.of("id"));

    ProbeCall(List<String> program) {
        this.program = program;
        line = Argv.of(program, "version").line();
    }

    @Override
    public List<CommandLine> lines() {
        List<CommandLine> lines = new ArrayList<>(List.of(line));
        if (Caller.mayBeAsked(program)) {
            lines.add(id);
        }
        return lines;
    }

    @Override
    public Answer<Found> read(List<CommandOutcome> outcomes) {
        CommandOutcome outcome = outcomes.get(0);
        if (!(outcome instanceof CommandOutcome.Exited exited) || exited.exitCode() != 0) {
            return new Answer.Failed<>(Failures.of(line, outcome));
        }
        int end = exited.stdout().indexOf('\n');
        try {
            ZfsVersion version =
                    ZfsVersion.parse(end < 0 ? exited.stdout() : exited.stdout().substring(0, end));
            return new Answer.Done<>(
                    new Found(version, outcomes.size() > 1 ? Caller.read(outcomes.get(1)) : Caller.unasked(program)));
        } catch (IllegalArgumentException e) {
            return new Answer.Failed<>(Failures.unreadable(line, String.valueOf(e.getMessage())));
        }
    }
}
