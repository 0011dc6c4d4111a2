// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command above all others: prints how to go on. */
@Command(
        name = "zlineage",
        header = "Replicates ZFS datasets, snapshot by snapshot.",
        customSynopsis = "zlineage [-hV] COMMAND [OPTIONS]",
        description = {
            "",
            "It looks at the snapshots of both sides, tells by their GUIDs what the target lacks, makes a plan of as few"
                    + " 'zfs send | zfs receive' as that takes, and carries it out.",
            "",
            "Nothing of yours is destroyed, rolled back or overwritten unless you ask for it, by --diverged or in a"
                    + " definition file. A target that has something of its own is refused and left as it is.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  zlineage demo",
            "      The whole of it in seconds, on pools held in memory.",
            "  zlineage plan --source tank/data --target backup/data -r",
            "      What would be done for tank/data and everything below, and why.",
            "  zlineage run --source tank/data --target backup/data -r --snapshot",
            "      Take a snapshot of the whole tree, send what is missing, verify it.",
            "  zlineage run definition.yaml --once",
            "      What the tasks of a definition file have to do in this minute."
        })
final class ZlineageCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
