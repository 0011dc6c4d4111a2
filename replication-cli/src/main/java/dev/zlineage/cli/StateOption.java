// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a daemon keeps what has to outlive it, and where it listens. */
final class StateOption {

    @Option(
            names = "--state",
            paramLabel = "DIRECTORY",
            defaultValue = "/var/lib/zlineage",
            description = "Where the daemon keeps its jobs and listens for commands (default: ${DEFAULT-VALUE}).")
    private Path state = Path.of("/var/lib/zlineage");

    Path directory() {
        return state;
    }

    Path socket() {
        return state.resolve("control");
    }

    Path memory() {
        return state.resolve("memory");
    }

    Path store() {
        return state.resolve("tasks");
    }
}
