// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a daemon what became of its jobs. */
@Command(
        name = "history",
        header = "Tells what became of the jobs of a daemon, the latest first.",
        customSynopsis = "zlineage history [TASK] [--last NUMBER] [--json] [--state DIRECTORY]",
        footerHeading = "%nExamples:%n",
        footer = {"  zlineage history", "  zlineage history nightly --last 5"})
final class HistoryCommand implements Callable<Integer> {

    private final Environment environment;

    @Parameters(index = "0", arity = "0..1", paramLabel = "TASK", description = "Of this task alone.")
    private @Nullable String task;

    @Option(
            names = "--last",
            paramLabel = "NUMBER",
            defaultValue = "20",
            description = "How many (default: ${DEFAULT-VALUE}).")
    private int last = 20;

    @Mixin
    private AskOptions daemon = new AskOptions();

    HistoryCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        return daemon.ask(environment, "history", task == null ? "" : task, String.valueOf(Math.max(0, last)));
    }
}
