// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import picocli.CommandLine.Option;

/** What is printed, and how. */
final class OutputOptions {

    @Option(names = "--json", description = "Print exactly one JSON document on standard output, errors included.")
    private boolean json;

    // Read by Main from the arguments, since it counts for errors in the arguments too.
    @Option(
            names = {"-v", "--verbose"},
            description = "Print the command and the stack trace with an error.")
    @SuppressWarnings("UnusedVariable")
    private boolean verbose;

    boolean json() {
        return json;
    }

    OutputForm form() {
        return json ? OutputForm.DOCUMENT : OutputForm.TEXT;
    }
}
