// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsFailure.Kind;

/** Makes failures of outcomes. */
final class Failures {

    private Failures() {}

    static ZfsFailure of(CommandLine line, CommandOutcome outcome) {
        String command = Argv.shown(line.argv());
        if (outcome instanceof CommandOutcome.NotRun notRun) {
            Kind kind = switch (notRun.reason()) {
                case UNREACHABLE -> Kind.HOST_UNREACHABLE;
                case REFUSED -> Kind.HOST_REFUSED;
                case TIMED_OUT -> Kind.TIMED_OUT;
                case CANCELLED -> Kind.CANCELLED;
                case TOO_MUCH_OUTPUT -> Kind.UNREADABLE;
            };
            return new ZfsFailure(kind, command, notRun.text());
        }
        CommandOutcome.Exited exited = (CommandOutcome.Exited) outcome;
        return of(line, exited.exitCode(), exited.stderr(), exited.stderr());
    }

    /** A failure whose kind is read from a part of what was printed. */
    static ZfsFailure of(CommandLine line, int exitCode, String decisive, String printed) {
        Kind kind = ErrorText.kind(decisive);
        if (kind == Kind.UNKNOWN && (exitCode == 126 || exitCode == 127)) {
            kind = Kind.HOST_UNREACHABLE;
        } else if (kind == Kind.UNKNOWN && exitCode == 2) {
            kind = Kind.INVALID;
        }
        String text = withoutUsage(printed);
        return new ZfsFailure(
                kind, Argv.shown(line.argv()), text.isBlank() ? "exit code " + exitCode + " without a message" : text);
    }

    static ZfsFailure unreadable(CommandLine line, String text) {
        return new ZfsFailure(Kind.UNREADABLE, Argv.shown(line.argv()), text);
    }

    /** Without the pages of help that {@code zfs} prints below a message. */
    static String withoutUsage(String printed) {
        if (printed.startsWith("usage:")) {
            return printed;
        }
        int usage = printed.indexOf("\nusage:");
        return usage < 0 ? printed : printed.substring(0, usage + 1);
    }
}
