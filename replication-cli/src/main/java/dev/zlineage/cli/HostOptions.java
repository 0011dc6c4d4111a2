// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.InvalidRequestException;
import java.util.List;
import picocli.CommandLine.Option;

/** How zfs is started on this host. */
final class HostOptions {

    @Option(
            names = "--zfs",
            paramLabel = "PATH",
            defaultValue = "zfs",
            description =
                    "The zfs program of this host; looked for on the PATH when it has no slash (default: ${DEFAULT-VALUE}).")
    private String program = "zfs";

    @Option(names = "--sudo", description = "Run zfs on this host by 'sudo -n', which never asks for a password.")
    private boolean sudo;

    List<String> zfs() {
        if (program.isBlank()) {
            throw new InvalidRequestException(
                    List.of(new InvalidRequestException.Problem("--zfs", "is empty: name the program, such as zfs")));
        }
        return sudo ? List.of("sudo", "-n", program) : List.of(program);
    }
}
