// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows the engine at work on pools held in memory. */
@Command(
        name = "demo",
        header = "Shows replication at work, on pools held in memory.",
        customSynopsis = "zlineage demo",
        description = {
            "",
            "Needs no ZFS and no root, and touches nothing. The engine is the real one; only the two pools are not."
                    + " It ends by comparing both sides, and exits with 1 if they were not the same.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  zlineage demo")
final class DemoCommand implements Callable<Integer> {

    private final Environment environment;

    DemoCommand(Environment environment) {
        this.environment = environment;
    }

    /** The other commands never load what this one needs. */
    @Override
    public Integer call() throws InterruptedException {
        boolean good = new Demo(environment.out(), environment.colour()).run();
        environment.out().flush();
        return good ? ExitCode.OK : ExitCode.FAILED;
    }
}
