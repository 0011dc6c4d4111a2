// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Runs the command if its arguments are right, and names everything that is wrong with them at once if not. */
final class Strategy implements IExecutionStrategy {

    private static final Set<String> DATASETS = Set.of("--source", "--target");

    private final ErrorReport errors;

    Strategy(ErrorReport errors) {
        this.errors = errors;
    }

    @Override
    public int execute(ParseResult parsed) {
        List<Exception> wrong = new ArrayList<>();
        ParseResult last = parsed;
        for (ParseResult at = parsed; at != null; at = at.subcommand()) {
            if (at.isUsageHelpRequested() || at.isVersionHelpRequested()) {
                return new CommandLine.RunLast().execute(parsed);
            }
            wrong.addAll(at.errors());
            last = at;
        }
        Object command = last.commandSpec().userObject();
        boolean byFile = command instanceof Requesting requesting && requesting.byFile();
        if (byFile) {
            wrong.removeIf(Strategy::isAboutDatasets);
        }
        if (wrong.isEmpty()) {
            return new CommandLine.RunLast().execute(parsed);
        }
        List<Problem> more = List.of();
        if (command instanceof Requesting requesting && !byFile) {
            try {
                requesting.request();
            } catch (InvalidRequestException e) {
                more = e.problems();
            }
        }
        return errors.usage(wrong, more);
    }

    private static boolean isAboutDatasets(Exception error) {
        return error instanceof MissingParameterException missing
                && missing.getMissing().stream()
                        .allMatch(arg -> arg instanceof OptionSpec option && DATASETS.contains(option.longestName()));
    }
}
