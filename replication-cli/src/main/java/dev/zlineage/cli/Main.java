// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The entry point of <code>./zlineage</code>. */
@Command(
        name = "zlineage",
        mixinStandardHelpOptions = true,
        version = "zlineage 0.1.0-SNAPSHOT",
        description = "Replicates ZFS snapshots.")
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs the command line and exits.
     *
     * @param args the arguments
     */
    public static void main(String... args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
