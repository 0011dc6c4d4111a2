// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.ZfsFailure;

/** Both outputs of a program, and the code that it will exit with: the highest that was asked for. */
final class Printer {

    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();
    private int exitCode;

    /** A row of {@code -H} output. */
    void row(Iterable<String> columns) {
        line(String.join("\t", columns));
    }

    void line(String text) {
        out.append(text).append('\n');
    }

    /** A message that makes the program fail. */
    void complain(int code, String text) {
        exitCode = Math.max(exitCode, code);
        err.append(text).append('\n');
    }

    void complain(int code, ZfsFailure failure) {
        FaultWords.requirePrintable(failure);
        complain(code, failure.text());
    }

    CommandOutcome.Exited end() {
        return new CommandOutcome.Exited(exitCode, out.toString(), err.toString());
    }
}
