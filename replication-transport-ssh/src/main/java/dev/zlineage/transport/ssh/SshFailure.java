// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why there is no connection to a host, in words for a person. */
final class SshFailure extends IOException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    SshFailure(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    SshFailure(Reason reason, String message) {
        this(reason, message, null);
    }

    /** As the outcome of a command that was never sent. */
    NotRun asOutcome() {
        return new NotRun(reason, String.valueOf(getMessage()));
    }

    /** What an exception says, or at least which it is. */
    static String text(Throwable thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return message == null || message.isBlank() ? deepest.getClass().getSimpleName() : message;
    }
}
