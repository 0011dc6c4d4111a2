// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.Optional;

/** Why an end of a transfer failed, from its exit. */
final class StreamVerdict {

    /** What {@code ssh} ends with when the connection failed. A {@code zfs} that ends so has a message, which is read first. */
    private static final int CONNECTION_FAILED = 255;

    private StreamVerdict() {}

    static Optional<ZfsFailure> of(String command, StreamExit exit) {
        if (exit.code() == 0) {
            return Optional.empty();
        }
        Kind kind = kind(exit);
        String text = Failures.withoutUsage(exit.output());
        if (text.isBlank()) {
            text = exit.code() == StreamExit.LOST
                    ? "its end is not known"
                    : "exit code " + exit.code() + " without a message" + meaning(exit.code());
        }
        return Optional.of(new ZfsFailure(kind, command, text));
    }

    private static Kind kind(StreamExit exit) {
        Kind printed = ErrorText.kind(exit.output());
        if (printed != Kind.UNKNOWN) {
            return printed;
        }
        if (exit.code() == StreamExit.LOST || exit.code() == CONNECTION_FAILED) {
            return Kind.HOST_UNREACHABLE;
        }
        if (exit.code() == 127 || exit.code() == 126) {
            return Kind.HOST_UNREACHABLE;
        }
        // ended by a signal, 141 for a writer whose reader left: a consequence of what happened elsewhere
        return exit.code() > 128 && exit.code() < 160 ? Kind.STREAM_CUT : Kind.UNKNOWN;
    }

    private static String meaning(int code) {
        return switch (code) {
            case 141 -> ": the other end left";
            case 137, 143 -> ": it was ended from outside";
            case CONNECTION_FAILED -> ": the connection was lost";
            default -> "";
        };
    }
}
