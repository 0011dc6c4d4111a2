// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.util.List;
import picocli.CommandLine;

/** The entry point of <code>./zlineage</code>. */
public final class Main {

    private Main() {}

    /**
     * Runs the command line and exits.
     *
     * @param args the arguments
     */
    public static void main(String... args) {
        System.exit(execute(Environment.ofProcess(), args));
    }

    static int execute(Environment environment, String... args) {
        List<String> words = List.of(args);
        ErrorReport errors = new ErrorReport(environment, OutputForm.of(words), Words.verbose(words));
        CommandLine line = Commands.of(environment, words)
                .setExecutionStrategy(new Strategy(errors))
                .setParameterExceptionHandler((e, ignored) -> errors.usage(List.of(e)))
                .setExecutionExceptionHandler((e, command, parsed) -> errors.report(e, command.getCommandName()));
        int exit = line.execute(args);
        environment.out().flush();
        environment.err().flush();
        return exit;
    }
}
