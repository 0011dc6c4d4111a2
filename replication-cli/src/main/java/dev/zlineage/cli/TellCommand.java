// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tells a daemon to do something with one task. */
abstract class TellCommand implements Callable<Integer> {

    private final Environment environment;
    private final String what;

    @Parameters(index = "0", paramLabel = "TASK", description = "The id of a task in the definition file.")
    private @Nullable String task;

    @Mixin
    private AskOptions daemon = new AskOptions();

    TellCommand(Environment environment, String what) {
        this.environment = environment;
        this.what = what;
    }

    @Override
    public Integer call() {
        return daemon.ask(environment, what, task == null ? "" : task);
    }

    /** Runs a task now. */
    @Command(
            name = "run-now",
            header = "Asks a daemon to run a task now, whatever its schedule says.",
            customSynopsis = "zlineage run-now TASK [--json] [--state DIRECTORY]",
            description = {
                "",
                "It does not wait for the end. The task begins as soon as what overlaps with it lets it; a job of it that waits"
                        + " already is as good.",
                ""
            })
    static final class RunNow extends TellCommand {
        RunNow(Environment environment) {
            super(environment, "run-now");
        }
    }

    /** Ends a task. */
    @Command(
            name = "cancel",
            header =
                    "Ends what runs of a task of a daemon, and forgets what waits. The next run carries on what was cut.",
            customSynopsis = "zlineage cancel TASK [--json] [--state DIRECTORY]")
    static final class Cancel extends TellCommand {
        Cancel(Environment environment) {
            super(environment, "cancel");
        }
    }

    /** Pauses a task. */
    @Command(
            name = "pause",
            header = "Lets a task of a daemon begin nothing until 'resume', also after a restart.",
            customSynopsis = "zlineage pause TASK [--json] [--state DIRECTORY]",
            description = {
                "",
                "What runs of it is ended, waits, and is carried on afterwards. Snapshots that are due meanwhile are not taken.",
                ""
            })
    static final class Pause extends TellCommand {
        Pause(Environment environment) {
            super(environment, "pause");
        }
    }

    /** Ends a pause. */
    @Command(
            name = "resume",
            header = "Lets a task of a daemon go on after 'pause'.",
            customSynopsis = "zlineage resume TASK [--json] [--state DIRECTORY]")
    static final class Resume extends TellCommand {
        Resume(Environment environment) {
            super(environment, "resume");
        }
    }
}
