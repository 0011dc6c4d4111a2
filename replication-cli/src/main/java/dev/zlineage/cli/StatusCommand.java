// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks a daemon where its tasks stand. */
@Command(
        name = "status",
        header = "Tells where each task of a daemon stands: what runs, what waits and why, what failed.",
        customSynopsis = "zlineage status [--watch] [--json] [--state DIRECTORY]",
        footerHeading = "%nExamples:%n",
        footer = {"  zlineage status", "  zlineage status --watch", "  zlineage status --json"})
final class StatusCommand implements Callable<Integer> {

    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final String CLEARED = "\u001b[H\u001b[2J";

    private final Environment environment;

    @Option(
            names = {"-w", "--watch"},
            description = "Tell it again every two seconds, until Ctrl-C.")
    private boolean watch;

    @Mixin
    private AskOptions daemon = new AskOptions();

    StatusCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        int code = daemon.ask(environment, "status");
        while (watch && code == ExitCode.OK) {
            Thread.sleep(AGAIN.toMillis());
            if (environment.terminal()) {
                environment.out().print(CLEARED);
            }
            code = daemon.ask(environment, "status");
        }
        return code;
    }
}
